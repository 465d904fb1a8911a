#include "auth/key_fetcher.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "auth/key_source.h"
#include "base/memory.h"
#include "base/thread.h"

/* The thread looks around at least this often, so that a clock that was set does no harm. */
#define WAIT_MILLISECONDS_AT_MOST 60000

struct key_fetcher {
    CURLM *multi;
    const struct clock *clock;
    struct key_source *sources;
    size_t source_count; /* those that are open */
    pthread_t thread;
    bool is_running;
    atomic_bool stopping;
    atomic_bool refreshing;
};

static void run_sources(struct key_fetcher *fetcher) {
    bool refresh = atomic_exchange(&fetcher->refreshing, false);
    for (size_t i = 0; i < fetcher->source_count; i++) {
        if (refresh)
            key_source_refresh(&fetcher->sources[i]);
        key_source_run(&fetcher->sources[i], clock_now(fetcher->clock));
    }
}

static void take_finished(struct key_fetcher *fetcher) {
    int left = 0;
    for (CURLMsg *message = curl_multi_info_read(fetcher->multi, &left); message != NULL;
         message = curl_multi_info_read(fetcher->multi, &left)) {
        char *owner = NULL;
        CURLcode result = message->data.result;
        if (message->msg == CURLMSG_DONE &&
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner) == CURLE_OK)
            key_source_continue((struct key_source *)(void *)owner, result,
                                clock_now(fetcher->clock));
    }
}

static int find_wait(const struct key_fetcher *fetcher) {
    int wait = WAIT_MILLISECONDS_AT_MOST;
    for (size_t i = 0; i < fetcher->source_count; i++)
        wait = key_source_wait(&fetcher->sources[i], clock_now(fetcher->clock), wait);
    return wait;
}

static void *run(void *context) {
    struct key_fetcher *fetcher = context;
    while (!atomic_load(&fetcher->stopping)) {
        int transfers = 0;
        run_sources(fetcher);
        (void)curl_multi_perform(fetcher->multi, &transfers);
        take_finished(fetcher);
        (void)curl_multi_poll(fetcher->multi, NULL, 0, find_wait(fetcher), NULL);
    }
    return NULL;
}

static struct error open_sources(struct key_fetcher *fetcher, const struct issuer_settings *issuers,
                                 struct published_keys *published, size_t count, struct log *log) {
    for (size_t i = 0; i < count; i++) {
        struct key_source *source = &fetcher->sources[i];
        struct error error =
            key_source_open(source, &issuers[i], &published[i], fetcher->multi, log);
        if (error_is_set(&error))
            return error_make(error.code, "issuer %s: %s.", issuers[i].name, error.message);
        fetcher->source_count++;
        if (issuers[i].jwks_file != NULL)
            key_source_run(source, clock_now(fetcher->clock));
    }
    return error_none();
}

struct error key_fetcher_open(const struct issuer_settings *issuers,
                              struct published_keys *published, size_t issuer_count,
                              const struct clock *clock, struct log *log,
                              struct key_fetcher **fetcher) {
    *fetcher = NULL;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return error_make(ERROR_INTERNAL, "libcurl cannot be used on this machine.");
    struct key_fetcher *made = memory_allocate_zeroed(1, sizeof *made);
    made->clock = clock;
    made->sources = memory_allocate_zeroed(issuer_count, sizeof *made->sources);
    atomic_init(&made->stopping, false);
    atomic_init(&made->refreshing, false);
    made->multi = curl_multi_init();
    struct error error = error_none();
    if (made->multi == NULL)
        error = error_make(ERROR_INTERNAL, "libcurl cannot be used on this machine.");
    else
        error = open_sources(made, issuers, published, issuer_count, log);
    if (!error_is_set(&error) && issuer_count > 0) {
        error = thread_start(&made->thread, "keys", run, made);
        made->is_running = !error_is_set(&error);
    }
    if (error_is_set(&error))
        key_fetcher_close(made);
    else
        *fetcher = made;
    return error;
}

void key_fetcher_want(struct key_fetcher *fetcher, size_t issuer, instant now) {
    if (key_source_want(&fetcher->sources[issuer], now))
        (void)curl_multi_wakeup(fetcher->multi);
}

void key_fetcher_refresh(struct key_fetcher *fetcher) {
    atomic_store(&fetcher->refreshing, true);
    (void)curl_multi_wakeup(fetcher->multi);
}

void key_fetcher_close(struct key_fetcher *fetcher) {
    if (fetcher == NULL)
        return;
    atomic_store(&fetcher->stopping, true);
    if (fetcher->is_running) {
        (void)curl_multi_wakeup(fetcher->multi);
        (void)pthread_join(fetcher->thread, NULL);
    }
    for (size_t i = 0; i < fetcher->source_count; i++)
        key_source_close(&fetcher->sources[i]);
    if (fetcher->multi != NULL)
        (void)curl_multi_cleanup(fetcher->multi);
    free(fetcher->sources);
    free(fetcher);
    curl_global_cleanup();
}
