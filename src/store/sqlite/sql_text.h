/* SQL in the making: its text, and the values for its parameters in their order. One use. */
#ifndef MUSTER_STORE_SQLITE_SQL_TEXT_H
#define MUSTER_STORE_SQLITE_SQL_TEXT_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "domain/filter.h"
#include "store/sqlite/statement.h"

struct sql_text {
    struct buffer text;
    struct arena *arena;         /* where the list of values is kept */
    struct filter_value *values; /* what they point to stays the caller's */
    size_t count;
    size_t capacity;
};

struct sql_text sql_text_make(struct arena *arena);

/* A constant piece of SQL. */
void sql_text_add(struct sql_text *sql, const char *piece);

/* "?", and the value that it stands for. */
void sql_text_add_parameter(struct sql_text *sql, const struct filter_value *value);

/* The value of a parameter that stands in a piece of SQL already. */
void sql_text_add_value(struct sql_text *sql, const struct filter_value *value);

/* Prepares the statement, binds all values and forgets the text. Values' texts must stay as they
 * are until the statement is closed. */
struct statement sql_text_prepare(struct sql_text *sql, struct database *database);

#endif
