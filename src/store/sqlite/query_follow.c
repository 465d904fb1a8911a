#include "store/sqlite/query.h"
#include "store/sqlite/row.h"

/* Behind the columns of an event. */
#define TENANT_COLUMN 14

/* Where the oldest rows are gone, the next one is the oldest there is. */
static bool find_range(struct database *database, struct store_query *query, int64_t *after) {
    int64_t oldest = 0;
    *after = query->audit_follow.after;
    if (!database_read_number(database, STATEMENT_AUDIT_OLDEST, &oldest) ||
        !database_read_number(database, STATEMENT_AUDIT_NEWEST, &query->audit_follow.newest))
        return false;
    query->audit_follow.missed = oldest > *after + 1 ? oldest - 1 - *after : 0;
    *after += query->audit_follow.missed;
    query->audit_follow.through = *after;
    if (query->audit_follow.newest - *after > STORE_ROWS_FOLLOWED_AT_MOST)
        query->audit_follow.through += STORE_ROWS_FOLLOWED_AT_MOST;
    else if (query->audit_follow.newest > *after)
        query->audit_follow.through = query->audit_follow.newest;
    return true;
}

static void read_event(struct statement *statement, struct arena *arena,
                       struct store_event *event) {
    row_read_audit(statement, arena, &event->record);
    event->tenant = statement_is_null(statement, TENANT_COLUMN)
                        ? (struct guid){{0}}
                        : statement_guid(statement, TENANT_COLUMN);
}

bool query_audit_follow(struct database *database, struct store_query *query) {
    struct store_event *events = NULL;
    size_t count = 0;
    int64_t after = 0;
    if (!find_range(database, query, &after))
        return false;
    struct statement statement = statement_open(database, STATEMENT_AUDIT_FOLLOW);
    statement_bind_integer(&statement, after);
    statement_bind_integer(&statement, query->audit_follow.through);
    statement_bind_integer(&statement, (int64_t)query->audit_follow.activities);
    statement_bind_integer(&statement, (int64_t)query->audit_follow.limit);
    while (statement_next(&statement)) {
        events = query_grow(query, events, count, sizeof *events);
        read_event(&statement, query->arena, &events[count]);
        count++;
    }
    if (count > 0 && count == query->audit_follow.limit)
        query->audit_follow.through = events[count - 1].record.row;
    query->audit_follow.results = events;
    query->audit_follow.count = count;
    return statement_close(&statement);
}
