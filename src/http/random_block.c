#include "http/random_block.h"

#include <string.h>

static void fill(const struct random_source *source, void *bytes, size_t size) {
    struct http_random_block *block = (struct http_random_block *)(void *)source;
    if (size > sizeof block->bytes) {
        random_fill(block->inner, bytes, size);
        return;
    }
    if (size > sizeof block->bytes - block->used) {
        random_fill(block->inner, block->bytes, sizeof block->bytes);
        block->used = 0;
    }
    memcpy(bytes, block->bytes + block->used, size);
    block->used += size;
}

void http_random_block_open(struct http_random_block *block, const struct random_source *inner) {
    block->source.fill = fill;
    block->inner = inner;
    block->used = sizeof block->bytes;
}
