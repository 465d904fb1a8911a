/* Brings the write-ahead log into the database file, on a thread of its own, so that no commit
 * waits for it.
 *
 * SQLite begins the log anew only when all of it is in the database file, and while the writer
 * adds to it, a last bit never is. So the thread takes nearly all, and the writer, between two
 * commits, the little that came in meanwhile. A log that grows faster than the thread empties it
 * makes the writer wait; one that a reader needs, such as a backup, grows until that reader ends.
 *
 * It takes its time at first, for each sync of the database file holds up those of the log. For
 * what came in meanwhile, and when the log grows nevertheless, it hurries.
 *
 * A failure loses nothing: what is committed stays in the log, and is tried again. But when the
 * database file cannot be synced, nobody knows what of it is on the disk: from then on the log is
 * kept, and grows, until a start brings all of it into the file once more. */
#ifndef MUSTER_STORE_SQLITE_CHECKPOINTER_H
#define MUSTER_STORE_SQLITE_CHECKPOINTER_H

#include <stdbool.h>

#include "base/error.h"
#include "base/log.h"
#include "store/sqlite/statement.h"

struct checkpointer;

/* In pages of the log, 2 KiB each in a file that this version has made. */
struct checkpointer_limits {
    int begin; /* with so many the thread begins; as many more when the last try came to nothing */
    int rest;  /* so many, or fewer, the writer takes on itself */
    int hurry; /* from here on the thread does not rest any more */
    int wait;  /* from here on the writer waits for the thread */
};

extern const struct checkpointer_limits checkpointer_usual_limits;

/* Opens a connection to the file, which exists, and starts the thread. The path is copied; the
 * limits must stay. */
struct error checkpointer_start(const char *path, const struct checkpointer_limits *limits,
                                struct log *log, struct checkpointer **checkpointer) MUST_CHECK;

/* Called by the writer after a commit, with its connection and how many pages the log holds since
 * then. Seldom does the caller's part of the work. */
void checkpointer_note_commit(struct checkpointer *checkpointer, struct database *writer,
                              int pages);

/* Whether the log must outlive this process, because a sync of the database file has failed. Any
 * thread. */
bool checkpointer_must_keep_log(struct checkpointer *checkpointer);

/* Ends the thread, and closes its connection. Nothing happens on NULL. */
void checkpointer_stop(struct checkpointer *checkpointer);

#endif
