/* A connection to the database file, and its prepared statements.
 *
 * Each statement has a name and its SQL in one table (statement_table.c); it is prepared when it is
 * first used and kept. Use:
 *
 *     struct statement statement = statement_open(database, STATEMENT_TENANT_FIND);
 *     statement_bind_guid(&statement, &account_id);
 *     if (statement_next(&statement))
 *         row = statement_integer(&statement, 0);
 *     return statement_close(&statement);
 *
 * A failure of the engine is kept in the statement, so that only the closing call must be checked.
 * One thread at a time. */
#ifndef MUSTER_STORE_SQLITE_STATEMENT_H
#define MUSTER_STORE_SQLITE_STATEMENT_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/guid.h"
#include "base/slice.h"
#include "store/sqlite/statement_cache.h"
#include "store/sqlite/statement_table.h"

#define DATABASE_FAILURE_TEXT_SIZE 160

struct database {
    sqlite3 *connection;
    sqlite3_stmt *statements[STATEMENT_COUNT];     /* NULL until first used */
    struct statement_cache made;                   /* of SQL that is in no table */
    int failure;                                   /* the last one: SQLite's extended code */
    char failure_text[DATABASE_FAILURE_TEXT_SIZE]; /* the engine's own words; for the log only */
    int listing_steps_at_most;                     /* for one listing; 0: the usual bound */
    int64_t listing_steps_left;                    /* of the listing under way */
    int64_t listing_ends_at_most; /* when it is stopped: nanoseconds of the monotonic clock */
};

struct statement {
    struct database *database;
    sqlite3_stmt *handle;
    int bound;    /* parameters that have a value so far */
    int result;   /* SQLITE_OK, or the first failure */
    bool is_kept; /* stays prepared when it is closed */
};

/* Keeps code and text of the connection's present failure. */
void database_note_failure(struct database *database, int result);

/* Ready to have its parameters bound, one after the other. */
struct statement statement_open(struct database *database, enum statement_name name);

/* The same for SQL that is made at run time. */
struct statement statement_prepare(struct database *database, struct slice sql);

void statement_bind_integer(struct statement *statement, int64_t value);
void statement_bind_null(struct statement *statement);
/* Bytes and texts are not copied: they must stay as they are until the statement is closed. */
void statement_bind_bytes(struct statement *statement, const void *bytes, size_t size);
void statement_bind_guid(struct statement *statement, const struct guid *guid);
/* SQL's NULL where the pointer is NULL. */
void statement_bind_text(struct statement *statement, struct slice text);
/* SQL's NULL where the number is 0, the text empty or the GUID all zero. */
void statement_bind_integer_or_null(struct statement *statement, int64_t value);
void statement_bind_text_or_null(struct statement *statement, struct slice text);
void statement_bind_guid_or_null(struct statement *statement, const struct guid *guid);

/* Whether there is another row; false after a failure, too. */
bool statement_next(struct statement *statement);

/* Columns of the present row, from 0. Texts and bytes are valid until the next row or the close. */
bool statement_is_null(const struct statement *statement, int column);
int64_t statement_integer(const struct statement *statement, int column);
/* A NULL pointer for SQL's NULL. */
struct slice statement_text(const struct statement *statement, int column);
/* Exactly size bytes; zero bytes and a kept failure when the column has another size, because then
 * somebody else wrote into the file. */
void statement_bytes(struct statement *statement, int column, void *bytes, size_t size);
struct guid statement_guid(struct statement *statement, int column);

/* Ends the use. False when the engine failed in any step of it. */
bool statement_close(struct statement *statement) MUST_CHECK;

/* Runs a statement that gives no rows, and closes it. */
bool statement_run(struct statement *statement) MUST_CHECK;

/* The same for a statement without parameters. */
bool database_run(struct database *database, enum statement_name name) MUST_CHECK;

/* The first column of the first row of a statement without parameters; 0 when there is none. */
bool database_read_number(struct database *database, enum statement_name name,
                          int64_t *number) MUST_CHECK;

#endif
