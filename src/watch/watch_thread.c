#include "watch/watch_thread.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/thread.h"
#include "watch/token_watch.h"

#define PAUSE_MILLISECONDS 1000

struct watch_thread {
    struct store_seat seat;
    struct token_watch tokens;
    const struct clock *clock;
    pthread_t thread;
    pthread_mutex_t mutex; /* over the next two */
    pthread_cond_t is_wanted;
    bool is_stopping;
};

/* False when it is time to end. */
static bool pause_unless(struct watch_thread *watch, bool goes_on) {
    const struct timespec until = thread_deadline_after(PAUSE_MILLISECONDS);
    int waited = goes_on ? 1 : 0;
    (void)pthread_mutex_lock(&watch->mutex);
    while (!watch->is_stopping && waited == 0)
        waited = pthread_cond_timedwait(&watch->is_wanted, &watch->mutex, &until);
    bool is_stopping = watch->is_stopping;
    (void)pthread_mutex_unlock(&watch->mutex);
    return !is_stopping;
}

static void *run(void *context) {
    struct watch_thread *watch = context;
    bool has_more = false;
    do {
        has_more = token_watch_step(&watch->tokens, clock_now(watch->clock));
    } while (pause_unless(watch, has_more));
    return NULL;
}

static struct watch_thread *make(const struct watch_options *options) {
    struct watch_thread *watch = memory_allocate_zeroed(1, sizeof *watch);
    watch->clock = options->clock;
    store_seat_open(&watch->seat, options->store, options->loop);
    token_watch_open(&watch->tokens, &watch->seat, options->log, options->warning_seconds);
    (void)pthread_mutex_init(&watch->mutex, NULL);
    thread_condition_open(&watch->is_wanted);
    return watch;
}

static void destroy(struct watch_thread *watch) {
    token_watch_close(&watch->tokens);
    store_seat_close(&watch->seat);
    (void)pthread_cond_destroy(&watch->is_wanted);
    (void)pthread_mutex_destroy(&watch->mutex);
    free(watch);
}

struct error watch_thread_start(const struct watch_options *options, struct watch_thread **watch) {
    struct watch_thread *made = make(options);
    struct error error = thread_start(&made->thread, "token-watch", run, made);
    if (error_is_set(&error)) {
        destroy(made);
        return error;
    }
    *watch = made;
    return error_none();
}

struct watch_counts watch_thread_count(struct watch_thread *watch) {
    return (struct watch_counts){
        .expiring = atomic_load(&watch->tokens.expiring),
        .warned = atomic_load(&watch->tokens.warned),
        .expired = atomic_load(&watch->tokens.expired),
    };
}

void watch_thread_stop(struct watch_thread *watch) {
    if (watch == NULL)
        return;
    (void)pthread_mutex_lock(&watch->mutex);
    watch->is_stopping = true;
    (void)pthread_cond_signal(&watch->is_wanted);
    (void)pthread_mutex_unlock(&watch->mutex);
    (void)pthread_join(watch->thread, NULL);
    destroy(watch);
}
