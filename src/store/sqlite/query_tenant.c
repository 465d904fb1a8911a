#include "store/sqlite/query.h"
#include "store/sqlite/row.h"

bool query_tenant_get(struct database *database, struct store_query *query) {
    struct statement statement = statement_open(database, STATEMENT_TENANT_FIND);
    statement_bind_guid(&statement, &query->tenant);
    if (statement_next(&statement))
        row_read_tenant(&statement, query->arena, &query->tenant_get.result);
    else
        query->error = error_make(ERROR_NOT_FOUND, "There is no such tenant.");
    return statement_close(&statement);
}

bool query_tenant_list(struct database *database, struct store_query *query) {
    struct tenant *tenants = NULL;
    size_t count = 0;
    struct statement statement = statement_open(database, STATEMENT_TENANT_LIST);
    while (statement_next(&statement)) {
        tenants = query_grow(query, tenants, count, sizeof *tenants);
        row_read_tenant(&statement, query->arena, &tenants[count]);
        count++;
    }
    query->tenant_list.results = tenants;
    query->tenant_list.count = count;
    return statement_close(&statement);
}
