#include "graph/batch_resource.h"

#include "graph/batch.h"
#include "graph/graph_internal.h"
#include "message/json_body.h"

static void answer_part(void *context, struct exchange *part) {
    const struct graph_call *call = context;
    graph_answer_part(call->graph, part, &call->principal);
}

void batch_resource_run(struct graph_call *call) {
    struct exchange *exchange = call->exchange;
    struct batch_requests *requests = arena_allocate(&exchange->arena, sizeof *requests);
    json_t *body = NULL;
    struct error error = error_none();
    if (call->is_part)
        error = error_make_for(ERROR_INVALID, "url", "A request of a batch cannot be a batch.");
    if (!error_is_set(&error))
        error = json_body_parse(exchange->request.body, &body);
    if (!error_is_set(&error))
        error = batch_requests_read(body, requests);
    if (error_is_set(&error)) {
        json_decref(body);
        graph_call_fail(call, &error);
        return;
    }
    const struct graph_options *options = &call->graph->options;
    const struct batch_options batch = {
        .root_segment = call->address.root_segment,
        .clock = options->clock,
        .random = call->service->random,
        .log = options->access_log ? call->service->log : NULL,
        .answer = answer_part,
        .context = call,
    };
    batch_run(exchange, &batch, requests, body);
}
