#include "store/sqlite/query.h"
#include "store/sqlite/row.h"

bool query_profile_get(struct database *database, struct store_query *query) {
    struct statement statement = statement_open(database, STATEMENT_PROFILE_GET);
    statement_bind_guid(&statement, &query->tenant);
    statement_bind_guid(&statement, &query->profile_get.id);
    statement_bind_integer(&statement, query->profile_get.set);
    if (statement_next(&statement))
        row_read_profile(&statement, query->arena, &query->profile_get.result);
    else
        query->error = error_make(ERROR_NOT_FOUND, "There is no such profile.");
    return statement_close(&statement);
}

/* Asks for one more than the limit, to know whether there are more. */
bool query_profile_list(struct database *database, struct store_query *query) {
    struct profile *profiles = NULL;
    size_t count = 0;
    struct statement statement = statement_open(database, STATEMENT_PROFILE_LIST);
    statement_bind_guid(&statement, &query->tenant);
    statement_bind_integer(&statement, query->profile_list.set);
    statement_bind_integer(&statement, query->profile_list.after_row);
    statement_bind_integer(&statement, (int64_t)query->profile_list.limit + 1);
    query->profile_list.has_more = false;
    while (statement_next(&statement)) {
        if (count == query->profile_list.limit) {
            query->profile_list.has_more = true;
            break;
        }
        profiles = query_grow(query, profiles, count, sizeof *profiles);
        row_read_profile(&statement, query->arena, &profiles[count]);
        count++;
    }
    query->profile_list.results = profiles;
    query->profile_list.count = count;
    return statement_close(&statement);
}
