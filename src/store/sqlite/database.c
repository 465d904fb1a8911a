#include "store/sqlite/database.h"

#include <stdio.h>
#include <string.h>

/* In KiB, as SQLite takes it when negative. The writer meets every profile: with a million of them
 * this holds what a token touches of each hundredth one. Readers are given theirs by
 * database_set_cache. */
static const char *const role_pragmas[] = {
    [DATABASE_WRITER] = "PRAGMA cache_size = -98304;"
                        "PRAGMA synchronous = FULL;"
                        "PRAGMA foreign_keys = ON;"
                        /* That is the checkpointer's part. */
                        "PRAGMA wal_autocheckpoint = 0;"
                        /* A write-ahead log that grew under a long backup shrinks again. */
                        "PRAGMA journal_size_limit = 134217728;",
    [DATABASE_CHECKPOINTER] = "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;",
    [DATABASE_READER] = "PRAGMA query_only = ON;",
};

/* Of a file that is new; others keep theirs. A commit writes each page whole that it touches, and
 * in a large database nearly every token and device touches others: half a page is half of the log.
 */
static const char new_file_pragmas[] = "PRAGMA page_size = 2048;";

/* Room for "PRAGMA cache_size = -" and a number. */
#define CACHE_SQL_SIZE 40

static const char common_pragmas[] = "PRAGMA locking_mode = NORMAL;"
                                     "PRAGMA temp_store = MEMORY;"
                                     "PRAGMA trusted_schema = OFF;"
                                     "PRAGMA cell_size_check = ON;";

bool database_execute(struct database *database, const char *sql) {
    int result = sqlite3_exec(database->connection, sql, NULL, NULL, NULL);
    if (result == SQLITE_OK)
        return true;
    database_note_failure(database, sqlite3_extended_errcode(database->connection));
    return false;
}

void database_roll_back(struct database *database) {
    if (sqlite3_get_autocommit(database->connection) == 0)
        (void)sqlite3_exec(database->connection, "ROLLBACK", NULL, NULL, NULL);
}

bool database_read_pragma(struct database *database, const char *pragma, int64_t *value) {
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(database->connection, pragma, -1, &statement, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_step(statement);
    if (result == SQLITE_ROW)
        *value = sqlite3_column_int64(statement, 0);
    else
        database_note_failure(database, sqlite3_extended_errcode(database->connection));
    (void)sqlite3_finalize(statement);
    return result == SQLITE_ROW;
}

/* SQLite answers with the mode that is in force; on a file system without shared memory that is
 * another one than was asked for. */
static bool use_write_ahead_log(struct database *database) {
    sqlite3_stmt *statement = NULL;
    int result =
        sqlite3_prepare_v2(database->connection, "PRAGMA journal_mode = WAL", -1, &statement, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_step(statement);
    const unsigned char *mode = result == SQLITE_ROW ? sqlite3_column_text(statement, 0) : NULL;
    bool is_used = mode != NULL && strcmp((const char *)mode, "wal") == 0;
    if (result != SQLITE_ROW)
        database_note_failure(database, sqlite3_extended_errcode(database->connection));
    else if (!is_used)
        database_note_failure(database, SQLITE_IOERR_SHMMAP);
    (void)sqlite3_finalize(statement);
    return is_used;
}

/* SQLite empties the log when the last connection closes. */
static bool leave_log_on_close(struct database *database) {
    int result = sqlite3_db_config(database->connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (result != SQLITE_OK)
        database_note_failure(database, result);
    return result == SQLITE_OK;
}

bool database_open(struct database *database, const char *path, enum database_role role) {
    *database = (struct database){0};
    int flags = role == DATABASE_READER ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    /* Each connection belongs to one thread at a time, so SQLite need not lock it. */
    int result = sqlite3_open_v2(path, &database->connection,
                                 flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    bool is_open = result == SQLITE_OK;
    if (!is_open)
        database_note_failure(database, result);
    /* Readers may meet the writer's recovery or last checkpoint. The writer may meet a reader that
     * has read half of what a commit was just writing: it takes the writer's lock to read once
     * more. All of this is short. */
    is_open = is_open &&
              sqlite3_busy_timeout(database->connection, DATABASE_BUSY_MILLISECONDS) == SQLITE_OK &&
              database_execute(database, common_pragmas) &&
              (role != DATABASE_WRITER || database_execute(database, new_file_pragmas)) &&
              (role == DATABASE_READER || use_write_ahead_log(database)) &&
              database_execute(database, role_pragmas[role]) &&
              (role != DATABASE_CHECKPOINTER || leave_log_on_close(database));
    if (!is_open) {
        struct database failed = *database;
        database_close(database);
        database->failure = failed.failure;
        memcpy(database->failure_text, failed.failure_text, sizeof failed.failure_text);
    }
    return is_open;
}

void database_wait_at_most(struct database *database, int milliseconds) {
    /* Cannot fail on an open connection. */
    (void)sqlite3_busy_timeout(database->connection, milliseconds);
}

bool database_set_cache(struct database *database, int kibibytes) {
    char sql[CACHE_SQL_SIZE];
    (void)snprintf(sql, sizeof sql, "PRAGMA cache_size = -%d", kibibytes);
    return database_execute(database, sql);
}

uint32_t database_data_version(struct database *database) {
    unsigned int version = 0;
    /* Cannot fail on an open connection. */
    (void)sqlite3_file_control(database->connection, "main", SQLITE_FCNTL_DATA_VERSION, &version);
    return version;
}

void database_close(struct database *database) {
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        (void)sqlite3_finalize(database->statements[i]);
    statement_cache_close(&database->made);
    /* With every statement finalized, this cannot be refused. */
    (void)sqlite3_close(database->connection);
    *database = (struct database){0};
}

static const struct {
    int result; /* SQLite's primary code */
    const char *for_operator;
    const char *for_callers;
} failures[] = {
    {SQLITE_FULL, "The disk that holds the database '%s' is full. Free some space and start again.",
     "The disk that holds the database is full."},
    {SQLITE_IOERR,
     "The database '%s' cannot be read or written (I/O error). Check the disk and its file system, "
     "which must be a local one.",
     "The disk that holds the database fails."},
    {SQLITE_NOTADB,
     "The file '%s' is not a Muster database. Name another data directory, or move the file away.",
     "The database file is damaged."},
    {SQLITE_CORRUPT,
     "The database '%s' is damaged. Restore it from a backup, or rescue it with sqlite3's .recover "
     "command.",
     "The database file is damaged."},
    {SQLITE_BUSY,
     "The database '%s' is locked by another program that writes into it. Stop that program and "
     "start again.",
     "The database is locked by another program."},
    {SQLITE_READONLY,
     "The database '%s' cannot be written. Give this user the right to write the file and its "
     "directory.",
     "The database cannot be written."},
    {SQLITE_CANTOPEN,
     "The database '%s' cannot be opened. Give this user the right to read and write the file and "
     "its directory.",
     "The database cannot be opened."},
    {SQLITE_NOMEM, "There is not enough memory to use the database '%s'.",
     "The database needs more memory than there is."},
};

struct error database_failure_at(const struct database *database, const char *path) {
    enum error_code code =
        (database->failure & 0xFF) == SQLITE_FULL ? ERROR_UNAVAILABLE : ERROR_INTERNAL;
    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        if (failures[i].result != (database->failure & 0xFF))
            continue;
/* The formats are the table's, and each takes the path. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        return error_make(code, failures[i].for_operator, path);
#pragma GCC diagnostic pop
    }
    return error_make(code, "The database '%s' cannot be used: %s.", path, database->failure_text);
}

struct error database_failure_for_callers(const struct database *database) {
    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        if (failures[i].result == (database->failure & 0xFF))
            return error_make(ERROR_UNAVAILABLE, "%s", failures[i].for_callers);
    }
    return error_make(ERROR_UNAVAILABLE, "The database fails.");
}

bool database_failure_is_of_command(const struct database *database) {
    switch (database->failure & 0xFF) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_NOMEM:
    case SQLITE_INTERRUPT:
    case SQLITE_ABORT:
        return false;
    default:
        return true;
    }
}
