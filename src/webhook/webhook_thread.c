#include "webhook/webhook_thread.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/thread.h"
#include "webhook/webhook_address.h"
#include "webhook/webhook_payload.h"
#include "webhook/webhook_post.h"
#include "webhook/webhook_queue.h"
#include "webhook/webhook_retry_after.h"
#include "webhook/webhook_secret.h"

#define WAIT_MILLISECONDS_AT_MOST 1000
#define SIGNATURE_HEADER "Muster-Signature: "
#define HEADER_SIZE 64

/* One webhook: its queue, and the request under way. */
struct delivery {
    struct webhook_queue queue;
    struct webhook_post post;
    struct webhook_address address;
    struct webhook_secrets secrets;
    struct buffer body;
    struct buffer signature;      /* the header's line */
    struct webhook_report report; /* under the thread's mutex */
};

struct webhook_thread {
    CURLM *multi;
    const struct clock *clock;
    struct log *log;
    struct store_seat seat;
    struct store_completions *completions;
    struct delivery *deliveries;
    size_t count;  /* of those that are open */
    bool is_begun; /* the positions are known */
    pthread_t thread;
    bool is_running;
    pthread_mutex_t mutex;       /* over the reports and the next one */
    struct store_command *skips; /* asked for and not done yet, the last one first */
    atomic_bool stopping;
    atomic_bool reloading;
};

static void compose(struct delivery *delivery, enum webhook_event_kind kind,
                    const struct store_event *event, instant now) {
    buffer_clear(&delivery->body);
    webhook_payload_write(&delivery->body, kind, event);
    buffer_clear(&delivery->signature);
    buffer_append_string(&delivery->signature, SIGNATURE_HEADER);
    webhook_secrets_sign(&delivery->secrets, instant_to_unix(now), buffer_slice(&delivery->body),
                         &delivery->signature);
    buffer_append_byte(&delivery->signature, '\0');
}

static void send_next(struct delivery *delivery, instant now) {
    enum webhook_event_kind kind = WEBHOOK_TOKEN_CREATED;
    const struct store_event *event = NULL;
    char id_header[HEADER_SIZE];
    char type_header[HEADER_SIZE];
    char id_text[GUID_TEXT_SIZE];
    if (delivery->post.is_running || !webhook_queue_next(&delivery->queue, now, &kind, &event))
        return;
    compose(delivery, kind, event, now);
    struct guid id = webhook_event_id(kind, event);
    (void)snprintf(id_header, sizeof id_header, "Muster-Event-Id: %s", guid_format(&id, id_text));
    (void)snprintf(type_header, sizeof type_header, "Muster-Event-Type: %s",
                   webhook_event_name(kind));
    /* An Expect: 100-continue would cost a round trip, and trouble with some receivers. */
    const char *const headers[] = {
        "Content-Type: application/json", "Expect:", id_header, type_header,
        delivery->signature.data,         NULL};
    struct error error = webhook_post_start(&delivery->post, delivery->address.text,
                                            buffer_slice(&delivery->body), headers);
    if (error_is_set(&error))
        webhook_queue_finish(&delivery->queue, &error, 0, now);
}

static void take_finished(struct webhook_thread *thread) {
    int left = 0;
    for (CURLMsg *message = curl_multi_info_read(thread->multi, &left); message != NULL;
         message = curl_multi_info_read(thread->multi, &left)) {
        char *owner = NULL;
        CURLcode result = message->data.result;
        if (message->msg != CURLMSG_DONE ||
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner) != CURLE_OK)
            continue;
        struct delivery *delivery = (struct delivery *)(void *)owner;
        struct error outcome = webhook_post_finish(&delivery->post, result);
        instant now = clock_now(thread->clock);
        webhook_queue_finish(&delivery->queue, &outcome,
                             webhook_retry_after_ticks(delivery->post.retry_after, now), now);
    }
}

/* While the store cannot, nothing can happen that would have to be told; it is tried again. */
static void begin(struct webhook_thread *thread) {
    struct arena arena = {0};
    struct store_follower *followers =
        arena_allocate_zeroed(&arena, (thread->count + 1) * sizeof *followers);
    for (size_t i = 0; i < thread->count; i++)
        followers[i].name = thread->deliveries[i].queue.settings->name;
    struct store_command command = {
        .kind = STORE_FOLLOWER_OPEN,
        .arena = &arena,
        .now = clock_now(thread->clock),
        .actor = {.kind = AUDIT_ACTOR_SYSTEM},
        .follower_open = {.followers = followers, .count = thread->count},
    };
    struct error error = store_seat_run(&thread->seat, &command);
    thread->is_begun = !error_is_set(&error);
    for (size_t i = 0; i < thread->count && thread->is_begun; i++)
        webhook_queue_begin(&thread->deliveries[i].queue, &followers[i]);
    arena_free(&arena);
}

static void complain(const struct webhook_thread *thread, const struct webhook_settings *settings,
                     const struct error *error, const char *consequence) {
    if (error_is_set(error))
        LOG(thread->log, LOG_LEVEL_ERROR, "reload", log_string("webhook", settings->name),
            log_string("error", error->message), log_string("consequence", consequence));
}

static void read_files_again(struct webhook_thread *thread) {
    for (size_t i = 0; i < thread->count; i++) {
        struct delivery *delivery = &thread->deliveries[i];
        const struct webhook_settings *settings = delivery->queue.settings;
        struct error error = webhook_secrets_read(settings->secret_file, &delivery->secrets);
        complain(thread, settings, &error, "the secret known so far stays in use");
        error = webhook_address_read(settings, &delivery->address);
        complain(thread, settings, &error, "the address known so far stays in use");
        webhook_queue_hurry(&delivery->queue);
    }
}

static void report_all(struct webhook_thread *thread) {
    (void)pthread_mutex_lock(&thread->mutex);
    for (size_t i = 0; i < thread->count; i++)
        thread->deliveries[i].report = webhook_queue_report(&thread->deliveries[i].queue);
    (void)pthread_mutex_unlock(&thread->mutex);
}

static struct delivery *find_delivery(struct webhook_thread *thread, const char *name) {
    for (size_t i = 0; i < thread->count; i++) {
        if (strcmp(thread->deliveries[i].queue.settings->name, name) == 0)
            return &thread->deliveries[i];
    }
    return NULL;
}

static void skip(struct webhook_thread *thread, struct store_command *command) {
    struct delivery *delivery = find_delivery(thread, command->follower_skip.place.name);
    /* The seat makes it its own for as long as it waits. */
    const struct store_command asked = *command;
    if (delivery->queue.attempts > 0)
        webhook_post_break_off(&delivery->post);
    command->error = webhook_queue_skip(&delivery->queue, command);
    /* Whoever asked may look at once. */
    report_all(thread);
    command->loop = asked.loop;
    command->complete = asked.complete;
    command->context = asked.context;
    command->next = NULL;
    thread->completions->deliver(thread->completions, command->loop, command);
}

static void take_skips(struct webhook_thread *thread) {
    (void)pthread_mutex_lock(&thread->mutex);
    struct store_command *command = thread->skips;
    thread->skips = NULL;
    (void)pthread_mutex_unlock(&thread->mutex);
    while (command != NULL) {
        struct store_command *next = command->next;
        skip(thread, command);
        command = next;
    }
}

static int find_wait(const struct webhook_thread *thread) {
    int wait = WAIT_MILLISECONDS_AT_MOST;
    instant now = clock_now(thread->clock);
    for (size_t i = 0; i < thread->count && thread->is_begun; i++) {
        if (!thread->deliveries[i].post.is_running)
            wait = webhook_queue_wait(&thread->deliveries[i].queue, now, wait);
    }
    return wait;
}

static void save_all(struct webhook_thread *thread, bool at_once) {
    for (size_t i = 0; i < thread->count && thread->is_begun; i++)
        webhook_queue_save(&thread->deliveries[i].queue, clock_now(thread->clock), at_once);
}

static void *run(void *context) {
    struct webhook_thread *thread = context;
    while (!atomic_load(&thread->stopping)) {
        int transfers = 0;
        if (!thread->is_begun)
            begin(thread);
        if (atomic_exchange(&thread->reloading, false))
            read_files_again(thread);
        for (size_t i = 0; i < thread->count && thread->is_begun; i++)
            send_next(&thread->deliveries[i], clock_now(thread->clock));
        (void)curl_multi_perform(thread->multi, &transfers);
        take_finished(thread);
        /* After what has come, so that no event is given up which was taken just now. */
        take_skips(thread);
        report_all(thread);
        save_all(thread, false);
        if (thread->count == 0 && thread->is_begun)
            break;
        (void)curl_multi_poll(thread->multi, NULL, 0, find_wait(thread), NULL);
    }
    save_all(thread, true);
    return NULL;
}

static void close_delivery(struct delivery *delivery) {
    webhook_post_close(&delivery->post);
    webhook_queue_close(&delivery->queue);
    webhook_secrets_clear(&delivery->secrets);
    webhook_address_clear(&delivery->address);
    buffer_free(&delivery->body);
    buffer_free(&delivery->signature);
}

static struct error open_delivery(struct webhook_thread *thread,
                                  const struct webhook_options *options,
                                  const struct webhook_settings *settings) {
    struct delivery *delivery = &thread->deliveries[thread->count];
    struct error error = webhook_secrets_read(settings->secret_file, &delivery->secrets);
    if (!error_is_set(&error))
        error = webhook_address_read(settings, &delivery->address);
    if (!error_is_set(&error))
        error = webhook_post_open(&delivery->post, thread->multi, settings, delivery);
    if (error_is_set(&error)) {
        close_delivery(delivery);
        return error_make(error.code, "[webhook %s] %s", settings->name, error.message);
    }
    webhook_queue_open(&delivery->queue, settings, &thread->seat, options->random, options->log);
    thread->count++;
    return error_none();
}

struct error webhook_thread_start(const struct webhook_options *options,
                                  struct webhook_thread **thread) {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return error_make(ERROR_INTERNAL, "libcurl cannot be used on this machine.");
    struct webhook_thread *made = memory_allocate_zeroed(1, sizeof *made);
    struct error error = error_none();
    made->clock = options->clock;
    made->log = options->log;
    made->completions = options->completions;
    (void)pthread_mutex_init(&made->mutex, NULL);
    made->deliveries = memory_allocate_zeroed(options->count, sizeof *made->deliveries);
    made->multi = curl_multi_init();
    atomic_init(&made->stopping, false);
    atomic_init(&made->reloading, false);
    store_seat_open(&made->seat, options->store, options->loop);
    if (made->multi == NULL)
        error = error_make(ERROR_INTERNAL, "libcurl cannot be used on this machine.");
    for (size_t i = 0; i < options->count && !error_is_set(&error); i++)
        error = open_delivery(made, options, &options->webhooks[i]);
    /* Before the first request, so that a new webhook misses nothing. */
    if (!error_is_set(&error)) {
        begin(made);
        report_all(made);
    }
    if (!error_is_set(&error))
        error = thread_start(&made->thread, "webhooks", run, made);
    made->is_running = !error_is_set(&error);
    if (error_is_set(&error))
        webhook_thread_stop(made);
    else
        *thread = made;
    return error;
}

void webhook_thread_reload(struct webhook_thread *thread) {
    atomic_store(&thread->reloading, true);
    (void)curl_multi_wakeup(thread->multi);
}

struct webhook_counts webhook_thread_count(struct webhook_thread *thread, size_t webhook) {
    struct webhook_queue *queue = &thread->deliveries[webhook].queue;
    instant since = atomic_load(&queue->waits_since);
    int64_t age = (clock_now(thread->clock) - since) / INSTANT_TICKS_PER_SECOND;
    return (struct webhook_counts){
        .name = queue->settings->name,
        .delivered = atomic_load(&queue->delivered),
        .failed = atomic_load(&queue->failed),
        .dropped = atomic_load(&queue->dropped),
        .skipped = atomic_load(&queue->skipped),
        .backlog = atomic_load(&queue->backlog),
        .backlog_seconds = since == INSTANT_NEVER || age < 0 ? 0 : age,
    };
}

struct webhook_report webhook_thread_report(struct webhook_thread *thread, size_t webhook) {
    (void)pthread_mutex_lock(&thread->mutex);
    struct webhook_report report = thread->deliveries[webhook].report;
    (void)pthread_mutex_unlock(&thread->mutex);
    return report;
}

size_t webhook_thread_count_webhooks(const struct webhook_thread *thread) {
    return thread->count;
}

void webhook_thread_skip(struct webhook_thread *thread, struct store_command *command) {
    const char *name = command->follower_skip.place.name;
    command->next = NULL;
    if (find_delivery(thread, name) == NULL) {
        command->error = error_make(ERROR_NOT_FOUND, "There is no webhook '%s'.", name);
        thread->completions->deliver(thread->completions, command->loop, command);
        return;
    }
    (void)pthread_mutex_lock(&thread->mutex);
    command->next = thread->skips;
    thread->skips = command;
    (void)pthread_mutex_unlock(&thread->mutex);
    (void)curl_multi_wakeup(thread->multi);
}

void webhook_thread_stop(struct webhook_thread *thread) {
    if (thread == NULL)
        return;
    atomic_store(&thread->stopping, true);
    if (thread->is_running) {
        (void)curl_multi_wakeup(thread->multi);
        (void)pthread_join(thread->thread, NULL);
    }
    for (size_t i = 0; i < thread->count; i++)
        close_delivery(&thread->deliveries[i]);
    if (thread->multi != NULL)
        (void)curl_multi_cleanup(thread->multi);
    store_seat_close(&thread->seat);
    (void)pthread_mutex_destroy(&thread->mutex);
    free(thread->deliveries);
    free(thread);
    curl_global_cleanup();
}
