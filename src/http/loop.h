/* One event loop: a thread with its connections, its pools, its clock ticks and its mailbox.
 * Everything here belongs to the loop's thread unless it says otherwise. */
#ifndef MUSTER_HTTP_LOOP_H
#define MUSTER_HTTP_LOOP_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "http/arrivals.h"
#include "http/compressor.h"
#include "http/deadline.h"
#include "http/listener.h"
#include "http/mailbox.h"
#include "http/random_block.h"
#include "http/response_head.h"
#include "http/server.h"
#include "http/transaction.h"

/* What all loops of a server share. */
struct http_shared {
    struct http_server_options options;
    struct http_loop *loops; /* fixed, like their count */
    size_t loop_count;
    struct http_listener **listeners; /* fixed once the loops run */
    size_t listener_count;
    atomic_bool stopping;
    atomic_bool has_failed;             /* a loop could not go on */
    atomic_size_t loops_accepting;      /* the last one to stop closes the listeners */
    struct http_connection_limit limit; /* of the listeners that have none of their own */
};

/* Written by the loop's thread alone, read by any. */
struct http_loop_counts {
    _Atomic uint64_t accepted;
    _Atomic uint64_t refused;
    _Atomic uint64_t requests;
    _Atomic uint64_t responses_by_class[6];
};

struct http_accept {
    struct event event;
    struct http_loop *loop;
    const struct http_listener *listener;
};

struct http_loop {
    struct http_shared *shared;
    size_t index;
    struct event_base *base;
    struct event wake;       /* mailbox or arrivals have something, or the server stops */
    struct event sweep;      /* once a second */
    struct event stop_timer; /* runs out when stopping takes too long */
    struct http_accept *accepts;
    struct http_mailbox mailbox;
    struct http_arrivals arrivals;
    atomic_size_t connections; /* its own and its arrivals */
    struct http_pool pool;
    struct http_compressor compressor;
    struct http_random_block random;
    struct http_date date;
    struct http_loop_counts counts;
    int64_t now; /* seconds of the monotonic clock, at most one late */

    /* Every connection is in one of these. */
    struct http_deadline_queue handshakes;
    struct http_deadline_queue idle;
    struct http_deadline_queue heads;
    struct http_deadline_queue bodies;
    struct http_deadline_queue waiting; /* for the door, without limit; resumed and stopping ones
                                         * pass through */
    struct http_deadline_queue writes;
    struct http_deadline_queue lingering;
    struct http_deadline_queue deferred; /* have had their share of this pass */

    struct http_transaction *at_door; /* those whose door has not finished them */
    unsigned lines_logged;            /* in this pass */
    bool accepting;
    bool stopping;
    bool stop_is_overdue;
};

/* Adds one to a count of the loop's thread. */
static inline void http_count_up(_Atomic uint64_t *count) {
    uint64_t value = atomic_load_explicit(count, memory_order_relaxed);
    atomic_store_explicit(count, value + 1, memory_order_relaxed);
}

/* shared outlives the loop. The thread that sets the server up. */
struct error http_loop_open(struct http_loop *loop, struct http_shared *shared,
                            size_t index) MUST_CHECK;

/* Runs on the calling thread until the server stops and the connections are done with. A loop that
 * cannot go on says so in the log and in shared, and stops the server. */
void http_loop_run(struct http_loop *loop);

/* Has all loops stop. Any thread. */
void http_loop_stop_all(struct http_shared *shared);

/* Gives everything back, exchanges that no door has finished included; nothing is completed any
 * more. After http_loop_run. */
void http_loop_close(struct http_loop *loop);

#endif
