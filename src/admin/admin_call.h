/* One call of the administration socket on its way through this folder. Lives in the exchange's
 * arena; the loop's thread. */
#ifndef MUSTER_ADMIN_ADMIN_CALL_H
#define MUSTER_ADMIN_ADMIN_CALL_H

#include "message/exchange.h"
#include "service/service.h"
#include "webhook/webhook_thread.h"

struct admin_call {
    struct service *service;
    struct webhook_thread *webhooks;
    struct exchange *exchange;
    struct slice key; /* what stood for the pattern's "*" */
    struct service_call service_call;
};

#endif
