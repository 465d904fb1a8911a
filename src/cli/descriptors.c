#include "cli/descriptors.h"

#include "config/config.h"

/* Open files that are no connection of the public listener: those of its operators, the database,
 * keys that are fetched, webhooks; and what each loop has open for itself. */
#define OTHERS 256
#define PER_LOOP 8

static size_t count_others(const struct descriptors *descriptors) {
    return OTHERS + PER_LOOP * descriptors->loops;
}

size_t descriptors_needed(const struct descriptors *descriptors) {
    return descriptors->configured + count_others(descriptors);
}

struct error descriptors_bound_connections(const struct descriptors *descriptors,
                                           size_t *connections) {
    size_t others = count_others(descriptors);
    size_t least = others + CONFIG_CONNECTIONS_AT_LEAST;
    if (descriptors->available < least)
        return error_make(ERROR_INVALID,
                          "The process may open %zu files, and needs at least %zu with %zu event "
                          "loop%s: raise the limit (ulimit -n, LimitNOFILE).",
                          descriptors->available, least, descriptors->loops,
                          descriptors->loops == 1 ? "" : "s");
    *connections = descriptors->available - others;
    if (*connections > descriptors->configured)
        *connections = descriptors->configured;
    return error_none();
}
