#include "front/front_door.h"

#include "graph/address.h"
#include "message/reply.h"

static bool is_for_devices(struct slice path) {
    return slice_equals(path, SLICE("/enroll")) || slice_starts_with(path, SLICE("/enroll/"));
}

/* "OPTIONS *": what may be done at some address or other, RFC 9110 9.3.7. */
static void answer_for_all(struct exchange *exchange) {
    reply_begin(exchange);
    response_set_header(
        &exchange->response, SLICE("Allow"),
        reply_list_methods(exchange, METHOD_BIT(METHOD_GET) | METHOD_BIT(METHOD_HEAD) |
                                         METHOD_BIT(METHOD_POST) | METHOD_BIT(METHOD_PATCH) |
                                         METHOD_BIT(METHOD_DELETE) | METHOD_BIT(METHOD_OPTIONS)));
    reply_no_content(exchange);
}

static void handle(struct door *door, struct exchange *exchange) {
    struct front_door *front = (struct front_door *)(void *)door;
    struct slice path = exchange->request.path;
    if (graph_address_is_graph(path)) {
        front->graph->handle(front->graph, exchange);
        return;
    }
    if (is_for_devices(path)) {
        front->enroll->handle(front->enroll, exchange);
        return;
    }
    if (slice_equals(path, SLICE("*"))) {
        answer_for_all(exchange);
        return;
    }
    struct error error =
        error_make(ERROR_NOT_FOUND, "There is nothing at this address. Graph is at /v1.0 and "
                                    "/beta, devices use /enroll.");
    reply_begin(exchange);
    reply_error(exchange, &error);
}

static void refuse(struct door *door, struct exchange *exchange, const struct error *error) {
    (void)door;
    reply_set_error(exchange, error, NULL);
}

struct front_door front_door_make(struct door *graph, struct door *enroll) {
    return (struct front_door){
        .door = {.handle = handle, .refuse = refuse}, .graph = graph, .enroll = enroll};
}
