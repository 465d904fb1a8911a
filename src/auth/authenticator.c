#include "auth/authenticator.h"

#include <openssl/evp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "auth/bearer.h"
#include "auth/key_fetcher.h"
#include "auth/published_keys.h"
#include "auth/refusal.h"
#include "auth/sign_in_address.h"
#include "auth/token_verify.h"
#include "auth/verified_cache.h"
#include "base/memory.h"

/* What one loop has for itself; apart in memory from the others', which it would slow down. */
struct authenticator_loop {
    _Alignas(64) EVP_MD_CTX *digest;
    struct verified_cache *cache;
    struct published_keys_view *views; /* one an issuer */
    _Atomic uint64_t hits;             /* written by the loop, read by any thread */
    _Atomic uint64_t misses;
    _Atomic uint64_t refused;
    _Atomic uint64_t missing;
};

struct authenticator {
    struct issuer_settings *issuers;
    struct published_keys *published; /* one an issuer */
    size_t issuer_count;
    struct authenticator_loop *loops;
    size_t loop_count;
    size_t cache_entries_at_most; /* of all loops together */
    int clock_skew_seconds;
    EVP_MD *sha256;
    struct key_fetcher *fetcher;
};

static struct error check_options(const struct authenticator_options *options) {
    if (options->loops == 0 || options->cache_entries == 0 || options->clock_skew_seconds < 0)
        return error_make(ERROR_INVALID, "The authenticator needs at least one loop and one cache "
                                         "entry, and a clock skew of 0 s or more.");
    for (size_t i = 0; i < options->issuer_count; i++) {
        const struct issuer_settings *issuer = &options->issuers[i];
        struct error error = issuer_check(issuer);
        if (!error_is_set(&error))
            error = issuer_check_others(issuer, options->issuers, i);
        if (error_is_set(&error))
            return error;
    }
    return error_none();
}

static struct error open_loops(struct authenticator *authenticator,
                               const struct authenticator_options *options) {
    authenticator->loops = aligned_alloc(_Alignof(struct authenticator_loop),
                                         options->loops * sizeof *authenticator->loops);
    if (authenticator->loops == NULL)
        return error_make(ERROR_INTERNAL, "There is no memory for %zu loops.", options->loops);
    memset(authenticator->loops, 0, options->loops * sizeof *authenticator->loops);
    authenticator->loop_count = options->loops;
    authenticator->cache_entries_at_most = options->loops * options->cache_entries;
    authenticator->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    for (size_t i = 0; i < options->loops; i++) {
        struct authenticator_loop *loop = &authenticator->loops[i];
        loop->digest = EVP_MD_CTX_new();
        loop->cache = verified_cache_open(options->cache_entries);
        loop->views = memory_allocate_zeroed(options->issuer_count, sizeof *loop->views);
        if (authenticator->sha256 == NULL || loop->digest == NULL)
            return error_make(ERROR_INTERNAL,
                              "OpenSSL offers no SHA-256: check its configuration.");
    }
    return error_none();
}

static void copy_issuers(struct authenticator *authenticator,
                         const struct authenticator_options *options) {
    authenticator->issuer_count = options->issuer_count;
    authenticator->issuers =
        memory_allocate_zeroed(options->issuer_count, sizeof *authenticator->issuers);
    authenticator->published =
        memory_allocate_zeroed(options->issuer_count, sizeof *authenticator->published);
    for (size_t i = 0; i < options->issuer_count; i++) {
        authenticator->issuers[i] = issuer_copy(&options->issuers[i]);
        published_keys_open(&authenticator->published[i]);
    }
}

struct error authenticator_open(const struct authenticator_options *options,
                                struct authenticator **authenticator) {
    *authenticator = NULL;
    struct error error = check_options(options);
    if (error_is_set(&error))
        return error;
    struct authenticator *made = memory_allocate_zeroed(1, sizeof *made);
    made->clock_skew_seconds = options->clock_skew_seconds;
    copy_issuers(made, options);
    error = open_loops(made, options);
    if (!error_is_set(&error))
        error = key_fetcher_open(made->issuers, made->published, made->issuer_count, options->clock,
                                 options->log, &made->fetcher);
    if (error_is_set(&error))
        authenticator_close(made);
    else
        *authenticator = made;
    return error;
}

/* Only the loop writes, so that no locked instruction is needed. */
static void count_one(_Atomic uint64_t *counter) {
    uint64_t value = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, value + 1, memory_order_relaxed);
}

static bool hash_token(struct authenticator *authenticator, struct authenticator_loop *loop,
                       struct slice token, uint8_t digest[static VERIFIED_CACHE_DIGEST_SIZE]) {
    return EVP_DigestInit_ex2(loop->digest, authenticator->sha256, NULL) == 1 &&
           EVP_DigestUpdate(loop->digest, token.data, token.length) == 1 &&
           EVP_DigestFinal_ex(loop->digest, digest, NULL) == 1;
}

static struct error verify(struct authenticator *authenticator, struct authenticator_loop *loop,
                           struct slice token, instant now, struct verified_token *verified) {
    size_t missing_key = 0;
    for (size_t i = 0; i < authenticator->issuer_count; i++)
        published_keys_look(&authenticator->published[i], &loop->views[i]);
    const struct token_trust trust = {.issuers = authenticator->issuers,
                                      .keys = loop->views,
                                      .issuer_count = authenticator->issuer_count,
                                      .clock_skew_seconds = authenticator->clock_skew_seconds};
    struct error error = token_verify(&trust, token, instant_to_unix(now), verified, &missing_key);
    if (missing_key < authenticator->issuer_count)
        key_fetcher_want(authenticator->fetcher, missing_key, now);
    return error;
}

static struct error check(struct authenticator *authenticator, struct authenticator_loop *loop,
                          struct slice token, instant now, struct principal *principal) {
    uint8_t digest[VERIFIED_CACHE_DIGEST_SIZE];
    struct verified_token verified;
    if (!hash_token(authenticator, loop, token, digest))
        return error_make(ERROR_INTERNAL, "The token cannot be hashed.");
    const struct principal *known =
        verified_cache_find(loop->cache, digest, authenticator->published, instant_to_unix(now));
    if (known != NULL) {
        count_one(&loop->hits);
        *principal = *known;
        return error_none();
    }
    count_one(&loop->misses);
    struct error error = verify(authenticator, loop, token, now, &verified);
    if (error_is_set(&error))
        return error;
    verified_cache_add(loop->cache, digest, &verified);
    *principal = verified.principal;
    return error_none();
}

struct error authenticator_check(struct authenticator *authenticator, size_t loop,
                                 struct slice authorization, instant now,
                                 struct principal *principal) {
    struct authenticator_loop *own = &authenticator->loops[loop];
    struct slice token;
    struct error error = bearer_parse(authorization, &token);
    bool is_missing = error_is_set(&error) && token.length == 0;
    if (!error_is_set(&error))
        error = check(authenticator, own, token, now, principal);
    if (error_is_set(&error))
        count_one(is_missing ? &own->missing : &own->refused);
    return error;
}

void authenticator_count_refused(struct authenticator *authenticator, size_t loop) {
    count_one(&authenticator->loops[loop].refused);
}

const char *authenticator_find_unready(const struct authenticator *authenticator, size_t *next) {
    while (*next < authenticator->issuer_count) {
        size_t i = (*next)++;
        if (!atomic_load_explicit(&authenticator->published[i].usable, memory_order_relaxed))
            return authenticator->issuers[i].name;
    }
    return NULL;
}

size_t authenticator_list_keys_ages(const struct authenticator *authenticator, instant now,
                                    struct arena *arena, struct authenticator_keys_age **ages) {
    size_t count = 0;
    *ages = arena_allocate_zeroed(arena, authenticator->issuer_count * sizeof **ages);
    for (size_t i = 0; i < authenticator->issuer_count; i++) {
        instant fetched =
            atomic_load_explicit(&authenticator->published[i].fetched, memory_order_relaxed);
        if (fetched == INSTANT_NEVER)
            continue;
        /* The clock may have been set back. */
        (*ages)[count++] = (struct authenticator_keys_age){
            .issuer = authenticator->issuers[i].name,
            .seconds = now > fetched ? (now - fetched) / INSTANT_TICKS_PER_SECOND : 0};
    }
    return count;
}

struct slice authenticator_find_sign_in_address(struct authenticator *authenticator,
                                                struct arena *arena) {
    if (authenticator->issuer_count == 0)
        return SLICE("");
    const struct issuer_settings *issuer = &authenticator->issuers[0];
    const char *settled = sign_in_address_find(issuer);
    if (settled != NULL)
        return slice_from_string(settled);
    struct slice found =
        published_keys_find_authorization_endpoint(&authenticator->published[0], arena);
    if (found.data == NULL && sign_in_address_is_valid(issuer->issuer))
        found = slice_from_string(issuer->issuer);
    return found.data == NULL ? SLICE("") : found;
}

struct authenticator_counts authenticator_count(struct authenticator *authenticator) {
    struct authenticator_counts counts = {.cache_entries_at_most =
                                              authenticator->cache_entries_at_most};
    for (size_t i = 0; i < authenticator->loop_count; i++) {
        struct authenticator_loop *loop = &authenticator->loops[i];
        counts.cache_hits += atomic_load_explicit(&loop->hits, memory_order_relaxed);
        counts.cache_misses += atomic_load_explicit(&loop->misses, memory_order_relaxed);
        counts.refused += atomic_load_explicit(&loop->refused, memory_order_relaxed);
        counts.missing += atomic_load_explicit(&loop->missing, memory_order_relaxed);
        counts.cache_entries += verified_cache_count(loop->cache);
    }
    return counts;
}

void authenticator_refresh(struct authenticator *authenticator) {
    key_fetcher_refresh(authenticator->fetcher);
}

static void close_loop(struct authenticator_loop *loop, size_t issuer_count) {
    EVP_MD_CTX_free(loop->digest);
    verified_cache_close(loop->cache);
    for (size_t i = 0; loop->views != NULL && i < issuer_count; i++)
        published_keys_forget(&loop->views[i]);
    free(loop->views);
}

void authenticator_close(struct authenticator *authenticator) {
    if (authenticator == NULL)
        return;
    key_fetcher_close(authenticator->fetcher);
    for (size_t i = 0; i < authenticator->loop_count; i++)
        close_loop(&authenticator->loops[i], authenticator->issuer_count);
    free(authenticator->loops);
    for (size_t i = 0; i < authenticator->issuer_count; i++) {
        published_keys_close(&authenticator->published[i]);
        issuer_free(&authenticator->issuers[i]);
    }
    free(authenticator->published);
    free(authenticator->issuers);
    EVP_MD_free(authenticator->sha256);
    free(authenticator);
}
