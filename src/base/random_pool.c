#include "base/random_pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/memory.h"
#include "base/thread_lane.h"

#define LANE_BYTES 512
/* Larger requests are few, and would empty a lane. */
#define PIECE_AT_MOST 64

/* All zero, as the kernel makes it for a child process, is a lane with nothing left. */
struct lane {
    _Alignas(64) pthread_mutex_t mutex;
    size_t left; /* of bytes, from the first on: those that were not given out */
    uint8_t bytes[LANE_BYTES];
};

struct random_pool {
    struct random_source source;
    const struct random_source *inner;
    struct lane *lanes; /* NULL: every request goes to inner */
};

static void fill(const struct random_source *source, void *bytes, size_t size) {
    const struct random_pool *pool = (const struct random_pool *)(const void *)source;
    if (size > PIECE_AT_MOST || pool->lanes == NULL) {
        random_fill(pool->inner, bytes, size);
        return;
    }
    struct lane *lane = &pool->lanes[thread_lane()];
    (void)pthread_mutex_lock(&lane->mutex);
    if (lane->left < size) {
        random_fill(pool->inner, lane->bytes, sizeof lane->bytes);
        lane->left = sizeof lane->bytes;
    }
    lane->left -= size;
    memcpy(bytes, lane->bytes + lane->left, size);
    explicit_bzero(lane->bytes + lane->left, size);
    (void)pthread_mutex_unlock(&lane->mutex);
}

/* NULL where the kernel cannot keep them from children and core dumps (before Linux 4.14). */
static struct lane *map_lanes(void) {
    size_t size = THREAD_LANES * sizeof(struct lane);
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    if (madvise(memory, size, MADV_WIPEONFORK) == 0 && madvise(memory, size, MADV_DONTDUMP) == 0)
        return memory;
    (void)munmap(memory, size);
    return NULL;
}

struct random_pool *random_pool_open(const struct random_source *inner) {
    struct random_pool *pool = memory_allocate_zeroed(1, sizeof *pool);
    pool->source.fill = fill;
    pool->inner = inner;
    pool->lanes = map_lanes();
    for (size_t i = 0; pool->lanes != NULL && i < THREAD_LANES; i++)
        (void)pthread_mutex_init(&pool->lanes[i].mutex, NULL);
    return pool;
}

const struct random_source *random_pool_source(const struct random_pool *pool) {
    return &pool->source;
}

void random_pool_close(struct random_pool *pool) {
    if (pool == NULL)
        return;
    if (pool->lanes != NULL) {
        for (size_t i = 0; i < THREAD_LANES; i++)
            (void)pthread_mutex_destroy(&pool->lanes[i].mutex);
        explicit_bzero(pool->lanes, THREAD_LANES * sizeof *pool->lanes);
        (void)munmap(pool->lanes, THREAD_LANES * sizeof *pool->lanes);
    }
    free(pool);
}
