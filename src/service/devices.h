/* Devices: redeem a token, look at oneself, leave; list, retire, delete for administrators. */
#ifndef MUSTER_SERVICE_DEVICES_H
#define MUSTER_SERVICE_DEVICES_H

#include "service/service.h"

/* What a device is told when it has been let in. */
struct devices_enrollment {
    const struct device *device;
    const char *credential; /* to be shown once, kept nowhere */
    bool is_new;
};

typedef void devices_enrolled(void *context, const struct error *error,
                              const struct devices_enrollment *enrollment);
typedef void devices_got(void *context, const struct error *error, const struct device *device);

struct devices_page {
    const struct device *devices;
    size_t count;
    const struct listing_end *end;
};
typedef void devices_listed(void *context, const struct error *error,
                            const struct devices_page *page);

/* Redeems token for the device that describes itself. call->tenant is not used: the token says
 * whose it is. Errors: ERROR_INVALID for the description; ERROR_FORBIDDEN, always the same,
 * whatever is wrong with the token (the audit has the reason); ERROR_UNAVAILABLE. */
void devices_enroll(struct service *service, const struct service_call *call, struct slice token,
                    const struct device_description *description, devices_enrolled *done);

/* The device that holds the credential; ERROR_UNAUTHENTICATED when none does (any more). */
void devices_get_by_credential(struct service *service, const struct service_call *call,
                               struct slice credential, devices_got *done);

/* The device that holds the credential leaves, and the credential ends. */
void devices_leave(struct service *service, const struct service_call *call,
                   struct slice credential, service_done *done);

/* Devices of call->tenant. */
void devices_get(struct service *service, const struct service_call *call, const struct guid *id,
                 devices_got *done);

/* One page of them. The listing, whose fields are of enum device_field, must stay until done is
 * called. ERROR_INVALID for one that costs too much. */
void devices_list(struct service *service, const struct service_call *call,
                  const struct listing *listing, devices_listed *done);

/* Ends the device's credential at once; the record stays. */
void devices_retire(struct service *service, const struct service_call *call, const struct guid *id,
                    service_done *done);

/* Ends the credential and removes the record. */
void devices_delete(struct service *service, const struct service_call *call, const struct guid *id,
                    service_done *done);

#endif
