#include "store/sqlite/listing.h"
#include "store/sqlite/listing_table.h"
#include "store/sqlite/query.h"
#include "store/sqlite/row.h"

bool query_audit_get(struct database *database, struct store_query *query) {
    struct statement statement = statement_open(database, STATEMENT_AUDIT_GET);
    statement_bind_guid(&statement, &query->tenant);
    statement_bind_integer(&statement, query->audit_get.row);
    if (statement_next(&statement))
        row_read_audit(&statement, query->arena, &query->audit_get.result);
    else
        query->error = error_make(ERROR_NOT_FOUND, "There is no such audit event.");
    return statement_close(&statement);
}

/* Numbers of rows have no gaps but where the oldest are gone, so a range of numbers bounds the
 * visits. */
static bool find_range(struct database *database, int64_t *oldest, int64_t *before) {
    int64_t newest = 0;
    if (!database_read_number(database, STATEMENT_AUDIT_OLDEST, oldest) ||
        !database_read_number(database, STATEMENT_AUDIT_NEWEST, &newest))
        return false;
    if (*before == 0 || *before > newest)
        *before = newest + 1;
    return true;
}

static bool run(struct database *database, struct store_query *query,
                const struct listing_source *source, const struct filter_value *parameters,
                const struct listing *listing) {
    struct audit_record *records = NULL;
    size_t count = 0;
    struct listing_cursor cursor =
        listing_open(database, query->arena, source, parameters, listing);
    while (listing_next(&cursor)) {
        records = query_grow(query, records, count, sizeof *records);
        row_read_audit(&cursor.statement, query->arena, &records[count]);
        count++;
    }
    query->audit_list.results = records;
    query->audit_list.count = count;
    return listing_close(&cursor, &query->audit_list.end, &query->error);
}

static struct filter_value number(int64_t value) {
    return (struct filter_value){.kind = FILTER_VALUE_INTEGER, .integer = value};
}

/* A page of the newest events before a row. The end of the range is a position like any other. */
static bool run_range(struct database *database, struct store_query *query) {
    struct listing listing = *query->audit_list.listing;
    struct listing_end *end = &query->audit_list.end;
    int64_t before = listing.has_after ? listing.after.row : 0;
    int64_t oldest = 0;
    if (!find_range(database, &oldest, &before))
        return false;
    int64_t from = before - STORE_AUDIT_ROWS_VISITED_AT_MOST;
    const struct filter_value of_tenant[] = {
        {.kind = FILTER_VALUE_GUID, .guid = query->tenant}, number(before), number(from)};
    const struct filter_value *of_nobody = &of_tenant[1];
    listing.has_after = false;
    if (!(guid_is_zero(&query->tenant)
              ? run(database, query, &listing_of_unowned_events, of_nobody, &listing)
              : run(database, query, &listing_of_recent_events, of_tenant, &listing)))
        return false;
    if (!end->has_more && from > oldest) {
        end->has_more = true;
        end->position.row = from;
    }
    return true;
}

/* What needs all events, an order or a count, is bounded by its cost alone. */
bool query_audit_list(struct database *database, struct store_query *query) {
    const struct listing *listing = query->audit_list.listing;
    const struct filter_value tenant = {.kind = FILTER_VALUE_GUID, .guid = query->tenant};
    if (listing->order_count > 0 || listing->skip > 0 || listing->wants_total)
        return run(database, query, &listing_of_events, &tenant, listing);
    return run_range(database, query);
}
