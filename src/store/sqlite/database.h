/* Opens and closes connections to the database file, and says what their failures mean. */
#ifndef MUSTER_STORE_SQLITE_DATABASE_H
#define MUSTER_STORE_SQLITE_DATABASE_H

#include "base/error.h"
#include "store/sqlite/statement.h"

enum database_role {
    DATABASE_WRITER,
    DATABASE_CHECKPOINTER, /* leaves the log as it is, also when it closes last */
    DATABASE_READER,       /* cannot change anything */
};

/* How long a new connection waits for the locks of others. */
#define DATABASE_BUSY_MILLISECONDS 250

/* Opens a file that exists. On failure the database's failure says why, and there is nothing to
 * close. */
bool database_open(struct database *database, const char *path, enum database_role role) MUST_CHECK;

/* Closes connection and statements; nothing happens on one that is not open. */
void database_close(struct database *database);

/* From now on the connection waits so long for the locks of others. */
void database_wait_at_most(struct database *database, int milliseconds);

/* How much of the file the connection may keep in memory. */
bool database_set_cache(struct database *database, int kibibytes) MUST_CHECK;

/* The value of a pragma that is a number. */
bool database_read_pragma(struct database *database, const char *pragma, int64_t *value) MUST_CHECK;

/* Another number whenever the data are others than before, whoever changed them: what the
 * connection has committed counts, and what others did, once it has begun a transaction. */
uint32_t database_data_version(struct database *database);

/* Runs SQL that is not worth preparing. */
bool database_execute(struct database *database, const char *sql) MUST_CHECK;

/* Gives the transaction up, if the failure has not done so by itself. The failure that led here
 * stays the one that is kept. */
void database_roll_back(struct database *database);

/* The kept failure as an error for the operator, who is told the path and what to do. */
struct error database_failure_at(const struct database *database, const char *path) MUST_CHECK;

/* The kept failure as a sentence without path or the engine's words. */
struct error database_failure_for_callers(const struct database *database) MUST_CHECK;

/* Whether the failure lies in the one command that met it, such as a constraint, and not in disk,
 * file or memory, which every command would meet. */
bool database_failure_is_of_command(const struct database *database);

#endif
