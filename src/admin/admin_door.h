/* The door of the administration socket: tenants and their licences, and what concerns no tenant.
 *
 *   GET  /tenants                        -> 200 {"value": [tenant, …]}
 *   POST /tenants {"accountId", "displayName"?, "licensed"?} -> 201 tenant
 *   POST /tenants/{accountId}/license    -> 204
 *   POST /tenants/{accountId}/unlicense  -> 204
 *   GET  /unowned-events                 -> 200 {"value": [event, …], "@odata.nextLink"?}
 *   GET  /webhooks                       -> 200 {"value": [webhook, …]}
 *   POST /webhooks/{name}/skip           -> 200 the event that was given up
 *
 * There is no bearer token here: who can open the socket (mode 0600) is the operator. */
#ifndef MUSTER_ADMIN_ADMIN_DOOR_H
#define MUSTER_ADMIN_ADMIN_DOOR_H

#include "message/exchange.h"
#include "service/service.h"
#include "webhook/webhook_thread.h"

struct admin_door {
    struct door door;
    struct service *service;
    struct webhook_thread *webhooks;
};

/* service and webhooks outlive it; nothing to give back. */
struct admin_door admin_door_make(struct service *service, struct webhook_thread *webhooks);

#endif
