/* Which state of a record somebody has seen, and changes that are to be made of that state only:
 * what HTTP calls conditional requests (RFC 9110 13). No I/O; any thread. */
#ifndef MUSTER_DOMAIN_REVISION_H
#define MUSTER_DOMAIN_REVISION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/instant.h"

/* The instant stands beside the number, so that a database that was restored from a backup does not
 * come by the same revision with other content. */
struct revision {
    int64_t number; /* grows with every change of what a client sees */
    instant last_modified;
};

/* Some revisions of one record. */
struct revision_set {
    bool is_given; /* otherwise there is no condition */
    bool is_any;   /* every one that there may be */
    const struct revision *items;
    size_t count;
};

struct precondition {
    struct revision_set one_of;  /* If-Match */
    struct revision_set none_of; /* If-None-Match */
};

/* Whether a record of that revision may be changed. precondition may be NULL: there is none. */
bool precondition_holds(const struct precondition *precondition, const struct revision *current);

#endif
