#include "store/sqlite/statement.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

void database_note_failure(struct database *database, int result) {
    database->failure = result;
    const char *text =
        database->connection != NULL && sqlite3_extended_errcode(database->connection) == result
            ? sqlite3_errmsg(database->connection)
            : sqlite3_errstr(result);
    (void)snprintf(database->failure_text, sizeof database->failure_text, "%s", text);
}

static void note(struct statement *statement, int result) {
    if (result == SQLITE_OK || statement->result != SQLITE_OK)
        return;
    statement->result = result;
    database_note_failure(statement->database, result);
}

struct statement statement_open(struct database *database, enum statement_name name) {
    struct statement statement = {
        .database = database, .handle = database->statements[name], .is_kept = true};
    if (statement.handle == NULL) {
        note(&statement, sqlite3_prepare_v3(database->connection, statement_sql[name], -1,
                                            SQLITE_PREPARE_PERSISTENT, &statement.handle, NULL));
        database->statements[name] = statement.handle;
    }
    return statement;
}

struct statement statement_prepare(struct database *database, struct slice sql) {
    struct statement statement = {.database = database,
                                  .handle = statement_cache_find(&database->made, sql),
                                  .is_kept = true};
    if (statement.handle != NULL)
        return statement;
    note(&statement, sqlite3_prepare_v3(database->connection, sql.data, (int)sql.length,
                                        SQLITE_PREPARE_PERSISTENT, &statement.handle, NULL));
    statement.is_kept =
        statement.handle != NULL && statement_cache_add(&database->made, sql, statement.handle);
    return statement;
}

/* With a statement that could not be prepared, SQLite's bind functions return SQLITE_MISUSE; the
 * first failure is the one that is kept. */
void statement_bind_integer(struct statement *statement, int64_t value) {
    note(statement, sqlite3_bind_int64(statement->handle, ++statement->bound, value));
}

void statement_bind_null(struct statement *statement) {
    note(statement, sqlite3_bind_null(statement->handle, ++statement->bound));
}

void statement_bind_bytes(struct statement *statement, const void *bytes, size_t size) {
    note(statement,
         sqlite3_bind_blob64(statement->handle, ++statement->bound, bytes, size, SQLITE_STATIC));
}

void statement_bind_guid(struct statement *statement, const struct guid *guid) {
    statement_bind_bytes(statement, guid->bytes, sizeof guid->bytes);
}

void statement_bind_text(struct statement *statement, struct slice text) {
    note(statement, sqlite3_bind_text64(statement->handle, ++statement->bound, text.data,
                                        text.length, SQLITE_STATIC, SQLITE_UTF8));
}

void statement_bind_integer_or_null(struct statement *statement, int64_t value) {
    if (value == 0)
        statement_bind_null(statement);
    else
        statement_bind_integer(statement, value);
}

void statement_bind_text_or_null(struct statement *statement, struct slice text) {
    if (text.length == 0)
        statement_bind_null(statement);
    else
        statement_bind_text(statement, text);
}

void statement_bind_guid_or_null(struct statement *statement, const struct guid *guid) {
    if (guid_is_zero(guid))
        statement_bind_null(statement);
    else
        statement_bind_guid(statement, guid);
}

bool statement_next(struct statement *statement) {
    if (statement->result != SQLITE_OK)
        return false;
    int result = sqlite3_step(statement->handle);
    if (result == SQLITE_ROW)
        return true;
    if (result != SQLITE_DONE)
        note(statement, sqlite3_extended_errcode(statement->database->connection));
    return false;
}

bool statement_is_null(const struct statement *statement, int column) {
    return sqlite3_column_type(statement->handle, column) == SQLITE_NULL;
}

int64_t statement_integer(const struct statement *statement, int column) {
    return sqlite3_column_int64(statement->handle, column);
}

struct slice statement_text(const struct statement *statement, int column) {
    const unsigned char *text = sqlite3_column_text(statement->handle, column);
    if (text == NULL)
        return (struct slice){0};
    return (struct slice){.data = (const char *)text,
                          .length = (size_t)sqlite3_column_bytes(statement->handle, column)};
}

void statement_bytes(struct statement *statement, int column, void *bytes, size_t size) {
    const void *stored = sqlite3_column_blob(statement->handle, column);
    if (stored == NULL || (size_t)sqlite3_column_bytes(statement->handle, column) != size) {
        memset(bytes, 0, size);
        note(statement, SQLITE_CORRUPT);
        return;
    }
    memcpy(bytes, stored, size);
}

struct guid statement_guid(struct statement *statement, int column) {
    struct guid guid;
    statement_bytes(statement, column, guid.bytes, sizeof guid.bytes);
    return guid;
}

bool statement_close(struct statement *statement) {
    /* Both repeat the failure of the step, which is noted already. */
    if (statement->is_kept)
        (void)sqlite3_reset(statement->handle);
    else
        (void)sqlite3_finalize(statement->handle);
    return statement->result == SQLITE_OK;
}

bool statement_run(struct statement *statement) {
    while (statement_next(statement)) {
    }
    return statement_close(statement);
}

bool database_run(struct database *database, enum statement_name name) {
    struct statement statement = statement_open(database, name);
    return statement_run(&statement);
}

bool database_read_number(struct database *database, enum statement_name name, int64_t *number) {
    struct statement statement = statement_open(database, name);
    *number = statement_next(&statement) ? statement_integer(&statement, 0) : 0;
    return statement_close(&statement);
}
