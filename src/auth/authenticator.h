/* From an Authorization header to a principal: the one place that decides whether a bearer token
 * is believed.
 *
 * It holds the issuers that are trusted, their keys, and for each loop a bounded cache of tokens
 * that were verified already, so that a signature is checked once and not at every call. A cached
 * token is believed until it expires or a key of its issuer goes. Keys are fetched by a thread of
 * its own; a request never waits for it. */
#ifndef MUSTER_AUTH_AUTHENTICATOR_H
#define MUSTER_AUTH_AUTHENTICATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "auth/issuer.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/instant.h"
#include "base/log.h"
#include "base/slice.h"
#include "domain/principal.h"

/* A bearer token that is longer is refused unread. */
#define AUTHENTICATOR_TOKEN_BYTES_AT_MOST 16384
#define AUTHENTICATOR_DEFAULT_CLOCK_SKEW_SECONDS 60
/* Verified tokens remembered by each loop, at most. */
#define AUTHENTICATOR_DEFAULT_CACHE_ENTRIES 4096

struct authenticator;

struct authenticator_options {
    const struct issuer_settings *issuers; /* copied */
    size_t issuer_count;
    size_t loops;           /* how many threads will call authenticator_check */
    int clock_skew_seconds; /* allowed on exp and nbf; 0 or more */
    size_t cache_entries;   /* per loop; at least 1 */
    const struct clock *clock;
    struct log *log;
};

struct authenticator_counts {
    uint64_t cache_hits;
    uint64_t cache_misses;
    uint64_t refused;             /* tokens that were not believed */
    uint64_t missing;             /* calls without a bearer token */
    size_t cache_entries;         /* in all loops at present */
    size_t cache_entries_at_most; /* in all loops */
};

/* Checks the settings, starts the thread that fetches keys and returns without waiting for it.
 * Errors: ERROR_INVALID naming the issuer and the setting. */
struct error authenticator_open(const struct authenticator_options *options,
                                struct authenticator **authenticator) MUST_CHECK;

/* Verifies the value of an Authorization header (a NULL pointer when the request has none) and
 * tells who calls. Errors: ERROR_UNAUTHENTICATED with the sentence that Graph gives
 * (docs/api.md); never says which part of a token was right. loop's thread only; does not block. */
struct error authenticator_check(struct authenticator *authenticator, size_t loop,
                                 struct slice authorization, instant now,
                                 struct principal *principal) MUST_CHECK;

/* Counts tokens that the caller refused unread. loop's thread only. */
void authenticator_count_refused(struct authenticator *authenticator, size_t loop);

/* The name of the next issuer whose keys are not known, NULL when there is none; *next is 0 for the
 * first. Any thread. */
const char *authenticator_find_unready(const struct authenticator *authenticator, size_t *next);

/* How old an issuer's keys are: since they were last fetched, changed or not. */
struct authenticator_keys_age {
    const char *issuer; /* the name in its settings */
    int64_t seconds;
};

/* Of each issuer whose keys have been fetched; *ages, in the arena, has as many as are returned.
 * Any thread. */
size_t authenticator_list_keys_ages(const struct authenticator *authenticator, instant now,
                                    struct arena *arena, struct authenticator_keys_age **ages);

/* Where a client gets a token: the authorization endpoint of the first issuer, as it is configured,
 * Graph's own for Entra, or discovered; the issuer itself where none is known. In the arena or the
 * authenticator's memory, and fit to stand in quotes. Empty without issuers. Any thread. */
struct slice authenticator_find_sign_in_address(struct authenticator *authenticator,
                                                struct arena *arena);

/* Sums over all loops; exact enough for a graph. Any thread. */
struct authenticator_counts authenticator_count(struct authenticator *authenticator);

/* Has every issuer's keys fetched again now (SIGHUP). Any thread. */
void authenticator_refresh(struct authenticator *authenticator);

/* Stops the thread (within a second or two even when an issuer does not answer) and gives
 * everything back. No loop may call it any more. */
void authenticator_close(struct authenticator *authenticator);

#endif
