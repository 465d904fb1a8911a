/* Commands that have verbs ("muster profile create"): flags, help and errors in one place. */
#ifndef MUSTER_CLI_VERB_H
#define MUSTER_CLI_VERB_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/client.h"
#include "cli/output.h"

/* All flags that any verb takes; those that were not given are NULL or false. */
struct verb_flags {
    const char *url;
    const char *token_file;
    const char *ca_file;
    const char *output;
    const char *data_directory;
    const char *name;
    const char *description;
    const char *validity;
    const char *field;
    const char *png;
    const char *svg;
    const char *format;
    const char *html;
    const char *copies;
    bool qr;
    const char *limit;
    const char *expiring_within;
    const char *set;
    const char *mode;
    const char *token_type;
    const char *name_template;
    bool beta;
    bool unlicensed;
};

struct verb_call {
    struct client client;
    struct verb_flags flags;
    enum output_format format;
    const char *argument; /* the id, where the verb takes one */
    const char *root;     /* "/v1.0", "/beta", or "" for the administration */
};

struct verb {
    const char *name;
    const char *argument; /* what stands behind the verb, for help; NULL: nothing */
    const char *flags;    /* names of the flags that it takes besides the common ones */
    const char *summary;
    int (*run)(struct verb_call *call);
};

/* Where a command's verbs go to. */
enum verb_target {
    VERB_TARGET_GRAPH, /* a server by URL and bearer token; /beta with --beta */
    VERB_TARGET_BETA,  /* the same, always under /beta */
    VERB_TARGET_ADMIN, /* the administration socket in --data-dir */
};

/* Picks the verb, reads its flags, opens a client and runs it. */
int verb_run(const char *command, enum verb_target target, const struct verb *verbs, size_t count,
             const char *example, int argument_count, char **arguments);

/* Says what is wrong with how the command was called. Returns COMMAND_MISUSED. */
int verb_misused(const char *command, const char *message);

/* "PATH/ID" below the version's root, with the id percent-encoded. */
const char *verb_entity_path(struct verb_call *call, const char *set_path);

/* POSTs to an action of the entity, whose answer has no body that counts. body may be NULL. */
int verb_post_action(struct verb_call *call, const char *set_path, const char *action,
                     const json_t *body);

/* --limit, or 100 without it. False, and said on standard error, when it is not from 1 to a
 * million. */
bool verb_read_limit(const struct verb_call *call, const char *command, size_t *limit) MUST_CHECK;

/* The address of a collection's first page, of limit elements or as many as Graph gives at once. */
const char *verb_list_path(struct verb_call *call, const char *set_path, size_t limit);

/* GETs pages, from path on, into one array until it has limit elements, which the caller ends with
 * json_decref, also after an error. */
int verb_fetch(struct verb_call *call, const char *path, size_t limit, json_t **list);

/* GETs all pages, from path on, and prints them. */
int verb_print_all(struct verb_call *call, const char *path, const struct output_column *columns,
                   size_t column_count);

/* Prints an object as -o and --field say; value_property is what -o value prints without --field.
 * COMMAND_FAILED when the object has no such property. */
int verb_print_object(const struct verb_call *call, const json_t *object,
                      const struct output_column *columns, size_t column_count,
                      const char *value_property);

#endif
