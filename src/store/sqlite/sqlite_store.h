/* The embedded store: one SQLite file, one writer thread with group commit, one reader a loop.
 *
 * The writer takes all commands that queued up during the last commit, runs them as one
 * transaction, commits once (WAL, synchronous=FULL) and only then hands them back: what was
 * acknowledged is on the disk. Reads run at once on the calling loop's own connection. */
#ifndef MUSTER_STORE_SQLITE_SQLITE_STORE_H
#define MUSTER_STORE_SQLITE_SQLITE_STORE_H

#include <stddef.h>

#include "base/error.h"
#include "base/instant.h"
#include "base/log.h"
#include "service/store_port.h"

struct sqlite_store_options {
    const char *path; /* of the file; made with mode 0600 when there is none */
    size_t loops;     /* reader connections */
    struct store_completions *completions;
    struct log *log;
    int audit_retention_days; /* how long audit events are kept; 0: for ever */
    /* Says what is old, and what has expired while it waited for the disk. NULL: a command's own
     * instant stands, and events are kept for ever. */
    const struct clock *clock;
    int listing_steps_at_most; /* of SQLite's machine, for one page of a list; 0: the usual bound */
};

/* Opens or makes the file, brings an older schema forward, refuses a newer one, and refuses a file
 * that another server has open. Errors name the path and say what to do. */
struct error sqlite_store_open(const struct sqlite_store_options *options,
                               struct store **store) MUST_CHECK;

#endif
