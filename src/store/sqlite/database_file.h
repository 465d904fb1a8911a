/* The database file before SQLite opens it: its making, and the lock that keeps others away.
 *
 * The lock is the kernel's, on a file of its own beside the database, and goes with the process,
 * however that ends. SQLite's own locks stay as they are, so that programs which only read, such
 * as backups, can work beside the server. */
#ifndef MUSTER_STORE_SQLITE_DATABASE_FILE_H
#define MUSTER_STORE_SQLITE_DATABASE_FILE_H

#include <stdbool.h>

#include "base/error.h"

/* Makes or opens "<path>.lock" and locks it for this server alone. The descriptor holds the lock
 * until it is closed. */
struct error database_file_lock(const char *path, int *descriptor) MUST_CHECK;

/* Whether there is a write-ahead log and another process has the database open, such as sqlite3's
 * shell: SQLite reads the log anew only for whoever opens it first, so what it takes to be in the
 * database file already it does not bring there once more. Not while this process has it open: that
 * would give up its locks. */
bool database_file_is_open_elsewhere(const char *path);

/* Makes an empty file with mode 0600 where there is none, its name durable in the directory.
 * SQLite gives the files beside it the same mode. */
struct error database_file_make(const char *path) MUST_CHECK;

#endif
