#include "http/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "http/access_log.h"
#include "http/connection.h"

/* Few enough that another loop gets its share of a burst. */
#define ACCEPTS_PER_EVENT 8
/* So many connections more than another's. */
#define HANDS_OVER_FROM 2
#define LINGER_SECONDS 2
/* A pass with fewer lines writes them at once; busier ones gather until the log's own buffer is
 * full or the next sweep. */
#define LINES_WORTH_GATHERING 8

static int64_t read_monotonic_seconds(void) {
    struct timespec now = {.tv_sec = 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec;
}

/* What could not be watched is not accepting, so that the next sweep tries again. */
static bool set_accepting(struct http_loop *loop, bool accepting) {
    if (accepting && loop->accepting)
        return true;
    bool works = true;
    for (size_t i = 0; i < loop->shared->listener_count; i++) {
        struct event *event = &loop->accepts[i].event;
        works = (accepting ? event_add(event, NULL) : event_del(event)) == 0 && works;
    }
    loop->accepting = accepting && works;
    return works;
}

/* Out of descriptors or memory: trying again at once would only burn the processor, so the loop
 * leaves the connections in the queue until the next sweep. */
static void pause_accepting(struct http_loop *loop, int reason) {
    LOG(loop->shared->options.log, LOG_LEVEL_WARNING, "connections cannot be accepted",
        log_string("reason", strerror(reason)));
    (void)set_accepting(loop, false);
}

static size_t count_connections(struct http_loop *loop) {
    return atomic_load_explicit(&loop->connections, memory_order_relaxed);
}

/* The loop with the fewest connections, if this one has clearly more: to hand one over costs a
 * wake-up. */
static struct http_loop *find_idler(struct http_loop *loop) {
    struct http_shared *shared = loop->shared;
    struct http_loop *idler = loop;
    for (size_t i = 0; i < shared->loop_count; i++) {
        if (count_connections(&shared->loops[i]) < count_connections(idler))
            idler = &shared->loops[i];
    }
    return count_connections(idler) + HANDS_OVER_FROM <= count_connections(loop) ? idler : loop;
}

/* False when the loop is to keep it. */
static bool hand_over(struct http_loop *loop, const struct http_listener *listener, int descriptor,
                      const char *peer) {
    struct http_loop *idler = find_idler(loop);
    if (idler == loop)
        return false;
    (void)atomic_fetch_add(&idler->connections, 1);
    switch (http_arrivals_put(&idler->arrivals, listener, descriptor, peer)) {
    case HTTP_ARRIVALS_PUT_FIRST:
        http_mailbox_wake(&idler->mailbox);
        return true;
    case HTTP_ARRIVALS_PUT:
        return true;
    case HTTP_ARRIVALS_REFUSED:
        break;
    }
    (void)atomic_fetch_sub(&idler->connections, 1);
    return false;
}

static void take_arrivals(struct http_loop *loop, bool closing) {
    struct http_arrival *arrival = http_arrivals_take(&loop->arrivals, closing);
    while (arrival != NULL) {
        struct http_arrival *next = arrival->next;
        (void)atomic_fetch_sub(&loop->connections, 1);
        http_connection_open(loop, arrival->listener, arrival->descriptor, arrival->peer);
        free(arrival);
        arrival = next;
    }
}

static void accept_one(struct http_loop *loop, const struct http_listener *listener, int descriptor,
                       const char *peer) {
    if (http_connection_limit_take(listener->limit)) {
        if (!hand_over(loop, listener, descriptor, peer))
            http_connection_open(loop, listener, descriptor, peer);
        return;
    }
    if (http_connection_limit_begins_to_refuse(listener->limit))
        LOG(loop->shared->options.log, LOG_LEVEL_WARNING, "too many connections",
            log_string("listen", listener->address),
            log_number("limit", (int64_t)listener->limit->at_most),
            log_string("consequence", "further ones are closed at once"));
    http_count_up(&loop->counts.refused);
    (void)close(descriptor);
}

/* Returns whether more may be waiting. */
static bool accept_some(struct http_loop *loop, const struct http_listener *listener) {
    for (int i = 0; i < ACCEPTS_PER_EVENT; i++) {
        char peer[HTTP_PEER_TEXT_SIZE];
        int descriptor = http_listener_accept(listener, peer);
        if (descriptor >= 0) {
            accept_one(loop, listener, descriptor, peer);
            continue;
        }
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            pause_accepting(loop, errno);
        if (errno != EINTR && errno != ECONNABORTED)
            return false;
    }
    return true;
}

static void on_accept(evutil_socket_t descriptor, short what, void *context) {
    (void)descriptor;
    (void)what;
    const struct http_accept *accept = context;
    (void)accept_some(accept->loop, accept->listener);
}

static void on_wake(evutil_socket_t descriptor, short what, void *context) {
    (void)descriptor;
    (void)what;
    struct http_loop *loop = context;
    take_arrivals(loop, false);
    http_mailbox_empty(&loop->mailbox);
}

static void on_stop_timer(evutil_socket_t descriptor, short what, void *context) {
    (void)descriptor;
    (void)what;
    struct http_loop *loop = context;
    loop->stop_is_overdue = true;
}

static void expire(struct http_deadline_queue *queue, int64_t now) {
    struct http_connection *connection;
    while ((connection = http_deadline_find_due(queue, now)) != NULL)
        http_connection_expire(connection);
}

static void on_sweep(evutil_socket_t descriptor, short what, void *context) {
    (void)descriptor;
    (void)what;
    struct http_loop *loop = context;
    loop->now = read_monotonic_seconds();
    http_date_update(&loop->date, clock_now(loop->shared->options.clock));
    expire(&loop->handshakes, loop->now);
    expire(&loop->idle, loop->now);
    expire(&loop->heads, loop->now);
    expire(&loop->bodies, loop->now);
    expire(&loop->writes, loop->now);
    expire(&loop->lingering, loop->now);
    if (!loop->stopping)
        (void)set_accepting(loop, true);
    for (size_t i = 0; i < loop->shared->listener_count; i++)
        http_connection_limit_settle(loop->shared->listeners[i]->limit);
    log_flush(loop->shared->options.log);
}

static void set_times(struct http_loop *loop) {
    const struct http_limits *limits = &loop->shared->options.limits;
    loop->now = read_monotonic_seconds();
    loop->handshakes.seconds = limits->head_timeout_seconds;
    loop->idle.seconds = limits->idle_timeout_seconds;
    loop->heads.seconds = limits->head_timeout_seconds;
    loop->bodies.seconds = limits->body_timeout_seconds;
    loop->writes.seconds = limits->write_timeout_seconds;
    loop->lingering.seconds = LINGER_SECONDS;
}

static struct error open_base(struct http_loop *loop) {
    struct event_config *config = event_config_new();
    if (config != NULL && event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK) == 0 &&
        event_config_require_features(config, EV_FEATURE_ET | EV_FEATURE_EARLY_CLOSE) == 0)
        loop->base = event_base_new_with_config(config);
    event_config_free(config);
    if (loop->base == NULL)
        return error_make(ERROR_INTERNAL, "An event loop cannot be set up.");
    return error_none();
}

struct error http_loop_open(struct http_loop *loop, struct http_shared *shared, size_t index) {
    *loop = (struct http_loop){.shared = shared, .index = index, .mailbox = {.wake = -1}};
    struct error error = open_base(loop);
    if (!error_is_set(&error))
        error = http_mailbox_open(&loop->mailbox);
    if (error_is_set(&error)) {
        http_loop_close(loop);
        return error;
    }
    http_arrivals_open(&loop->arrivals);
    http_random_block_open(&loop->random, shared->options.random);
    set_times(loop);
    http_date_update(&loop->date, clock_now(shared->options.clock));
    (void)event_assign(&loop->wake, loop->base, loop->mailbox.wake, EV_READ | EV_PERSIST | EV_ET,
                       on_wake, loop);
    (void)event_assign(&loop->sweep, loop->base, -1, EV_PERSIST, on_sweep, loop);
    (void)event_assign(&loop->stop_timer, loop->base, -1, 0, on_stop_timer, loop);
    return error_none();
}

void http_loop_stop_all(struct http_shared *shared) {
    atomic_store(&shared->stopping, true);
    for (size_t i = 0; i < shared->loop_count; i++)
        http_mailbox_wake(&shared->loops[i].mailbox);
}

/* Its clients would wait for ever, and get company, since a loop that has lost its connections is
 * the one that gets new ones. */
static void fail(struct http_loop *loop, const char *reason) {
    LOG(loop->shared->options.log, LOG_LEVEL_ERROR, "event loop failed",
        log_number("loop", (int64_t)loop->index), log_string("reason", reason),
        log_string("consequence", "the server stops"));
    atomic_store(&loop->shared->has_failed, true);
    http_loop_stop_all(loop->shared);
}

static bool start(struct http_loop *loop) {
    struct http_shared *shared = loop->shared;
    loop->accepts = memory_allocate_zeroed(shared->listener_count, sizeof *loop->accepts);
    for (size_t i = 0; i < shared->listener_count; i++) {
        struct http_accept *accept = &loop->accepts[i];
        accept->loop = loop;
        accept->listener = shared->listeners[i];
        (void)event_assign(&accept->event, loop->base, accept->listener->descriptor,
                           EV_READ | EV_PERSIST, on_accept, accept);
    }
    static const struct timeval second = {.tv_sec = 1};
    return event_add(&loop->wake, NULL) == 0 && event_add(&loop->sweep, &second) == 0 &&
           set_accepting(loop, true);
}

static void stop_accepting(struct http_loop *loop) {
    struct http_shared *shared = loop->shared;
    (void)set_accepting(loop, false);
    for (size_t i = 0; i < shared->listener_count; i++) {
        while (accept_some(loop, shared->listeners[i]))
            continue;
    }
    if (atomic_fetch_sub(&shared->loops_accepting, 1) != 1)
        return;
    for (size_t i = 0; i < shared->listener_count; i++)
        http_listener_stop(shared->listeners[i]);
}

/* Whoever has connected or sent a request before the stop is still served; only then are idle
 * connections closed. */
static void begin_stop(struct http_loop *loop) {
    loop->stopping = true;
    take_arrivals(loop, true);
    stop_accepting(loop);
    while (loop->idle.first != NULL)
        http_connection_stop(loop->idle.first->connection);
    while (loop->handshakes.first != NULL)
        http_connection_stop(loop->handshakes.first->connection);
    const struct timeval limit = {.tv_sec = loop->shared->options.limits.shutdown_seconds};
    if (event_add(&loop->stop_timer, &limit) != 0)
        loop->stop_is_overdue = true;
}

static struct http_deadline_queue *find_connections(struct http_loop *loop) {
    struct http_deadline_queue *const queues[] = {
        &loop->handshakes, &loop->idle,   &loop->heads,     &loop->bodies,
        &loop->waiting,    &loop->writes, &loop->lingering, &loop->deferred,
    };
    for (size_t i = 0; i < sizeof queues / sizeof queues[0]; i++) {
        if (queues[i]->first != NULL)
            return queues[i];
    }
    return NULL;
}

static bool is_done(struct http_loop *loop) {
    return loop->stopping && (loop->stop_is_overdue || find_connections(loop) == NULL);
}

/* Each deferred connection once: those that defer again go to the end, behind last. */
static void resume_deferred(struct http_loop *loop) {
    const struct http_deadline *last = loop->deferred.last;
    bool was_last = last == NULL;
    while (!was_last && loop->deferred.first != NULL) {
        was_last = loop->deferred.first == last;
        http_connection_resume(loop->deferred.first->connection);
    }
}

void http_loop_run(struct http_loop *loop) {
    if (!start(loop)) {
        fail(loop, "it cannot watch its sockets");
        /* Its mailbox may be among them, and then nothing else tells it to stop. */
        begin_stop(loop);
    }
    while (!is_done(loop)) {
        int flags = EVLOOP_ONCE | (loop->deferred.first == NULL ? 0 : EVLOOP_NONBLOCK);
        loop->lines_logged = 0;
        if (event_base_loop(loop->base, flags) < 0) {
            fail(loop, "it cannot wait for its sockets");
            break;
        }
        resume_deferred(loop);
        if (!loop->stopping && atomic_load(&loop->shared->stopping))
            begin_stop(loop);
        if (loop->lines_logged > 0 && loop->lines_logged < LINES_WORTH_GATHERING)
            log_flush(loop->shared->options.log);
    }
    (void)set_accepting(loop, false);
    take_arrivals(loop, true);
    struct http_deadline_queue *queue;
    while ((queue = find_connections(loop)) != NULL)
        http_connection_abandon(queue->first->connection);
    log_flush(loop->shared->options.log);
}

void http_loop_close(struct http_loop *loop) {
    if (loop->base == NULL)
        return;
    if (loop->mailbox.wake >= 0) {
        (void)event_del(&loop->wake);
        (void)event_del(&loop->sweep);
        (void)event_del(&loop->stop_timer);
    }
    /* Their clients are gone, and what a door would do on completion may need a store that is
     * closed by now: nobody finishes these any more. */
    while (loop->at_door != NULL) {
        struct http_transaction *next = loop->at_door->next;
        struct exchange *exchange = &loop->at_door->exchange;
        if (exchange->abandon != NULL)
            exchange->abandon(exchange);
        http_access_log_write(loop->at_door, false);
        http_pool_give_transaction(&loop->pool, loop->at_door);
        loop->at_door = next;
    }
    if (loop->mailbox.wake >= 0)
        http_arrivals_close(&loop->arrivals);
    http_pool_close(&loop->pool);
    http_compressor_close(&loop->compressor);
    http_mailbox_close(&loop->mailbox);
    event_base_free(loop->base);
    loop->base = NULL;
    free(loop->accepts);
    loop->accepts = NULL;
}
