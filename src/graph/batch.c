#include "graph/batch.h"

#include "graph/batch_part.h"
#include "message/reply.h"

enum batch_state { BATCH_WAITING, BATCH_RUNNING, BATCH_DONE };

struct batch;

struct batch_step {
    struct exchange exchange;
    struct batch *batch;
    const struct batch_request *request;
    enum batch_state state;
};

struct batch {
    struct exchange *exchange;
    struct batch_options options;
    json_t *body;
    struct json_writer writer;
    struct batch_step *steps;
    size_t count;
    size_t left;        /* steps that are not done */
    uint32_t done;      /* a bit for each step */
    uint32_t succeeded; /* the same */
    instant turn_began;
    bool running; /* on the stack */
};

static void log_step(const struct batch_step *step) {
    const struct exchange *part = &step->exchange;
    const struct batch *batch = step->batch;
    if (batch->options.log == NULL || !log_is_enabled(batch->options.log, LOG_LEVEL_INFO))
        return;
    LOG(batch->options.log, LOG_LEVEL_INFO, "batch part", log_guid("request_id", part->request_id),
        log_guid("batch_request_id", batch->exchange->request_id),
        log_text("method", part->request.method_name), log_text("path", part->request.path),
        log_number("status", part->response.status),
        log_number("bytes", (int64_t)part->response.body.length));
}

/* An answer that does not fit is replaced; those to changes are small and always fit. */
static void bound_reply(struct batch_step *step) {
    struct exchange *part = &step->exchange;
    size_t written = step->batch->exchange->response.body.length;
    if (part->request.method != METHOD_GET ||
        written + part->response.body.length <= BATCH_REPLY_BYTES_AT_MOST)
        return;
    struct error error =
        error_make(ERROR_TOO_LARGE,
                   "The answers of a batch may have %u bytes together. Send this request in "
                   "another batch, or ask for less with $select and $top.",
                   BATCH_REPLY_BYTES_AT_MOST);
    reply_set_error(part, &error, NULL);
}

static void free_step(struct batch_step *step) {
    arena_free(&step->exchange.arena);
    response_free(&step->exchange.response);
}

static void run(struct batch *batch);

static void finish_step(struct exchange *part) {
    struct batch_step *step = part->owner;
    struct batch *batch = step->batch;
    uint32_t bit = UINT32_C(1) << (step - batch->steps);
    bound_reply(step);
    log_step(step);
    batch_part_write(part, step->request->id, &batch->writer);
    step->state = BATCH_DONE;
    batch->left--;
    batch->done |= bit;
    if (part->response.status < 400)
        batch->succeeded |= bit;
    free_step(step);
    /* Otherwise the run on the stack goes on by itself. */
    if (!batch->running)
        run(batch);
}

/* The first request on which it depends and which failed. */
static struct error refuse_dependent(const struct batch_step *step) {
    const struct batch *batch = step->batch;
    uint32_t failed = step->request->depends_on & ~batch->succeeded;
    size_t index = 0;
    while ((failed & UINT32_C(1) << index) == 0)
        index++;
    return error_make(ERROR_FAILED_DEPENDENCY,
                      "The request with id '%.*s', on which this one depends, has failed.",
                      SLICE_PRINTF(batch->steps[index].request->id));
}

static struct error begin_step(struct batch_step *step) {
    struct batch *batch = step->batch;
    struct exchange *part = &step->exchange;
    part->received = clock_now(batch->options.clock);
    struct error error =
        batch_part_fill(part, batch->exchange, batch->options.root_segment, step->request);
    if ((step->request->depends_on & ~batch->succeeded) != 0)
        return refuse_dependent(step);
    if (!error_is_set(&error) && part->request.method == METHOD_GET &&
        part->received - batch->turn_began > BATCH_TURN_TICKS)
        return error_make(ERROR_THROTTLED,
                          "The requests before this one in the batch took long. Send it again, in "
                          "a smaller batch.");
    return error;
}

static void start_step(struct batch_step *step) {
    struct batch *batch = step->batch;
    struct exchange *part = &step->exchange;
    part->loop = batch->exchange->loop;
    part->request_id = guid_make_random(batch->options.random);
    part->tenant = batch->exchange->tenant;
    part->owner = step;
    part->finish = finish_step;
    step->state = BATCH_RUNNING;
    struct error error = begin_step(step);
    if (error_is_set(&error))
        reply_error(part, &error);
    else
        batch->options.answer(batch->options.context, part);
}

static void finish(struct batch *batch) {
    struct exchange *exchange = batch->exchange;
    json_close_array(&batch->writer);
    json_close_object(&batch->writer);
    json_decref(batch->body);
    exchange->abandon = NULL;
    exchange_finish(exchange);
}

/* Requests depend only on those before them, so that one walk starts all that may start. */
static void run(struct batch *batch) {
    batch->running = true;
    batch->turn_began = clock_now(batch->options.clock);
    for (size_t i = 0; i < batch->count; i++) {
        struct batch_step *step = &batch->steps[i];
        if (step->state == BATCH_WAITING && (step->request->depends_on & ~batch->done) == 0)
            start_step(step);
    }
    batch->running = false;
    if (batch->left == 0)
        finish(batch);
}

/* Nobody finishes the steps any more. */
static void abandon(struct exchange *exchange) {
    struct batch *batch = exchange->door_state;
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->steps[i].state == BATCH_RUNNING)
            free_step(&batch->steps[i]);
    }
    json_decref(batch->body);
}

void batch_run(struct exchange *exchange, const struct batch_options *options,
               const struct batch_requests *requests, json_t *body) {
    struct batch *batch = arena_allocate_zeroed(&exchange->arena, sizeof *batch);
    batch->exchange = exchange;
    batch->options = *options;
    batch->body = body;
    batch->count = batch->left = requests->count;
    batch->steps = arena_allocate_zeroed(&exchange->arena, requests->count * sizeof *batch->steps);
    for (size_t i = 0; i < batch->count; i++)
        batch->steps[i] = (struct batch_step){.batch = batch, .request = &requests->items[i]};
    exchange->door_state = batch;
    exchange->abandon = abandon;
    reply_set_json(exchange, 200);
    response_set_header(&exchange->response, SLICE("OData-Version"), SLICE("4.0"));
    batch->writer = json_writer_make(&exchange->response.body);
    json_open_object(&batch->writer);
    json_write_name(&batch->writer, "responses");
    json_open_array(&batch->writer);
    run(batch);
}
