/* Enrollment profiles: create, get, list, update, delete. */
#ifndef MUSTER_SERVICE_PROFILES_H
#define MUSTER_SERVICE_PROFILES_H

#include "service/service.h"

/* One profile, or an error and NULL. */
typedef void profiles_got(void *context, const struct error *error, const struct profile *profile);

struct profiles_page {
    const struct profile *profiles;
    size_t count;
    const struct listing_end *end;
};

typedef void profiles_listed(void *context, const struct error *error,
                             const struct profiles_page *page);

/* Errors of all: ERROR_INVALID for a property, ERROR_FORBIDDEN for the tenant's licence,
 * ERROR_NOT_FOUND for a profile that is not there or not the tenant's, ERROR_UNAVAILABLE. */
void profiles_create(struct service *service, const struct service_call *call, enum profile_set set,
                     const struct profile_changes *changes, profiles_got *done);
void profiles_get(struct service *service, const struct service_call *call, enum profile_set set,
                  const struct guid *id, profiles_got *done);
void profiles_update(struct service *service, const struct service_call *call, enum profile_set set,
                     const struct guid *id, const struct profile_changes *changes,
                     profiles_got *done);
void profiles_delete(struct service *service, const struct service_call *call, enum profile_set set,
                     const struct guid *id, service_done *done);

/* One page. The listing, whose fields are of enum profile_field, must stay until done is called.
 * ERROR_INVALID for one that costs too much. */
void profiles_list(struct service *service, const struct service_call *call, enum profile_set set,
                   const struct listing *listing, profiles_listed *done);

#endif
