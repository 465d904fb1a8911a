/* From the value of an Authorization header to the parts of a compact JWS. Looks at characters
 * only; believes nothing. Messages never hold a byte of the token. Pure; any thread. */
#ifndef MUSTER_AUTH_BEARER_H
#define MUSTER_AUTH_BEARER_H

#include "base/error.h"
#include "base/slice.h"

/* Cuts the token out of "Bearer <token>" (RFC 6750 section 2.1; the scheme in any case, RFC 9110
 * section 11.1). Its characters are not looked at yet: a token that is known already had the right
 * ones. Errors: ERROR_UNAUTHENTICATED when there is none or another scheme, and token is empty
 * then, or more than AUTHENTICATOR_TOKEN_BYTES_AT_MOST. */
struct error bearer_parse(struct slice authorization, struct slice *token) MUST_CHECK;

/* The three parts of a compact JWS (RFC 7515 section 7.1), still encoded. */
struct compact_jws {
    struct slice header;
    struct slice payload;
    struct slice signature;
};

/* Splits the token at its dots. Errors: ERROR_UNAUTHENTICATED for characters outside b64token, such
 * as a blank before a second token, when it has not exactly two dots, or an empty part. */
struct error bearer_split(struct slice token, struct compact_jws *jws) MUST_CHECK;

#endif
