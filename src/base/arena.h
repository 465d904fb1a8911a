/* Memory that lives as long as one exchange: taken piece by piece, given back all at once.
 *
 * One thread at a time; handing a request to the store hands over its arena until the completion.
 */
#ifndef MUSTER_BASE_ARENA_H
#define MUSTER_BASE_ARENA_H

#include <stddef.h>

#include "base/error.h"
#include "base/slice.h"

struct arena_block;

/* All zero is an empty arena, ready for use. */
struct arena {
    struct arena_block *blocks; /* newest first */
};

/* size bytes, aligned for any type, not initialised; never NULL. */
void *arena_allocate(struct arena *arena, size_t size) __attribute__((returns_nonnull));

/* The same, filled with zero bytes. */
void *arena_allocate_zeroed(struct arena *arena, size_t size) __attribute__((returns_nonnull));

/* A copy in the arena, with a NUL byte behind it that the length does not count. */
struct slice arena_copy(struct arena *arena, struct slice slice);

/* The slices one behind the other in the arena, NUL-terminated likewise. */
struct slice arena_join(struct arena *arena, const struct slice *parts, size_t count);

/* A formatted text in the arena, NUL-terminated likewise. */
struct slice arena_format(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3)
    __attribute__((nonnull(2)));

/* Forgets everything taken and keeps one block for the next use. */
void arena_reset(struct arena *arena);

/* Forgets everything and gives the memory back. */
void arena_free(struct arena *arena);

#endif
