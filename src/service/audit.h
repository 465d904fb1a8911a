/* The audit as administrators read it. */
#ifndef MUSTER_SERVICE_AUDIT_H
#define MUSTER_SERVICE_AUDIT_H

#include "service/service.h"

struct audit_page {
    const struct audit_record *records;
    size_t count;            /* may be 0 although there are more */
    int64_t next_before_row; /* 0: there are no more */
};

typedef void audit_got(void *context, const struct error *error, const struct audit_record *record);
typedef void audit_listed(void *context, const struct error *error, const struct audit_page *page);

/* The event of that id (audit_id_make), if it is one of call->tenant's; else ERROR_NOT_FOUND. */
void audit_get(struct service *service, const struct service_call *call, const struct guid *id,
               audit_got *done);

/* At most limit of call->tenant's events, the newest first, from before the row before_row on (0:
 * from the newest). Looks at a bounded number of rows (STORE_AUDIT_ROWS_VISITED_AT_MOST), so a page
 * may be short, or empty, before the last one. */
void audit_list(struct service *service, const struct service_call *call, int64_t before_row,
                size_t limit, audit_listed *done);

#endif
