/* The audit as administrators read it. */
#ifndef MUSTER_SERVICE_AUDIT_H
#define MUSTER_SERVICE_AUDIT_H

#include "service/service.h"

struct audit_page {
    const struct audit_record *records;
    size_t count; /* may be 0 although there are more */
    const struct listing_end *end;
};

typedef void audit_got(void *context, const struct error *error, const struct audit_record *record);
typedef void audit_listed(void *context, const struct error *error, const struct audit_page *page);

/* The event of that id (audit_id_make), if it is one of call->tenant's; else ERROR_NOT_FOUND. */
void audit_get(struct service *service, const struct service_call *call, const struct guid *id,
               audit_got *done);

/* One page of call->tenant's events, the newest first where the listing has no order. Its fields
 * are of enum audit_field; it must stay until done is called. Without an order it looks at a
 * bounded number of rows (STORE_AUDIT_ROWS_VISITED_AT_MOST), so a page may be short, or empty,
 * before the last one. ERROR_INVALID for a listing that costs too much.
 *
 * A tenant of all zero stands for the events that are no tenant's, such as a device refused with a
 * token that nobody made; the listing then has neither an order nor a count. */
void audit_list(struct service *service, const struct service_call *call,
                const struct listing *listing, audit_listed *done);

#endif
