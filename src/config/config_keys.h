/* The table of the server's keys, and how a text becomes a value of each. Shared by the files of
 * this folder only. */
#ifndef MUSTER_CONFIG_CONFIG_KEYS_H
#define MUSTER_CONFIG_CONFIG_KEYS_H

#include "config/config.h"

struct config_key;
typedef bool config_take(struct config *config, const struct config_key *key, const char *text);

struct config_key {
    const char *section;      /* of the file */
    const char *name;         /* in the file, and as a flag behind "--" */
    const char *default_text; /* NULL: none, or computed */
    size_t offset;            /* of the member in struct config */
    long at_least;            /* of numbers */
    long at_most;
    config_take *take;       /* false: not a value of this key */
    const char *expectation; /* what a value looks like, for messages */
    const char *help;
};

extern const struct config_key config_keys[];
extern const size_t config_key_count;

/* The key of that name, in any section where section is NULL; NULL when there is none. */
const struct config_key *config_key_find(const char *section, const char *name);

/* Whether the key is a switch: its flag may stand without a value. */
bool config_key_is_switch(const struct config_key *key);

/* Whether a value may hold a password, as a database's address does: no message repeats it. */
bool config_key_hides_value(const struct config_key *key);

/* Whether the same source may give the key several times, each adding to the value. */
bool config_key_is_list(const struct config_key *key);

/* Empties the list, for a source that wins over the one that filled it. */
void config_key_empty(struct config *config, const struct config_key *key);

/* "MUSTER_LOG_LEVEL" for "log-level"; text has room for size bytes. */
void config_key_variable(const struct config_key *key, char *text, size_t size);

#endif
