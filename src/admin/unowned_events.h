/* Audit events that are no tenant's, such as a device refused with a token that nobody made: no
 * administrator of a tenant may see them, the operator may. */
#ifndef MUSTER_ADMIN_UNOWNED_EVENTS_H
#define MUSTER_ADMIN_UNOWNED_EVENTS_H

#include "admin/admin_call.h"

/* Answers with a page, the newest first; "?before=N" goes on from a page's @odata.nextLink. */
void unowned_events_list(struct admin_call *call);

#endif
