/* Enrollment tokens: createToken, revokeToken, and a live token's value. */
#ifndef MUSTER_SERVICE_TOKENS_H
#define MUSTER_SERVICE_TOKENS_H

#include "service/profiles.h"
#include "service/service.h"

struct tokens_create_options {
    int64_t validity_seconds; /* as the client gave it; checked here */
    int64_t max_enrollments;  /* 0: no limit */
    bool wants_profile;       /* hand the profile to done; else it gets NULL */
};

/* Makes a new token the profile's current one. The one before it is not accepted any more, except
 * for the server's overlap. Errors as in profiles.h. */
void tokens_create(struct service *service, const struct service_call *call, enum profile_set set,
                   const struct guid *profile_id, const struct tokens_create_options *options,
                   profiles_got *done);

/* Ends every live token of the profile at once; succeeds when there is none. */
void tokens_revoke(struct service *service, const struct service_call *call, enum profile_set set,
                   const struct guid *profile_id, service_done *done);

/* The value of the profile's current token while devices may redeem it; NULL otherwise. Returns
 * text or NULL. */
const char *tokens_live_value(const struct service *service, const struct profile *profile,
                              instant now, char text[static AUTHORITY_TEXT_SIZE]);

#endif
