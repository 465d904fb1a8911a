#include "base/memory.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* For each of the C library's heaps, of which there is one for a thread or two. What is larger than
 * that would be given back all the same, so it may as well have a mapping of its own. */
#define KEPT_BYTES (8 * 1024 * 1024)
#define TAKEN_AT_ONCE_BYTES (256 * 1024)

static void stop_without_memory(void) {
    static const char message[] = "muster: out of memory\n";
    (void)fwrite(message, 1, sizeof message - 1, stderr);
    abort();
}

void *memory_allocate(size_t size) {
    void *block = malloc(size == 0 ? 1 : size);
    if (block == NULL)
        stop_without_memory();
    return block;
}

void *memory_allocate_zeroed(size_t count, size_t size) {
    void *block = calloc(count == 0 ? 1 : count, size == 0 ? 1 : size);
    if (block == NULL)
        stop_without_memory();
    return block;
}

void *memory_resize(void *block, size_t count, size_t size) {
    void *resized = reallocarray(block, count == 0 ? 1 : count, size == 0 ? 1 : size);
    if (resized == NULL)
        stop_without_memory();
    return resized;
}

char *memory_copy_string(const char *text) {
    size_t size = strlen(text) + 1;
    char *copy = memory_allocate(size);
    memcpy(copy, text, size);
    return copy;
}

void memory_keep_freed(void) {
    /* None can fail for such values; without it everything works, more slowly. Setting any of them
     * also ends the library's own learning of the size from which a block is mapped apart. */
    (void)mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    (void)mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
    (void)mallopt(M_TOP_PAD, TAKEN_AT_ONCE_BYTES);
}
