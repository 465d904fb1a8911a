#include "http/server.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/thread.h"
#include "http/loop.h"

struct http_completions {
    struct store_completions port; /* first: the store knows only this */
    struct http_server *server;
};

struct http_server {
    struct http_shared shared;
    struct http_completions completions;
};

struct http_limits http_limits_default(void) {
    return (struct http_limits){
        .target_bytes = 8192,
        .head_bytes = 32768,
        .header_count = 100,
        .body_bytes = 65536,
        .connections = 20000,
        .compressed_at_least = 1024,
        .compressed_at_most = 1048576,
        .head_timeout_seconds = 10,
        .body_timeout_seconds = 30,
        .idle_timeout_seconds = 120,
        .write_timeout_seconds = 30,
        .shutdown_seconds = 8,
    };
}

static void deliver(struct store_completions *completions, size_t loop,
                    struct store_command *first) {
    struct http_server *server = ((struct http_completions *)(void *)completions)->server;
    if (loop >= server->shared.loop_count) /* nobody could complete it */
        abort();
    http_mailbox_deliver(&server->shared.loops[loop].mailbox, first);
}

struct error http_server_open(const struct http_server_options *options,
                              struct http_server **server) {
    if (options->loops == 0)
        return error_make_for(ERROR_INVALID, "loops", "A server needs at least one event loop.");
    /* A client that hangs up must not end the process. */
    (void)signal(SIGPIPE, SIG_IGN);
    struct http_server *opened = memory_allocate_zeroed(1, sizeof *opened);
    opened->shared.options = *options;
    opened->shared.limit.at_most = options->limits.connections;
    opened->completions.port.deliver = deliver;
    opened->completions.server = opened;
    opened->shared.loops = memory_allocate_zeroed(options->loops, sizeof *opened->shared.loops);
    for (size_t i = 0; i < options->loops; i++) {
        struct error error = http_loop_open(&opened->shared.loops[i], &opened->shared, i);
        if (error_is_set(&error)) {
            http_server_close(opened);
            return error;
        }
        opened->shared.loop_count = i + 1;
    }
    atomic_store(&opened->shared.loops_accepting, opened->shared.loop_count);
    *server = opened;
    return error_none();
}

struct error http_server_listen(struct http_server *server,
                                const struct http_listener_options *options,
                                char text[static HTTP_ADDRESS_TEXT_SIZE]) {
    struct http_shared *shared = &server->shared;
    struct http_listener *listener = memory_allocate(sizeof *listener);
    struct error error = http_listener_open(listener, options, text);
    if (error_is_set(&error)) {
        free(listener);
        return error;
    }
    listener->own_limit.at_most = options->connections;
    listener->limit = options->connections > 0 ? &listener->own_limit : &shared->limit;
    shared->listeners = /* NOLINTNEXTLINE(bugprone-sizeof-expression): it is of pointers */
        memory_resize(shared->listeners, shared->listener_count + 1, sizeof shared->listeners[0]);
    shared->listeners[shared->listener_count++] = listener;
    return error_none();
}

struct store_completions *http_server_completions(struct http_server *server) {
    return &server->completions.port;
}

void http_server_stop(struct http_server *server) {
    http_loop_stop_all(&server->shared);
}

static void on_stop_signal(evutil_socket_t number, short what, void *context) {
    (void)number;
    (void)what;
    http_server_stop(context);
}

static void on_reload_signal(evutil_socket_t number, short what, void *context) {
    (void)number;
    (void)what;
    const struct http_server *server = context;
    const struct http_server_options *options = &server->shared.options;
    if (options->reload != NULL)
        options->reload(options->context);
}

static void mask_signals(int how, int first, int second) {
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, first);
    (void)sigaddset(&set, second);
    (void)pthread_sigmask(how, &set, NULL);
}

/* Whoever sets the server up may hold them back until they are watched for. */
static void let_signals_in(void) {
    mask_signals(SIG_UNBLOCK, SIGHUP, SIGTERM);
}

/* Nobody watches for them any more, and what is still to be put in order must not be cut short. */
static void shut_stop_signals_out(void) {
    mask_signals(SIG_BLOCK, SIGTERM, SIGINT);
}

static void *run_loop(void *context) {
    http_loop_run(context);
    return NULL;
}

/* Loops 1 and up; *started says how many run. */
static struct error start_threads(struct http_server *server, pthread_t *threads, size_t *started) {
    struct error error = error_none();
    for (*started = 0; *started + 1 < server->shared.loop_count; (*started)++) {
        error = thread_start(&threads[*started], "http-loop", run_loop,
                             &server->shared.loops[*started + 1]);
        if (error_is_set(&error))
            break;
    }
    return error;
}

struct error http_server_run(struct http_server *server) {
    static const struct {
        int number;
        event_callback_fn callback;
    } signals[] = {{SIGTERM, on_stop_signal}, {SIGINT, on_stop_signal}, {SIGHUP, on_reload_signal}};
    struct event events[sizeof signals / sizeof signals[0]];
    struct event_base *base = server->shared.loops[0].base;
    struct error error = error_none();
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        (void)event_assign(&events[i], base, signals[i].number, EV_SIGNAL | EV_PERSIST,
                           signals[i].callback, server);
        if (event_add(&events[i], NULL) != 0)
            error = error_make(ERROR_INTERNAL, "Signals cannot be watched.");
    }
    let_signals_in();
    pthread_t *threads = memory_allocate_zeroed(server->shared.loop_count, sizeof *threads);
    size_t started = 0;
    if (!error_is_set(&error))
        error = start_threads(server, threads, &started);
    const struct http_server_options *options = &server->shared.options;
    if (!error_is_set(&error) && options->started != NULL)
        options->started(options->context);
    if (error_is_set(&error))
        http_server_stop(server);
    else
        http_loop_run(&server->shared.loops[0]);
    for (size_t i = 0; i < started; i++)
        (void)pthread_join(threads[i], NULL);
    free(threads);
    shut_stop_signals_out();
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        (void)event_del(&events[i]);
    if (!error_is_set(&error) && atomic_load(&server->shared.has_failed))
        error = error_make(ERROR_INTERNAL, "An event loop failed, so the server has stopped; the "
                                           "log says which one.");
    return error;
}

struct http_counts http_server_count(struct http_server *server) {
    const struct http_shared *shared = &server->shared;
    struct http_counts sum = {.connections_open = atomic_load(&shared->limit.open)};
    for (size_t i = 0; i < shared->listener_count; i++)
        sum.connections_open += atomic_load(&shared->listeners[i]->own_limit.open);
    for (size_t i = 0; i < server->shared.loop_count; i++) {
        struct http_loop_counts *counts = &server->shared.loops[i].counts;
        sum.connections_accepted += atomic_load_explicit(&counts->accepted, memory_order_relaxed);
        sum.connections_refused += atomic_load_explicit(&counts->refused, memory_order_relaxed);
        sum.requests += atomic_load_explicit(&counts->requests, memory_order_relaxed);
        for (size_t j = 0; j < sizeof sum.responses_by_class / sizeof sum.responses_by_class[0];
             j++)
            sum.responses_by_class[j] +=
                atomic_load_explicit(&counts->responses_by_class[j], memory_order_relaxed);
    }
    return sum;
}

void http_server_close(struct http_server *server) {
    if (server == NULL)
        return;
    for (size_t i = 0; i < server->shared.loop_count; i++)
        http_loop_close(&server->shared.loops[i]);
    free(server->shared.loops);
    for (size_t i = 0; i < server->shared.listener_count; i++) {
        http_listener_close(server->shared.listeners[i]);
        free(server->shared.listeners[i]);
    }
    free(server->shared.listeners);
    free(server);
}
