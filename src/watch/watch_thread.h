/* The thread that watches tokens. No request waits for it, nor it for any. */
#ifndef MUSTER_WATCH_WATCH_THREAD_H
#define MUSTER_WATCH_WATCH_THREAD_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/instant.h"
#include "base/log.h"
#include "service/store_port.h"

struct watch_thread;

struct watch_options {
    struct store *store;
    size_t loop; /* of the store, for nobody else */
    int64_t warning_seconds;
    const struct clock *clock;
    struct log *log;
};

/* What has been seen so far. */
struct watch_counts {
    int64_t expiring; /* current live tokens that were warned of: as of the last look, which is at
                         most five minutes ago, and what was told since */
    uint64_t warned;
    uint64_t expired;
};

/* What the options point to outlives it. ERROR_INTERNAL when there can be no thread. */
struct error watch_thread_start(const struct watch_options *options,
                                struct watch_thread **watch) MUST_CHECK;

/* Any thread. */
struct watch_counts watch_thread_count(struct watch_thread *watch);

/* Ends the thread; the store must still be open. watch may be NULL. */
void watch_thread_stop(struct watch_thread *watch);

#endif
