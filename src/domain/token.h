/* The enrollment token and the rules of its life. No I/O; any thread.
 *
 * Whether a token is accepted follows from instants alone, so no timer has to run for it to be
 * true, and two servers that share a database agree. */
#ifndef MUSTER_DOMAIN_TOKEN_H
#define MUSTER_DOMAIN_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/instant.h"

#define TOKEN_NONCE_SIZE 8
/* createToken's tokenValidityInSeconds is an Edm.Int32. */
#define TOKEN_VALIDITY_SECONDS_AT_LEAST 1
#define TOKEN_VALIDITY_SECONDS_AT_MOST INT32_MAX

enum token_end {
    TOKEN_NOT_ENDED = 0,
    TOKEN_REPLACED = 1, /* a newer one became the profile's current token */
    TOKEN_REVOKED = 2,
};

enum token_state {
    TOKEN_STATE_ACTIVE,
    TOKEN_STATE_REPLACED,
    TOKEN_STATE_REVOKED,
    TOKEN_STATE_EXPIRED,
};

struct token {
    int64_t id; /* the store's key, ever-growing; 0: no token */
    uint8_t nonce[TOKEN_NONCE_SIZE];
    instant created;
    instant expires;         /* no longer accepted from this instant on */
    enum token_end end;      /* what ended it, if anything did */
    instant ended;           /* no longer accepted from here on; may lie ahead (overlap) */
    int64_t enrollments;     /* devices that redeemed it */
    int64_t max_enrollments; /* 0: no limit */
};

/* Checks tokenValidityInSeconds; the error names the parameter and its limits. */
struct error token_validity_check(int64_t seconds) MUST_CHECK;

/* The instant at which a token made now stops being accepted; never beyond INSTANT_LAST. */
instant token_expiry(instant now, int32_t validity_seconds);

/* The instant from which somebody should be told that a token is about to expire: so many seconds
 * before it does. INSTANT_NEVER for one that was made to live no longer than that: it is short on
 * purpose; and always with 0 seconds. */
instant token_warning_instant(instant created, instant expires, int64_t warning_seconds);

/* What became of the token. */
enum token_state token_state_at(const struct token *token, instant now);

/* Whether a device may redeem it: neither expired, nor ended; the limit is not looked at. */
bool token_is_live_at(const struct token *token, instant now);

/* The instant from which it is not accepted any more: its expiry, or its earlier end. */
instant token_effective_expiry(const struct token *token);

#endif
