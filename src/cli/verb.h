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
    bool qr;
    const char *limit;
    const char *expiring_within;
    bool beta;
    bool unlicensed;
};

struct verb_call {
    struct client client;
    struct verb_flags flags;
    enum output_format format;
    const char *argument; /* the id, where the verb takes one */
    const char *root;     /* "/v1.0", or "/beta" with --beta */
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
    VERB_TARGET_GRAPH, /* a server by URL and bearer token */
    VERB_TARGET_ADMIN, /* the administration socket in --data-dir */
};

/* Picks the verb, reads its flags, opens a client and runs it. */
int verb_run(const char *command, enum verb_target target, const struct verb *verbs, size_t count,
             const char *example, int argument_count, char **arguments);

/* "PATH/ID" below the version's root, with the id percent-encoded. */
const char *verb_entity_path(struct verb_call *call, const char *set_path);

/* GETs all pages of a collection into one array, which the caller ends with json_decref. */
int verb_fetch_all(struct verb_call *call, const char *path, json_t **list);

/* The same, but no more than the first limit elements. */
int verb_fetch(struct verb_call *call, const char *path, size_t limit, json_t **list);

#endif
