/* One call of the administration socket on its way through this folder. Lives in the exchange's
 * arena; the loop's thread. */
#ifndef MUSTER_ADMIN_ADMIN_CALL_H
#define MUSTER_ADMIN_ADMIN_CALL_H

#include "message/exchange.h"
#include "service/service.h"

struct admin_call {
    struct service *service;
    struct exchange *exchange;
    struct service_call service_call;
};

#endif
