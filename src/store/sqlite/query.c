#include "store/sqlite/query.h"

#include <string.h>

#define FIRST_CAPACITY 8

static query_handler *const handlers[] = {
    [STORE_TENANT_GET] = query_tenant_get,
    [STORE_TENANT_LIST] = query_tenant_list,
    [STORE_PROFILE_GET] = query_profile_get,
    [STORE_PROFILE_LIST] = query_profile_list,
    [STORE_DEVICE_GET] = query_device_get,
    [STORE_DEVICE_GET_BY_CREDENTIAL] = query_device_get_by_credential,
    [STORE_DEVICE_LIST] = query_device_list,
    [STORE_AUDIT_GET] = query_audit_get,
    [STORE_AUDIT_LIST] = query_audit_list,
    [STORE_AUDIT_FOLLOW] = query_audit_follow,
    [STORE_TOKEN_LIST_NEW] = query_token_list_new,
    [STORE_TOKEN_LIST_CURRENT] = query_token_list_current,
};

bool query_run(struct database *database, struct store_query *query) {
    query->error = error_none();
    return handlers[query->kind](database, query);
}

/* Capacities are powers of two from FIRST_CAPACITY on, so that the count alone says when one is
 * reached. */
void *query_grow(struct store_query *query, void *list, size_t count, size_t size) {
    if (count == 0)
        return arena_allocate(query->arena, FIRST_CAPACITY * size);
    if (count < FIRST_CAPACITY || (count & (count - 1)) != 0)
        return list;
    void *grown = arena_allocate(query->arena, 2 * count * size);
    memcpy(grown, list, count * size);
    return grown;
}
