/* Tenants and their licences: the operator's use cases, and the gate that every call passes. */
#ifndef MUSTER_SERVICE_TENANTS_H
#define MUSTER_SERVICE_TENANTS_H

#include "service/service.h"

typedef void tenants_got(void *context, const struct error *error, const struct tenant *tenants,
                         size_t count);

/* Whether call->tenant is known and has an active licence; ERROR_FORBIDDEN says which is not so. */
void tenants_admit(struct service *service, const struct service_call *call, service_done *done);

/* Adds call->tenant. name has at most TENANT_NAME_BYTES_AT_MOST bytes. ERROR_CONFLICT when it is
 * there already. */
void tenants_add(struct service *service, const struct service_call *call, struct slice name,
                 bool licensed, tenants_got *done);

/* Gives call->tenant a licence or takes it away; ERROR_NOT_FOUND when it is unknown. */
void tenants_set_licensed(struct service *service, const struct service_call *call, bool licensed,
                          service_done *done);

/* All tenants, in the order in which they were added. */
void tenants_list(struct service *service, const struct service_call *call, tenants_got *done);

#endif
