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

/* Asks for one more than the limit, to know whether there are more. */
bool query_audit_list(struct database *database, struct store_query *query) {
    struct audit_record *records = NULL;
    size_t count = 0;
    int64_t last = 0;
    int64_t before = query->audit_list.before_row;
    int64_t oldest = 0;
    if (!find_range(database, &oldest, &before))
        return false;
    int64_t from = before - STORE_AUDIT_ROWS_VISITED_AT_MOST;
    struct statement statement = statement_open(database, STATEMENT_AUDIT_LIST);
    statement_bind_guid(&statement, &query->tenant);
    statement_bind_integer(&statement, before);
    statement_bind_integer(&statement, from);
    statement_bind_integer(&statement, (int64_t)query->audit_list.limit + 1);
    query->audit_list.next_before_row = from > oldest ? from : 0;
    while (statement_next(&statement)) {
        if (count == query->audit_list.limit) {
            query->audit_list.next_before_row = last;
            break;
        }
        records = query_grow(query, records, count, sizeof *records);
        row_read_audit(&statement, query->arena, &records[count]);
        last = records[count].row;
        count++;
    }
    query->audit_list.results = records;
    query->audit_list.count = count;
    return statement_close(&statement);
}
