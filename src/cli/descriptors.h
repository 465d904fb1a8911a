/* How the open files that the process may have are shared out: whatever comes to the public
 * listener, its operators must get in, and the database must be reached. */
#ifndef MUSTER_CLI_DESCRIPTORS_H
#define MUSTER_CLI_DESCRIPTORS_H

#include <stddef.h>

#include "base/error.h"

/* Whatever comes to the public listener, its operators must get in; far more than they need, on
 * each of their two listeners. */
#define DESCRIPTORS_OPERATORS_AT_MOST 64

struct descriptors {
    size_t available;  /* files that may be open */
    size_t loops;      /* event loops, each of which has some for itself */
    size_t configured; /* connections of the public listener, at most */
};

/* How many must be available for as many connections as are configured. */
size_t descriptors_needed(const struct descriptors *descriptors);

/* Sets how many connections the public listener may have: as many as are configured, or as leave
 * enough for the rest. ERROR_INVALID, which names the least that is needed, where that is fewer
 * than anybody may configure: some would find no file to open, and nobody could say which. */
struct error descriptors_bound_connections(const struct descriptors *descriptors,
                                           size_t *connections) MUST_CHECK;

#endif
