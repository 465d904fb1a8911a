#include "watch/token_due.h"

#include <stdlib.h>

#include "base/memory.h"

#define FIRST_CAPACITY 64

void token_due_push(struct token_due_heap *heap, const struct token_due *due) {
    if (heap->count == heap->capacity) {
        heap->capacity = heap->capacity == 0 ? FIRST_CAPACITY : 2 * heap->capacity;
        heap->entries = memory_resize(heap->entries, heap->capacity, sizeof *heap->entries);
    }
    size_t at = heap->count++;
    while (at > 0 && heap->entries[(at - 1) / 2].at > due->at) {
        heap->entries[at] = heap->entries[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap->entries[at] = *due;
}

/* Puts the entry where it belongs, from the top down. */
static void sink(struct token_due_heap *heap, const struct token_due *entry) {
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < heap->count && heap->entries[child + 1].at < heap->entries[child].at)
            child++;
        if (child >= heap->count || heap->entries[child].at >= entry->at)
            break;
        heap->entries[at] = heap->entries[child];
        at = child;
    }
    heap->entries[at] = *entry;
}

bool token_due_pop(struct token_due_heap *heap, instant now, struct token_due *due) {
    if (heap->count == 0 || heap->entries[0].at > now)
        return false;
    *due = heap->entries[0];
    heap->count--;
    const struct token_due last = heap->entries[heap->count];
    if (heap->count > 0)
        sink(heap, &last);
    return true;
}

void token_due_clear(struct token_due_heap *heap) {
    heap->count = 0;
}

void token_due_free(struct token_due_heap *heap) {
    free(heap->entries);
    *heap = (struct token_due_heap){0};
}
