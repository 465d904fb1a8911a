/* Deletes audit events that are older than the operator keeps them.
 *
 * A little at a time, from the oldest row on and in a transaction of its own, so that no command
 * waits long for it: one batch, and as long as there is more to delete the next one a second
 * later; otherwise once an hour. The newest event stays in any case. Events that lie behind a batch
 * of younger ones, because the clock was once set back, wait until those are old enough, too. The
 * writer's thread. */
#ifndef MUSTER_STORE_SQLITE_AUDIT_RETENTION_H
#define MUSTER_STORE_SQLITE_AUDIT_RETENTION_H

#include <stdbool.h>

#include "base/instant.h"
#include "store/sqlite/statement.h"

#define AUDIT_RETENTION_BATCH 1000

struct audit_retention {
    int64_t seconds;           /* how long events are kept; 0: for ever */
    const struct clock *clock; /* not needed when they are kept for ever */
    instant next;              /* when the next batch is due */
};

/* The longest that the writer may wait for commands before it asks again, in seconds; 0: for ever.
 */
int audit_retention_wait_at_most(const struct audit_retention *retention);

/* Deletes a batch if one is due, and plans the next. False when the engine failed; the transaction
 * is then to be rolled back. */
bool audit_retention_run(struct audit_retention *retention, struct database *database) MUST_CHECK;

#endif
