/* Memory from the heap, or the end of the process.
 *
 * Every size that comes from outside is bounded before it gets here, and every acknowledged change
 * is already durable, so running out of memory is answered by stopping with a message rather than
 * by an untested path through the whole program. Any thread. */
#ifndef MUSTER_BASE_MEMORY_H
#define MUSTER_BASE_MEMORY_H

#include <stddef.h>

/* Like malloc, calloc and realloc with count * size checked for overflow; never NULL. The caller
 * frees with free(). A size of 0 is taken as 1. */
void *memory_allocate(size_t size) __attribute__((returns_nonnull, malloc));
void *memory_allocate_zeroed(size_t count, size_t size) __attribute__((returns_nonnull, malloc));
void *memory_resize(void *block, size_t count, size_t size) __attribute__((returns_nonnull));

/* For a process that allocates and frees the same amounts over and over on several threads: keeps
 * some MiB of what is freed, large blocks among it, instead of giving it to the system and asking
 * for it again with every batch of work. Once, before there are other threads. */
void memory_keep_freed(void);

/* A NUL-terminated copy; the caller frees it. */
char *memory_copy_string(const char *text) __attribute__((returns_nonnull));

#endif
