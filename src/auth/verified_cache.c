#include "auth/verified_cache.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define WAYS 8

struct entry {
    uint64_t last_used; /* the cache's tick; 0: empty */
    struct verified_token token;
};

struct bucket {
    uint8_t digests[WAYS][VERIFIED_CACHE_DIGEST_SIZE];
    struct entry entries[WAYS];
};

struct verified_cache {
    size_t bucket_mask; /* buckets - 1, a power of two */
    uint64_t tick;
    atomic_size_t count;
    struct bucket *buckets;
};

struct verified_cache *verified_cache_open(size_t entries) {
    size_t buckets = 1;
    while (buckets * WAYS < entries)
        buckets *= 2;
    struct verified_cache *cache = memory_allocate_zeroed(1, sizeof *cache);
    cache->bucket_mask = buckets - 1;
    cache->buckets = memory_allocate_zeroed(buckets, sizeof *cache->buckets);
    atomic_init(&cache->count, 0);
    return cache;
}

/* A digest's bits are as good as random. */
static struct bucket *find_bucket(struct verified_cache *cache, const uint8_t *digest) {
    uint64_t bits;
    memcpy(&bits, digest, sizeof bits);
    return &cache->buckets[bits & cache->bucket_mask];
}

static struct entry *find_entry(struct bucket *bucket, const uint8_t *digest) {
    for (size_t i = 0; i < WAYS; i++) {
        if (bucket->entries[i].last_used != 0 &&
            memcmp(bucket->digests[i], digest, VERIFIED_CACHE_DIGEST_SIZE) == 0)
            return &bucket->entries[i];
    }
    return NULL;
}

const struct principal *verified_cache_find(struct verified_cache *cache,
                                            const uint8_t digest[static VERIFIED_CACHE_DIGEST_SIZE],
                                            struct published_keys *issuers, int64_t now) {
    struct entry *entry = find_entry(find_bucket(cache, digest), digest);
    if (entry == NULL)
        return NULL;
    const struct verified_token *token = &entry->token;
    if (now < token->lifetime.from || now >= token->lifetime.until ||
        token->generation != published_keys_generation(&issuers[token->issuer]))
        return NULL;
    entry->last_used = ++cache->tick;
    return &token->principal;
}

void verified_cache_add(struct verified_cache *cache,
                        const uint8_t digest[static VERIFIED_CACHE_DIGEST_SIZE],
                        const struct verified_token *token) {
    struct bucket *bucket = find_bucket(cache, digest);
    struct entry *entry = find_entry(bucket, digest);
    for (size_t i = 0; entry == NULL && i < WAYS; i++) {
        if (bucket->entries[i].last_used == 0)
            entry = &bucket->entries[i];
    }
    if (entry == NULL) {
        entry = &bucket->entries[0];
        for (size_t i = 1; i < WAYS; i++) {
            if (bucket->entries[i].last_used < entry->last_used)
                entry = &bucket->entries[i];
        }
    }
    if (entry->last_used == 0)
        (void)atomic_fetch_add_explicit(&cache->count, 1, memory_order_relaxed);
    memcpy(bucket->digests[entry - bucket->entries], digest, VERIFIED_CACHE_DIGEST_SIZE);
    entry->token = *token;
    entry->last_used = ++cache->tick;
}

size_t verified_cache_count(const struct verified_cache *cache) {
    return atomic_load_explicit(&cache->count, memory_order_relaxed);
}

void verified_cache_close(struct verified_cache *cache) {
    if (cache == NULL)
        return;
    free(cache->buckets);
    free(cache);
}
