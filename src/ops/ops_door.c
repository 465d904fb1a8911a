#include "ops/ops_door.h"

#include "message/reply.h"
#include "ops/metrics.h"

static void answer_text(struct exchange *exchange, int status, struct slice type) {
    exchange->response.status = status;
    response_set_header(&exchange->response, SLICE("Content-Type"), type);
    exchange_finish(exchange);
}

static void answer_live(struct ops_door *ops, struct exchange *exchange) {
    (void)ops;
    buffer_append_string(&exchange->response.body, "ok\n");
    answer_text(exchange, 200, SLICE("text/plain; charset=utf-8"));
}

static void answer_ready(struct ops_door *ops, struct exchange *exchange) {
    struct error reason = error_none();
    struct buffer *body = &exchange->response.body;
    if (!ops->store->is_ready(ops->store, &reason))
        buffer_append_format(body, "store: %s\n", reason.message);
    size_t next = 0;
    const char *issuer = NULL;
    while ((issuer = authenticator_find_unready(ops->authenticator, &next)) != NULL)
        buffer_append_format(body, "issuers: The keys of issuer %s are not known yet.\n", issuer);
    bool is_ready = body->length == 0;
    if (is_ready)
        buffer_append_string(body, "ok\n");
    answer_text(exchange, is_ready ? 200 : 503, SLICE("text/plain; charset=utf-8"));
}

static void write_keys_ages(struct ops_door *ops, struct exchange *exchange) {
    struct authenticator_keys_age *ages = NULL;
    size_t count = authenticator_list_keys_ages(ops->authenticator, exchange->received,
                                                &exchange->arena, &ages);
    struct metrics_part *parts = arena_allocate_zeroed(&exchange->arena, count * sizeof *parts);
    for (size_t i = 0; i < count; i++)
        parts[i] =
            (struct metrics_part){.label = ages[i].issuer, .value = (uint64_t)ages[i].seconds};
    /* An issuer's name has no character that would have to be escaped. */
    if (count > 0)
        metrics_write_gauges(&exchange->response.body, "muster_issuer_keys_age_seconds",
                             "Time since the keys of the issuer were last fetched.", "issuer",
                             parts, count);
}

static void answer_metrics(struct ops_door *ops, struct exchange *exchange) {
    struct buffer *body = &exchange->response.body;
    struct error reason = error_none();
    struct authenticator_counts counts = authenticator_count(ops->authenticator);
    metrics_write_gauge(body, "muster_store_ready", "Whether changes can be made durable (1).",
                        ops->store->is_ready(ops->store, &reason) ? 1 : 0);
    metrics_write_counter(body, "muster_bearer_cache_hits_total",
                          "Bearer tokens believed because they were verified before.",
                          counts.cache_hits);
    metrics_write_counter(
        body, "muster_bearer_cache_misses_total",
        "Bearer tokens that were not remembered, so that their signature was looked at.",
        counts.cache_misses);
    metrics_write_counter(body, "muster_bearer_refused_total", "Bearer tokens not believed.",
                          counts.refused);
    metrics_write_counter(body, "muster_bearer_missing_total", "Calls without a bearer token.",
                          counts.missing);
    metrics_write_gauge(body, "muster_bearer_cache_entries", "Verified bearer tokens remembered.",
                        (int64_t)counts.cache_entries);
    metrics_write_gauge(body, "muster_bearer_cache_entries_limit",
                        "How many verified bearer tokens are remembered at most.",
                        (int64_t)counts.cache_entries_at_most);
    write_keys_ages(ops, exchange);
    if (ops->write_metrics != NULL)
        ops->write_metrics(ops->context, body);
    answer_text(exchange, 200, SLICE("text/plain; version=0.0.4; charset=utf-8"));
}

static const struct {
    const char *path;
    void (*answer)(struct ops_door *ops, struct exchange *exchange);
} pages[] = {
    {"/livez", answer_live},
    {"/readyz", answer_ready},
    {"/metrics", answer_metrics},
};

static void handle(struct door *door, struct exchange *exchange) {
    struct ops_door *ops = (struct ops_door *)(void *)door;
    reply_begin(exchange);
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        if (!slice_equals_string(exchange->request.path, pages[i].path))
            continue;
        if (exchange->request.method == METHOD_GET || exchange->request.method == METHOD_HEAD) {
            pages[i].answer(ops, exchange);
            return;
        }
        reply_set_method_not_allowed(exchange, METHOD_BIT(METHOD_GET) | METHOD_BIT(METHOD_HEAD));
        exchange_finish(exchange);
        return;
    }
    struct error error =
        error_make(ERROR_NOT_FOUND, "There is /livez, /readyz and /metrics here, nothing else.");
    reply_error(exchange, &error);
}

static void refuse(struct door *door, struct exchange *exchange, const struct error *error) {
    (void)door;
    reply_set_error(exchange, error, NULL);
}

struct ops_door ops_door_make(struct store *store, struct authenticator *authenticator,
                              void (*write_metrics)(void *context, struct buffer *out),
                              void *context) {
    return (struct ops_door){.door = {.handle = handle, .refuse = refuse},
                             .store = store,
                             .authenticator = authenticator,
                             .write_metrics = write_metrics,
                             .context = context};
}
