/* Tokens that were verified already, by the SHA-256 of the whole token.
 *
 * A fixed number of entries; when all are in use, the one used longest ago makes room. Only
 * verified tokens get in, so nobody can fill it without an issuer's help, and its memory is the
 * same whatever comes. One loop's thread; the count may be read by any. */
#ifndef MUSTER_AUTH_VERIFIED_CACHE_H
#define MUSTER_AUTH_VERIFIED_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "auth/published_keys.h"
#include "auth/token_payload.h"
#include "domain/principal.h"

#define VERIFIED_CACHE_DIGEST_SIZE 32

struct verified_cache;

/* Room for entries tokens, 1 or more. */
struct verified_cache *verified_cache_open(size_t entries) __attribute__((returns_nonnull));

/* The principal of the token with that digest, or NULL: when it is not there, not valid at now
 * (seconds since 1970), or its issuer's keys changed since. issuers is the array that the entries'
 * issuer counts in. Valid until the next call. */
const struct principal *verified_cache_find(struct verified_cache *cache,
                                            const uint8_t digest[static VERIFIED_CACHE_DIGEST_SIZE],
                                            struct published_keys *issuers, int64_t now);

/* What a token was found to be. */
struct verified_token {
    size_t issuer;       /* index */
    uint64_t generation; /* of the issuer's keys that verified it */
    struct token_lifetime lifetime;
    struct principal principal;
};

/* Remembers a token, in the place of an old entry for it if there is one. */
void verified_cache_add(struct verified_cache *cache,
                        const uint8_t digest[static VERIFIED_CACHE_DIGEST_SIZE],
                        const struct verified_token *token);

/* Entries in use, expired ones included. Any thread. */
size_t verified_cache_count(const struct verified_cache *cache);

void verified_cache_close(struct verified_cache *cache);

#endif
