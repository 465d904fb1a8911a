/* The sentences with which Graph refuses a bearer token (docs/api.md). They say what the client can
 * put right and nothing else; none holds a byte of the token. Any thread. */
#ifndef MUSTER_AUTH_REFUSAL_H
#define MUSTER_AUTH_REFUSAL_H

#include "base/error.h"

static inline struct error refusal_of_missing_token(void) {
    return error_make(ERROR_UNAUTHENTICATED, "Access token is empty.");
}

static inline struct error refusal_of_expired_token(void) {
    return error_make(ERROR_UNAUTHENTICATED, "Lifetime validation failed, the token is expired.");
}

static inline struct error refusal_of_early_token(void) {
    return error_make(ERROR_UNAUTHENTICATED,
                      "Lifetime validation failed, the token is not yet valid.");
}

/* "Access token validation failure. <reason>" */
static inline struct error refusal_because(const char *reason) {
    return error_make(ERROR_UNAUTHENTICATED, "Access token validation failure. %s", reason);
}

#endif
