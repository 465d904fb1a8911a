#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

#define BLOCK_SIZE 4096

struct arena_block {
    struct arena_block *next;
    size_t used;
    size_t capacity;
    alignas(max_align_t) char bytes[];
};

static size_t round_up(size_t size) {
    return (size + (alignof(max_align_t) - 1)) & ~(alignof(max_align_t) - 1);
}

void *arena_allocate(struct arena *arena, size_t size) {
    size = round_up(size == 0 ? 1 : size);
    struct arena_block *block = arena->blocks;
    if (block == NULL || block->capacity - block->used < size) {
        size_t usual = BLOCK_SIZE - sizeof(struct arena_block);
        size_t capacity = size > usual ? size : usual;
        block = memory_allocate(sizeof *block + capacity);
        block->next = arena->blocks;
        block->used = 0;
        block->capacity = capacity;
        arena->blocks = block;
    }
    void *piece = block->bytes + block->used;
    block->used += size;
    return piece;
}

void *arena_allocate_zeroed(struct arena *arena, size_t size) {
    void *piece = arena_allocate(arena, size);
    memset(piece, 0, size);
    return piece;
}

struct slice arena_copy(struct arena *arena, struct slice slice) {
    char *copy = arena_allocate(arena, slice.length + 1);
    if (slice.length > 0)
        memcpy(copy, slice.data, slice.length);
    copy[slice.length] = '\0';
    return (struct slice){.data = copy, .length = slice.length};
}

struct slice arena_join(struct arena *arena, const struct slice *parts, size_t count) {
    size_t length = 0;
    for (size_t i = 0; i < count; i++)
        length += parts[i].length;
    char *text = arena_allocate(arena, length + 1);
    char *at = text;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].length > 0)
            memcpy(at, parts[i].data, parts[i].length);
        at += parts[i].length;
    }
    *at = '\0';
    return (struct slice){.data = text, .length = length};
}

struct slice arena_format(struct arena *arena, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    char probe[1];
    int length = vsnprintf(probe, sizeof probe, format, arguments);
    size_t size = length < 0 ? 0 : (size_t)length;
    char *text = arena_allocate(arena, size + 1);
    text[0] = '\0';
    if (length > 0)
        (void)vsnprintf(text, size + 1, format, again);
    va_end(again);
    va_end(arguments);
    return (struct slice){.data = text, .length = size};
}

void arena_reset(struct arena *arena) {
    while (arena->blocks != NULL && arena->blocks->next != NULL) {
        struct arena_block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
    if (arena->blocks == NULL)
        return;
    if (arena->blocks->capacity > BLOCK_SIZE)
        arena_free(arena);
    else
        arena->blocks->used = 0;
}

void arena_free(struct arena *arena) {
    while (arena->blocks != NULL) {
        struct arena_block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
}
