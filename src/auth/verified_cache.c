#include "auth/verified_cache.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Entries are named by their index; this is no entry. */
#define NONE UINT32_MAX
#define ENTRIES_AT_MOST (1U << 24)

struct entry {
    uint8_t digest[VERIFIED_CACHE_DIGEST_SIZE];
    uint32_t next_in_chain;
    uint32_t newer; /* used after this one */
    uint32_t older;
    struct verified_token token;
};

struct verified_cache {
    uint32_t *chains; /* the first entry of each; a power of two */
    size_t chain_mask;
    struct entry *entries;
    uint32_t capacity;
    _Atomic uint32_t count;
    uint32_t newest;
    uint32_t oldest;
};

struct verified_cache *verified_cache_open(size_t entries) {
    struct verified_cache *cache = memory_allocate_zeroed(1, sizeof *cache);
    cache->capacity = (uint32_t)(entries < ENTRIES_AT_MOST ? entries : ENTRIES_AT_MOST);
    size_t chains = 1;
    while (chains < cache->capacity)
        chains *= 2;
    cache->chain_mask = chains - 1;
    cache->chains = memory_allocate_zeroed(chains, sizeof *cache->chains);
    for (size_t i = 0; i < chains; i++)
        cache->chains[i] = NONE;
    cache->entries = memory_allocate_zeroed(cache->capacity, sizeof *cache->entries);
    atomic_init(&cache->count, 0);
    cache->newest = NONE;
    cache->oldest = NONE;
    return cache;
}

/* A digest's bits are as good as random. */
static uint32_t *find_chain(struct verified_cache *cache, const uint8_t *digest) {
    uint64_t bits;
    memcpy(&bits, digest, sizeof bits);
    return &cache->chains[bits & cache->chain_mask];
}

static uint32_t find_entry(struct verified_cache *cache, const uint8_t *digest) {
    uint32_t at = *find_chain(cache, digest);
    while (at != NONE && memcmp(cache->entries[at].digest, digest, VERIFIED_CACHE_DIGEST_SIZE) != 0)
        at = cache->entries[at].next_in_chain;
    return at;
}

static void unlink_from_order(struct verified_cache *cache, uint32_t index) {
    const struct entry *entry = &cache->entries[index];
    if (entry->newer != NONE)
        cache->entries[entry->newer].older = entry->older;
    else
        cache->newest = entry->older;
    if (entry->older != NONE)
        cache->entries[entry->older].newer = entry->newer;
    else
        cache->oldest = entry->newer;
}

static void link_as_newest(struct verified_cache *cache, uint32_t index) {
    struct entry *entry = &cache->entries[index];
    entry->newer = NONE;
    entry->older = cache->newest;
    if (cache->newest != NONE)
        cache->entries[cache->newest].newer = index;
    else
        cache->oldest = index;
    cache->newest = index;
}

static void touch(struct verified_cache *cache, uint32_t index) {
    if (cache->newest == index)
        return;
    unlink_from_order(cache, index);
    link_as_newest(cache, index);
}

const struct principal *verified_cache_find(struct verified_cache *cache,
                                            const uint8_t digest[static VERIFIED_CACHE_DIGEST_SIZE],
                                            struct published_keys *issuers, int64_t now) {
    uint32_t index = find_entry(cache, digest);
    if (index == NONE)
        return NULL;
    const struct verified_token *token = &cache->entries[index].token;
    if (now < token->lifetime.from || now >= token->lifetime.until ||
        token->generation != published_keys_generation(&issuers[token->issuer]))
        return NULL;
    touch(cache, index);
    return &token->principal;
}

static void unlink_from_chain(struct verified_cache *cache, uint32_t index) {
    uint32_t *link = find_chain(cache, cache->entries[index].digest);
    while (*link != index)
        link = &cache->entries[*link].next_in_chain;
    *link = cache->entries[index].next_in_chain;
}

/* An entry without a place in chains and order: a fresh one, else the one used longest ago. */
static uint32_t take_entry(struct verified_cache *cache) {
    uint32_t count = atomic_load_explicit(&cache->count, memory_order_relaxed);
    if (count < cache->capacity) {
        atomic_store_explicit(&cache->count, count + 1, memory_order_relaxed);
        return count;
    }
    uint32_t index = cache->oldest;
    unlink_from_chain(cache, index);
    unlink_from_order(cache, index);
    return index;
}

void verified_cache_add(struct verified_cache *cache,
                        const uint8_t digest[static VERIFIED_CACHE_DIGEST_SIZE],
                        const struct verified_token *token) {
    uint32_t index = find_entry(cache, digest);
    if (index != NONE) {
        touch(cache, index);
    } else {
        index = take_entry(cache);
        uint32_t *chain = find_chain(cache, digest);
        memcpy(cache->entries[index].digest, digest, VERIFIED_CACHE_DIGEST_SIZE);
        cache->entries[index].next_in_chain = *chain;
        *chain = index;
        link_as_newest(cache, index);
    }
    cache->entries[index].token = *token;
}

size_t verified_cache_count(const struct verified_cache *cache) {
    return atomic_load_explicit(&cache->count, memory_order_relaxed);
}

void verified_cache_close(struct verified_cache *cache) {
    if (cache == NULL)
        return;
    free(cache->chains);
    free(cache->entries);
    free(cache);
}
