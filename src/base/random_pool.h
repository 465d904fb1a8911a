/* Randomness from the kernel taken in pieces of half a kilobyte, so that a nonce costs no system
 * call. Fit for secrets: a byte is wiped when it is given out and never given out twice, not even
 * by a child process after fork(), and what is left belongs in no core dump. Any thread. */
#ifndef MUSTER_BASE_RANDOM_POOL_H
#define MUSTER_BASE_RANDOM_POOL_H

#include "base/random.h"

struct random_pool;

/* inner outlives the pool, which ends with random_pool_close. */
struct random_pool *random_pool_open(const struct random_source *inner)
    __attribute__((returns_nonnull));

const struct random_source *random_pool_source(const struct random_pool *pool);

/* NULL is no pool. */
void random_pool_close(struct random_pool *pool);

#endif
