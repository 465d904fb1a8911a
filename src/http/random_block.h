/* Randomness taken in blocks, so that a request-id costs no system call. For names that say
 * nothing, not for secrets: what is used up stays in memory. One thread at a time. */
#ifndef MUSTER_HTTP_RANDOM_BLOCK_H
#define MUSTER_HTTP_RANDOM_BLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "base/random.h"

#define HTTP_RANDOM_BLOCK_SIZE 4096

struct http_random_block {
    struct random_source source;       /* gives out the block's bytes */
    const struct random_source *inner; /* fills the block; outlives it */
    size_t used;
    uint8_t bytes[HTTP_RANDOM_BLOCK_SIZE];
};

void http_random_block_open(struct http_random_block *block, const struct random_source *inner);

#endif
