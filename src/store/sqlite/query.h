/* Runs queries on one loop's own connection, at once. */
#ifndef MUSTER_STORE_SQLITE_QUERY_H
#define MUSTER_STORE_SQLITE_QUERY_H

#include <stdbool.h>

#include "service/store_port.h"
#include "store/sqlite/statement.h"

/* Fills in the query's result or sets its error. False when the engine failed. */
bool query_run(struct database *database, struct store_query *query) MUST_CHECK;

/* One for each kind. */
typedef bool query_handler(struct database *database, struct store_query *query);
query_handler query_tenant_get;
query_handler query_tenant_list;
query_handler query_profile_get;
query_handler query_profile_list;
query_handler query_device_get;
query_handler query_device_get_by_credential;
query_handler query_device_list;
query_handler query_audit_get;
query_handler query_audit_list;
query_handler query_audit_follow;
query_handler query_token_list_new;
query_handler query_token_list_current;

/* Makes room in the query's arena for one more element of a list that holds count; the list moves
 * when it has to grow. */
void *query_grow(struct store_query *query, void *list, size_t count, size_t size);

#endif
