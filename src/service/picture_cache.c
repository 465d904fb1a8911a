#include "service/picture_cache.h"

#include <openssl/crypto.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define CHAINS 16384 /* a power of two */

struct entry {
    struct entry *next_in_chain;
    struct entry *newer;
    uint64_t hash;
    size_t content_length;
    size_t picture_length;
    char bytes[]; /* the content, and the picture behind it */
};

struct picture_cache {
    pthread_mutex_t mutex; /* over all of it */
    size_t bytes_at_most;
    size_t bytes;
    struct entry *oldest;
    struct entry *newest;
    struct entry *chains[CHAINS];
};

struct picture_cache *picture_cache_open(size_t bytes) {
    struct picture_cache *cache = memory_allocate_zeroed(1, sizeof *cache);
    cache->bytes_at_most = bytes;
    (void)pthread_mutex_init(&cache->mutex, NULL);
    return cache;
}

/* A token makes every content another one, and nobody chooses tokens, so nobody can fill a chain on
 * purpose. */
static uint64_t hash_content(struct slice content) {
    uint64_t hash = content.length;
    for (size_t at = 0; at < content.length; at += sizeof hash) {
        uint64_t word = 0;
        size_t left = content.length - at;
        memcpy(&word, content.data + at, left < sizeof word ? left : sizeof word);
        hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
    }
    return hash;
}

static size_t size_of(const struct entry *entry) {
    return sizeof *entry + entry->content_length + entry->picture_length;
}

static struct entry **find_chain(struct picture_cache *cache, uint64_t hash) {
    return &cache->chains[hash & (CHAINS - 1)];
}

static struct entry *find_entry(struct picture_cache *cache, struct slice content, uint64_t hash) {
    struct entry *entry = *find_chain(cache, hash);
    while (entry != NULL && (entry->hash != hash || entry->content_length != content.length ||
                             memcmp(entry->bytes, content.data, content.length) != 0))
        entry = entry->next_in_chain;
    return entry;
}

bool picture_cache_find(struct picture_cache *cache, struct slice content, struct buffer *picture) {
    uint64_t hash = hash_content(content);
    (void)pthread_mutex_lock(&cache->mutex);
    const struct entry *entry = find_entry(cache, content, hash);
    if (entry != NULL)
        buffer_append(picture, entry->bytes + entry->content_length, entry->picture_length);
    (void)pthread_mutex_unlock(&cache->mutex);
    return entry != NULL;
}

static void drop_oldest(struct picture_cache *cache) {
    struct entry *entry = cache->oldest;
    struct entry **link = find_chain(cache, entry->hash);
    while (*link != entry)
        link = &(*link)->next_in_chain;
    *link = entry->next_in_chain;
    cache->oldest = entry->newer;
    if (cache->oldest == NULL)
        cache->newest = NULL;
    cache->bytes -= size_of(entry);
    OPENSSL_cleanse(entry, size_of(entry));
    free(entry);
}

static struct entry *make_entry(struct slice content, struct slice picture) {
    struct entry *entry = memory_allocate(sizeof *entry + content.length + picture.length);
    *entry = (struct entry){.hash = hash_content(content),
                            .content_length = content.length,
                            .picture_length = picture.length};
    memcpy(entry->bytes, content.data, content.length);
    memcpy(entry->bytes + content.length, picture.data, picture.length);
    return entry;
}

static void link_as_newest(struct picture_cache *cache, struct entry *entry) {
    struct entry **chain = find_chain(cache, entry->hash);
    entry->next_in_chain = *chain;
    *chain = entry;
    if (cache->newest == NULL)
        cache->oldest = entry;
    else
        cache->newest->newer = entry;
    cache->newest = entry;
    cache->bytes += size_of(entry);
}

void picture_cache_add(struct picture_cache *cache, struct slice content, struct slice picture) {
    struct entry *entry = make_entry(content, picture);
    size_t size = size_of(entry);
    (void)pthread_mutex_lock(&cache->mutex);
    /* Two loops may have drawn it at the same time. */
    bool is_kept = size <= cache->bytes_at_most && find_entry(cache, content, entry->hash) == NULL;
    while (is_kept && cache->bytes > cache->bytes_at_most - size)
        drop_oldest(cache);
    if (is_kept)
        link_as_newest(cache, entry);
    (void)pthread_mutex_unlock(&cache->mutex);
    if (is_kept)
        return;
    OPENSSL_cleanse(entry, size);
    free(entry);
}

void picture_cache_close(struct picture_cache *cache) {
    if (cache == NULL)
        return;
    while (cache->oldest != NULL)
        drop_oldest(cache);
    (void)pthread_mutex_destroy(&cache->mutex);
    free(cache);
}
