/* The registered claims of an access token (RFC 7519 section 4.1): when it is valid and for whom.
 * Pure; any thread. */
#ifndef MUSTER_AUTH_TOKEN_PAYLOAD_H
#define MUSTER_AUTH_TOKEN_PAYLOAD_H

#include <jansson.h>
#include <stdint.h>

#include "auth/issuer.h"
#include "base/error.h"

/* Seconds since 1970 between which a token is believed; the clock skew is counted in. */
struct token_lifetime {
    int64_t from;  /* the first second */
    int64_t until; /* the second from which it is not */
};

/* Reads exp (required), nbf and iat (optional): numbers, with a fraction or without. iat may not
 * lie in the future. Errors: ERROR_UNAUTHENTICATED when one is missing or no number, or when now
 * (seconds since 1970) lies outside. */
struct error token_payload_check_lifetime(const json_t *payload, int skew_seconds, int64_t now,
                                          struct token_lifetime *lifetime) MUST_CHECK;

/* Whether aud, a string or an array of strings, holds one of the issuer's audiences, byte for byte.
 * Errors: ERROR_UNAUTHENTICATED when it does not. */
struct error token_payload_check_audience(const json_t *payload,
                                          const struct issuer_settings *issuer) MUST_CHECK;

#endif
