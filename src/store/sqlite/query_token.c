#include "store/sqlite/query.h"

/* How far one query goes: the ids of tokens have no gaps to speak of, so a range of them bounds the
 * visits. */
static int64_t find_through(int64_t after, int64_t newest) {
    if (after >= newest)
        return after;
    return newest - after > STORE_ROWS_FOLLOWED_AT_MOST ? after + STORE_ROWS_FOLLOWED_AT_MOST
                                                        : newest;
}

static struct token_timing *collect(struct statement *statement, struct store_query *query,
                                    size_t *count) {
    struct token_timing *timings = NULL;
    *count = 0;
    while (statement_next(statement)) {
        timings = query_grow(query, timings, *count, sizeof *timings);
        timings[*count] = (struct token_timing){
            .token_id = statement_integer(statement, 0),
            .created = statement_integer(statement, 1),
            .expires = statement_integer(statement, 2),
            .is_warned = statement_integer(statement, 3) != 0,
        };
        (*count)++;
    }
    return timings;
}

static void bind_range(struct statement *statement, int64_t after, int64_t through, instant until,
                       int64_t warning_seconds) {
    statement_bind_integer(statement, after);
    statement_bind_integer(statement, through);
    statement_bind_integer(statement, until);
    statement_bind_integer(statement, warning_seconds * INSTANT_TICKS_PER_SECOND);
}

bool query_token_list_new(struct database *database, struct store_query *query) {
    int64_t after = query->token_list_new.after;
    if (!database_read_number(database, STATEMENT_TOKEN_NEWEST, &query->token_list_new.newest))
        return false;
    query->token_list_new.through = find_through(after, query->token_list_new.newest);
    struct statement statement = statement_open(database, STATEMENT_TOKEN_LIST_NEW);
    bind_range(&statement, after, query->token_list_new.through, query->token_list_new.until,
               query->token_list_new.warning_seconds);
    query->token_list_new.results = collect(&statement, query, &query->token_list_new.count);
    return statement_close(&statement);
}

/* The same for profiles, whose rows have large gaps. */
static bool find_last_profile(struct database *database, struct store_query *query) {
    int64_t through = query->token_list_current.newest;
    struct statement statement = statement_open(database, STATEMENT_STATE_BEHIND);
    statement_bind_integer(&statement, query->token_list_current.after);
    statement_bind_integer(&statement, STORE_ROWS_FOLLOWED_AT_MOST - 1);
    if (statement_next(&statement))
        through = statement_integer(&statement, 0);
    if (through < query->token_list_current.after)
        through = query->token_list_current.after;
    query->token_list_current.through = through;
    return statement_close(&statement);
}

static bool count_warned(struct database *database, struct store_query *query) {
    struct statement statement = statement_open(database, STATEMENT_STATE_COUNT_WARNED);
    statement_bind_integer(&statement, query->token_list_current.after);
    statement_bind_integer(&statement, query->token_list_current.through);
    if (statement_next(&statement))
        query->token_list_current.warned = (size_t)statement_integer(&statement, 0);
    return statement_close(&statement);
}

bool query_token_list_current(struct database *database, struct store_query *query) {
    int64_t after = query->token_list_current.after;
    if (!database_read_number(database, STATEMENT_STATE_NEWEST,
                              &query->token_list_current.newest) ||
        !find_last_profile(database, query))
        return false;
    struct statement statement = statement_open(database, STATEMENT_TOKEN_LIST_CURRENT);
    bind_range(&statement, after, query->token_list_current.through,
               query->token_list_current.until, query->token_list_current.warning_seconds);
    query->token_list_current.results =
        collect(&statement, query, &query->token_list_current.count);
    return statement_close(&statement) && count_warned(database, query);
}
