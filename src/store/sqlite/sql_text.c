#include "store/sqlite/sql_text.h"

#define FIRST_CAPACITY 16

struct sql_text sql_text_make(struct arena *arena) {
    return (struct sql_text){.arena = arena};
}

void sql_text_add(struct sql_text *sql, const char *piece) {
    buffer_append_string(&sql->text, piece);
}

void sql_text_add_value(struct sql_text *sql, const struct filter_value *value) {
    if (sql->count == sql->capacity) {
        size_t capacity = sql->capacity == 0 ? FIRST_CAPACITY : 2 * sql->capacity;
        struct filter_value *values = arena_allocate(sql->arena, capacity * sizeof *values);
        if (sql->count > 0)
            memcpy(values, sql->values, sql->count * sizeof *values);
        sql->values = values;
        sql->capacity = capacity;
    }
    sql->values[sql->count++] = *value;
}

void sql_text_add_parameter(struct sql_text *sql, const struct filter_value *value) {
    sql_text_add(sql, "?");
    sql_text_add_value(sql, value);
}

static void bind(struct statement *statement, const struct filter_value *value) {
    switch (value->kind) {
    case FILTER_VALUE_NULL:
        statement_bind_null(statement);
        return;
    case FILTER_VALUE_TEXT:
        /* An empty text may come without a pointer, which would be bound as NULL. */
        statement_bind_text(statement, value->text.length == 0 ? SLICE("") : value->text);
        return;
    case FILTER_VALUE_GUID:
        statement_bind_guid(statement, &value->guid);
        return;
    case FILTER_VALUE_INTEGER:
        statement_bind_integer(statement, value->integer);
        return;
    }
}

struct statement sql_text_prepare(struct sql_text *sql, struct database *database) {
    struct statement statement = statement_prepare(database, buffer_slice(&sql->text));
    for (size_t i = 0; i < sql->count; i++)
        bind(&statement, &sql->values[i]);
    buffer_free(&sql->text);
    return statement;
}
