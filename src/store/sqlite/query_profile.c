#include "store/sqlite/listing.h"
#include "store/sqlite/listing_table.h"
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

bool query_profile_list(struct database *database, struct store_query *query) {
    const struct filter_value parameters[] = {
        {.kind = FILTER_VALUE_GUID, .guid = query->tenant},
        {.kind = FILTER_VALUE_INTEGER, .integer = query->profile_list.set},
        {.kind = FILTER_VALUE_INTEGER, .integer = query->profile_list.set},
    };
    struct profile *profiles = NULL;
    size_t count = 0;
    struct listing_cursor cursor = listing_open(database, query->arena, &listing_of_profiles,
                                                parameters, query->profile_list.listing);
    while (listing_next(&cursor)) {
        profiles = query_grow(query, profiles, count, sizeof *profiles);
        row_read_profile(&cursor.statement, query->arena, &profiles[count]);
        count++;
    }
    query->profile_list.results = profiles;
    query->profile_list.count = count;
    return listing_close(&cursor, &query->profile_list.end, &query->error);
}
