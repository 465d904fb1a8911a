/* Judges one access token against the issuers that are trusted. Pure: keys and time are given.
 *
 * The order matters: the header is judged before a key is chosen, the signature before anything
 * that the token claims is told to the caller. One thread at a time per trust. */
#ifndef MUSTER_AUTH_TOKEN_VERIFY_H
#define MUSTER_AUTH_TOKEN_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "auth/issuer.h"
#include "auth/published_keys.h"
#include "auth/verified_cache.h"
#include "base/error.h"
#include "base/slice.h"

struct token_trust {
    const struct issuer_settings *issuers;
    const struct published_keys_view *keys; /* one view an issuer, up to date */
    size_t issuer_count;
    int clock_skew_seconds;
};

/* Verifies a token (RFC 8725 and RFC 9068 section 4 as far as they bind a resource server); now is
 * in seconds since 1970. Errors: ERROR_UNAUTHENTICATED. missing_key gets the index of the issuer
 * whose keys may be out of date because the token names a key that is not among them, else
 * issuer_count. */
struct error token_verify(const struct token_trust *trust, struct slice token, int64_t now,
                          struct verified_token *verified, size_t *missing_key) MUST_CHECK;

#endif
