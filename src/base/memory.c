#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
