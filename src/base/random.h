/* Where randomness comes from; tests pass a source that they can predict. */
#ifndef MUSTER_BASE_RANDOM_H
#define MUSTER_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random_source {
    void (*fill)(const struct random_source *source, void *bytes, size_t size);
};

/* The kernel's generator (getrandom). Any thread. A kernel without it ends the process: a
 * predictable enrollment token is worse than none. */
extern const struct random_source system_random;

static inline void random_fill(const struct random_source *source, void *bytes, size_t size) {
    source->fill(source, bytes, size);
}

#endif
