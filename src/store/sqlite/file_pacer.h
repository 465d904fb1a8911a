/* Brings what is written into the database file onto the disk in small pieces.
 *
 * Attached to the checkpointer's connection: after every 128 KiB the file is synced. A commit
 * that syncs the log meanwhile then waits for one such piece at most, and not for all that the
 * checkpointer has written; and between two pieces the disk is free for others. */
#ifndef MUSTER_STORE_SQLITE_FILE_PACER_H
#define MUSTER_STORE_SQLITE_FILE_PACER_H

#include "store/sqlite/statement.h"

struct file_pacer {
    sqlite3_io_methods methods; /* of the database file, as SQLite calls them now */
    const sqlite3_io_methods *real;
    int unsynced; /* bytes */
    void (*rest)(void *context);
    void *context;
};

/* For a connection that is open; the pacer must outlive it, and stay where it is. After each piece
 * it calls rest, which may take its time. */
bool file_pacer_attach(struct file_pacer *pacer, struct database *database,
                       void (*rest)(void *context), void *context) MUST_CHECK;

/* Syncs what is left. SQLITE_OK, or the engine's code. */
int file_pacer_finish(struct file_pacer *pacer, struct database *database) MUST_CHECK;

#endif
