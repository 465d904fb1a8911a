#include "store/sqlite/listing.h"

#include <time.h>

#include "store/sqlite/filter_sql.h"
#include "store/sqlite/row.h"
#include "store/sqlite/sql_text.h"

/* A loop answers nobody else in the meantime. Two hundred thousand devices are filtered in a tenth
 * of the time and sorted in half of it; few steps may take long where they compare long texts. */
#define STEPS_AT_MOST 25000000
#define NANOSECONDS_AT_MOST INT64_C(500000000)
/* How often that is looked at. */
#define STEPS_BETWEEN_CHECKS 10000

#define AS_TEXT(number) AS_TEXT_OF(number)
#define AS_TEXT_OF(number) #number

/* Texts of an order are cut, so that a position stays short. */
static void write_key(struct sql_text *sql, const struct listing_field *field) {
    if (field->type != FIELD_TEXT) {
        sql_text_add(sql, field->sql);
        return;
    }
    sql_text_add(sql, "substr(");
    sql_text_add(sql, field->sql);
    sql_text_add(sql, ", 1, " AS_TEXT(LISTING_ORDER_TEXT_AT_MOST) ") COLLATE NOCASE");
}

/* That the key is the same as the position's. */
static void write_same(struct sql_text *sql, const struct listing_field *field,
                       const struct filter_value *value) {
    write_key(sql, field);
    sql_text_add(sql, " IS ");
    sql_text_add_parameter(sql, value);
}

/* That the key comes behind the position's. SQLite's NULL is less than every value, as null is in
 * OData. */
static void write_behind(struct sql_text *sql, const struct listing_field *field,
                         const struct filter_value *value, bool descending) {
    bool is_null = value->kind == FILTER_VALUE_NULL;
    if (is_null && descending) {
        sql_text_add(sql, "0");
        return;
    }
    sql_text_add(sql, "(");
    write_key(sql, field);
    if (is_null) {
        sql_text_add(sql, " IS NOT NULL)");
        return;
    }
    sql_text_add(sql, descending ? " < " : " > ");
    sql_text_add_parameter(sql, value);
    if (descending && field->nullable) {
        sql_text_add(sql, " OR ");
        write_key(sql, field);
        sql_text_add(sql, " IS NULL");
    }
    sql_text_add(sql, ")");
}

/* Behind in the first key; or the same there, and behind in the second; and so on to the row. */
static void write_position(struct sql_text *sql, const struct listing_source *source,
                           const struct listing *listing) {
    const struct listing_position *after = &listing->after;
    const struct filter_value row = {.kind = FILTER_VALUE_INTEGER, .integer = after->row};
    sql_text_add(sql, " AND (");
    for (size_t i = 0; i <= listing->order_count; i++) {
        sql_text_add(sql, i == 0 ? "" : " OR ");
        for (size_t same = 0; same < i; same++) {
            write_same(sql, &source->fields[listing->orders[same].field], &after->keys[same]);
            sql_text_add(sql, " AND ");
        }
        if (i < listing->order_count) {
            write_behind(sql, &source->fields[listing->orders[i].field], &after->keys[i],
                         listing->orders[i].descending);
            continue;
        }
        sql_text_add(sql, source->row);
        sql_text_add(sql, source->newest_first ? " < " : " > ");
        sql_text_add_parameter(sql, &row);
    }
    sql_text_add(sql, ")");
}

static void write_source(struct sql_text *sql, const struct listing_cursor *cursor,
                         int64_t behind_row) {
    const struct filter_value begin = {.kind = FILTER_VALUE_INTEGER, .integer = behind_row};
    sql_text_add(sql, cursor->source->from);
    for (size_t i = 0; i < cursor->source->parameter_count; i++)
        sql_text_add_value(sql, &cursor->parameters[i]);
    if (cursor->source->begins_behind_row)
        sql_text_add_value(sql, &begin);
    if (cursor->listing->filter == NULL)
        return;
    sql_text_add(sql, " AND ");
    filter_sql_write(sql, cursor->source->fields, cursor->listing->filter);
}

/* With an order of the client's, what comes next may lie anywhere. */
static int64_t find_begin(const struct listing *listing) {
    return listing->has_after && listing->order_count == 0 ? listing->after.row : 0;
}

/* Asks for one row more than the limit, to know whether there are more. */
static void write_page(struct sql_text *sql, const struct listing_cursor *cursor) {
    const struct listing_source *source = cursor->source;
    const struct listing *listing = cursor->listing;
    const struct filter_value limit = {.kind = FILTER_VALUE_INTEGER,
                                       .integer = (int64_t)listing->limit + 1};
    const struct filter_value skip = {.kind = FILTER_VALUE_INTEGER, .integer = listing->skip};
    sql_text_add(sql, "SELECT ");
    sql_text_add(sql, source->columns);
    for (size_t i = 0; i < listing->order_count; i++) {
        sql_text_add(sql, ", ");
        write_key(sql, &source->fields[listing->orders[i].field]);
    }
    write_source(sql, cursor, find_begin(listing));
    if (listing->has_after)
        write_position(sql, source, listing);
    sql_text_add(sql, " ORDER BY ");
    for (size_t i = 0; i < listing->order_count; i++) {
        write_key(sql, &source->fields[listing->orders[i].field]);
        sql_text_add(sql, listing->orders[i].descending ? " DESC, " : ", ");
    }
    sql_text_add(sql, source->row);
    sql_text_add(sql, source->newest_first ? " DESC LIMIT " : " LIMIT ");
    sql_text_add_parameter(sql, &limit);
    sql_text_add(sql, " OFFSET ");
    sql_text_add_parameter(sql, &skip);
}

static int64_t monotonic_nanoseconds(void) {
    struct timespec now;
    /* It fails for a clock that does not exist, which this one does. */
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* SQLite stops the statement when it is not 0. */
static int is_used_up(void *context) {
    struct database *database = context;
    database->listing_steps_left -= STEPS_BETWEEN_CHECKS;
    return database->listing_steps_left <= 0 ||
           monotonic_nanoseconds() >= database->listing_ends_at_most;
}

static void start_counting(struct database *database) {
    int steps =
        database->listing_steps_at_most > 0 ? database->listing_steps_at_most : STEPS_AT_MOST;
    database->listing_steps_left = steps;
    database->listing_ends_at_most = monotonic_nanoseconds() + NANOSECONDS_AT_MOST;
    sqlite3_progress_handler(database->connection,
                             steps < STEPS_BETWEEN_CHECKS ? steps : STEPS_BETWEEN_CHECKS,
                             is_used_up, database);
}

struct listing_cursor listing_open(struct database *database, struct arena *arena,
                                   const struct listing_source *source,
                                   const struct filter_value *parameters,
                                   const struct listing *listing) {
    struct listing_cursor cursor = {
        .database = database,
        .arena = arena,
        .source = source,
        .parameters = parameters,
        .listing = listing,
    };
    start_counting(database);
    struct sql_text sql = sql_text_make(arena);
    write_page(&sql, &cursor);
    cursor.statement = sql_text_prepare(&sql, database);
    return cursor;
}

static void read_key(struct listing_cursor *cursor, enum field_type type, int column,
                     struct filter_value *key) {
    *key = (struct filter_value){.kind = FILTER_VALUE_NULL};
    if (statement_is_null(&cursor->statement, column))
        return;
    switch (type) {
    case FIELD_TEXT:
        key->kind = FILTER_VALUE_TEXT;
        key->text = row_copy_text(&cursor->statement, column, cursor->arena);
        return;
    case FIELD_GUID:
        key->kind = FILTER_VALUE_GUID;
        key->guid = statement_guid(&cursor->statement, column);
        return;
    case FIELD_INSTANT:
    case FIELD_INTEGER:
    case FIELD_BOOLEAN:
        key->kind = FILTER_VALUE_INTEGER;
        key->integer = statement_integer(&cursor->statement, column);
        return;
    }
}

/* The keys are the last columns. */
static void read_position(struct listing_cursor *cursor) {
    const struct listing *listing = cursor->listing;
    int first = sqlite3_column_count(cursor->statement.handle) - (int)listing->order_count;
    cursor->end.position.row = statement_integer(&cursor->statement, 0);
    for (size_t i = 0; i < listing->order_count; i++)
        read_key(cursor, cursor->source->fields[listing->orders[i].field].type, first + (int)i,
                 &cursor->end.position.keys[i]);
}

bool listing_next(struct listing_cursor *cursor) {
    if (!statement_next(&cursor->statement))
        return false;
    if (cursor->count == cursor->listing->limit) {
        cursor->end.has_more = true;
        return false;
    }
    cursor->count++;
    if (cursor->count == cursor->listing->limit)
        read_position(cursor);
    return true;
}

static int count_all(struct listing_cursor *cursor) {
    struct sql_text sql = sql_text_make(cursor->arena);
    sql_text_add(&sql, "SELECT count(*)");
    write_source(&sql, cursor, 0);
    struct statement statement = sql_text_prepare(&sql, cursor->database);
    if (statement_next(&statement))
        cursor->end.total = statement_integer(&statement, 0);
    return statement_close(&statement) ? SQLITE_OK : statement.result;
}

bool listing_close(struct listing_cursor *cursor, struct listing_end *end, struct error *error) {
    int result = statement_close(&cursor->statement) ? SQLITE_OK : cursor->statement.result;
    if (result == SQLITE_OK && cursor->listing->wants_total)
        result = count_all(cursor);
    sqlite3_progress_handler(cursor->database->connection, 0, NULL, NULL);
    *end = cursor->end;
    if ((result & 0xFF) != SQLITE_INTERRUPT)
        return result == SQLITE_OK;
    *error = error_make(ERROR_INVALID,
                        "The request would read too many records at once. Filter by what is equal "
                        "or in a range of dates, and leave out '$orderby', '$count' and '$skip'.");
    return true;
}
