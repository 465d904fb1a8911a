#include "store/sqlite/listing.h"
#include "store/sqlite/listing_table.h"
#include "store/sqlite/nonce.h"
#include "store/sqlite/query.h"
#include "store/sqlite/row.h"

bool query_device_get(struct database *database, struct store_query *query) {
    struct statement statement = statement_open(database, STATEMENT_DEVICE_GET);
    statement_bind_guid(&statement, &query->tenant);
    statement_bind_guid(&statement, &query->device_get.id);
    if (statement_next(&statement))
        row_read_device(&statement, query->arena, &query->device_get.result);
    else
        query->error = error_make(ERROR_NOT_FOUND, "There is no such device.");
    return statement_close(&statement);
}

static bool check_credential(struct database *database, struct store_query *query,
                             bool *is_accepted) {
    *is_accepted = false;
    struct statement statement = statement_open(database, STATEMENT_DEVICE_CREDENTIAL);
    statement_bind_integer(&statement, query->device_get_by_credential.device_row);
    if (statement_next(&statement) && !statement_is_null(&statement, 0)) {
        uint8_t nonce[DEVICE_CREDENTIAL_NONCE_SIZE];
        statement_bytes(&statement, 0, nonce, sizeof nonce);
        *is_accepted =
            nonce_equals(nonce, query->device_get_by_credential.credential_nonce, sizeof nonce);
    }
    return statement_close(&statement);
}

bool query_device_get_by_credential(struct database *database, struct store_query *query) {
    bool is_accepted = false;
    if (!check_credential(database, query, &is_accepted))
        return false;
    bool is_found = false;
    if (is_accepted) {
        struct statement statement = statement_open(database, STATEMENT_DEVICE_BY_ROW);
        statement_bind_integer(&statement, query->device_get_by_credential.device_row);
        is_found = statement_next(&statement);
        if (is_found)
            row_read_device(&statement, query->arena, &query->device_get_by_credential.result);
        if (!statement_close(&statement))
            return false;
    }
    /* Not there any more: deleted between the two reads. */
    if (!is_found)
        query->error = error_make(ERROR_UNAUTHENTICATED, "The device credential is not accepted.");
    return true;
}

bool query_device_list(struct database *database, struct store_query *query) {
    const struct filter_value tenant = {.kind = FILTER_VALUE_GUID, .guid = query->tenant};
    struct device *devices = NULL;
    size_t count = 0;
    struct listing_cursor cursor = listing_open(database, query->arena, &listing_of_devices,
                                                &tenant, query->device_list.listing);
    while (listing_next(&cursor)) {
        devices = query_grow(query, devices, count, sizeof *devices);
        row_read_device(&cursor.statement, query->arena, &devices[count]);
        count++;
    }
    query->device_list.results = devices;
    query->device_list.count = count;
    return listing_close(&cursor, &query->device_list.end, &query->error);
}
