#include "graph/graph.h"

#include <stdlib.h>

#include "base/memory.h"
#include "graph/call.h"
#include "graph/cors.h"
#include "graph/graph_internal.h"
#include "graph/preference.h"
#include "graph/routes.h"
#include "message/media_type.h"
#include "message/reply.h"
#include "service/tenants.h"

static struct slice make_root(struct exchange *exchange, struct slice root_segment) {
    const struct slice parts[] = {
        exchange->request.secure ? SLICE("https://") : SLICE("http://"),
        exchange->request.host,
        SLICE("/"),
        root_segment,
    };
    return arena_join(&exchange->arena, parts, sizeof parts / sizeof parts[0]);
}

static void fill_service_call(struct graph_call *call) {
    struct exchange *exchange = call->exchange;
    const struct principal *principal = &call->principal;
    call->service_call = (struct service_call){
        .loop = exchange->loop,
        .arena = &exchange->arena,
        .now = exchange->received,
        .tenant = principal->tenant,
        .actor = {.kind = principal->kind == PRINCIPAL_DELEGATED ? AUDIT_ACTOR_USER
                                                                 : AUDIT_ACTOR_APPLICATION,
                  .subject = slice_from_string(principal->subject),
                  .name = slice_from_string(principal->name),
                  .application = slice_from_string(principal->application),
                  .address = exchange->request.peer,
                  .correlation = exchange->client_request_id},
        .context = call,
    };
}

/* Microsoft's sample for AOSP devices renews their profiles' tokens under "AOSP-" and the id. */
static bool read_key(struct graph_call *call, struct slice segment) {
    static const struct slice prefix = {"AOSP-", sizeof "AOSP-" - 1};
    if (call->route->set == PROFILE_SET_ANDROID_DEVICE_OWNER && slice_starts_with(segment, prefix))
        segment = slice_skip(segment, prefix.length);
    return guid_parse(segment, &call->key);
}

/* Where to go: route, key and operation, which is NULL where the method leads nowhere. */
static struct error resolve(struct graph_call *call) {
    struct exchange *exchange = call->exchange;
    struct error error =
        graph_address_parse(&exchange->arena, exchange->request.path, &call->address);
    size_t key_segment = SIZE_MAX;
    if (!error_is_set(&error))
        error = routes_find(&call->address, &call->route, &key_segment);
    if (!error_is_set(&error) && key_segment != SIZE_MAX &&
        !read_key(call, call->address.segments[key_segment]))
        error = error_make_for(ERROR_INVALID, "id",
                               "The id '%.*s' is not a GUID such as "
                               "00000000-0000-0000-0000-000000000000.",
                               SLICE_PRINTF(call->address.segments[key_segment]));
    if (error_is_set(&error))
        return error;
    call->root = make_root(exchange, call->address.root_segment);
    call->operation = routes_find_operation(call->route, exchange->request.method);
    return error_none();
}

/* Answers and returns false when the caller has had as many calls as it may. Before permission and
 * licence: who calls too much must cost little. */
static bool throttle(struct graph_call *call) {
    struct exchange *exchange = call->exchange;
    struct throttle_refusal refusal;
    bool is_change = call->operation->method != METHOD_GET;
    if (call->graph->options.throttle == NULL ||
        throttle_take(call->graph->options.throttle, &call->principal, is_change,
                      exchange->received, &refusal))
        return true;
    struct error error = error_make(
        ERROR_THROTTLED, "Too many %s: %s may make %d at once. Try again in %d seconds.",
        refusal.of_changes ? "changes" : "requests",
        refusal.of_tenant ? "the applications of a tenant together" : "an application in a tenant",
        refusal.limit, refusal.wait_seconds);
    exchange->log_outcome = "throttled";
    reply_set_error(exchange, &error, NULL);
    response_set_header(&exchange->response, SLICE("Retry-After"),
                        arena_format(&exchange->arena, "%d", refusal.wait_seconds));
    exchange_finish(exchange);
    return false;
}

/* What the operation answers with, and so which query options make sense. */
static struct odata_target find_target(const struct graph_call *call) {
    struct odata_target target = {.type = call->route->type, .set_path = call->route->pattern};
    if (target.type == NULL)
        return target;
    target.scope = call->route->is_count ? ODATA_SCOPE_COUNT : ODATA_SCOPE_ENTITY;
    if (call->route->is_collection && call->operation->method == METHOD_GET) {
        target.scope = ODATA_SCOPE_COLLECTION;
        target.max_page_size = preference_read(&call->exchange->request).max_page_size;
    }
    return target;
}

static struct error negotiate(struct graph_call *call) {
    struct exchange *exchange = call->exchange;
    if (call->route->answers_xml)
        return negotiation_check_xml(&exchange->request);
    struct error error = call->route->is_count
                             ? negotiation_check_plain_text(&exchange->request)
                             : negotiation_read_accept(&exchange->request, &call->metadata);
    if (!error_is_set(&error))
        error = media_type_check_json_body(&exchange->request);
    if (error_is_set(&error))
        return error;
    const struct odata_target target = find_target(call);
    return odata_options_parse(&exchange->arena, &target, exchange->request.query, &call->options);
}

static void admitted(void *context, const struct error *error) {
    struct graph_call *call = context;
    if (error_is_set(error)) {
        graph_call_fail(call, error);
        return;
    }
    struct error refused = negotiate(call);
    if (error_is_set(&refused))
        graph_call_fail(call, &refused);
    else
        call->operation->handle(call);
}

/* Of two tokens, a proxy in front might have looked at the other one. */
static struct error authenticate(struct graph_call *call) {
    const struct exchange *exchange = call->exchange;
    struct authenticator *authenticator = call->graph->options.authenticator;
    if (request_count_headers(&exchange->request, SLICE("Authorization")) > 1) {
        authenticator_count_refused(authenticator, exchange->loop);
        return error_make(ERROR_UNAUTHENTICATED, "Access token validation failure. There is more "
                                                 "than one Authorization header.");
    }
    return authenticator_check(authenticator, exchange->loop,
                               request_find_header(&exchange->request, SLICE("Authorization")),
                               exchange->received, &call->principal);
}

/* OPTIONS asks what may be done at the address; any other method may not. */
static void answer_without_operation(struct graph_call *call) {
    struct exchange *exchange = call->exchange;
    if (exchange->request.method != METHOD_OPTIONS) {
        reply_set_method_not_allowed(exchange, routes_allowed_methods(call->route));
        exchange_finish(exchange);
        return;
    }
    struct slice methods = reply_list_methods(exchange, routes_allowed_methods(call->route) |
                                                            METHOD_BIT(METHOD_OPTIONS));
    response_set_header(&exchange->response, SLICE("Allow"), methods);
    cors_allow_preflight(exchange, methods);
    graph_call_no_content(call);
}

/* Who asks: known of a batch's part, nobody at an address that is open to everybody. What may be
 * done at an address is no secret either, and a browser that asks sends no bearer token. */
static struct error identify(struct graph_call *call, const struct principal *known) {
    bool is_open = (call->route != NULL && call->route->is_open) ||
                   call->exchange->request.method == METHOD_OPTIONS;
    if (known == NULL)
        return is_open ? error_none() : authenticate(call);
    call->principal = *known;
    call->is_part = true;
    return error_none();
}

/* The order of the checks is the order in which Graph reports: who are you, where is that, are
 * these too many calls, may you, is your tenant licensed, and only then what you sent. */
static void answer(struct graph *graph, struct exchange *exchange, const struct principal *known) {
    reply_begin(exchange);
    struct graph_call *call = arena_allocate_zeroed(&exchange->arena, sizeof *call);
    call->graph = graph;
    call->service = graph->options.service;
    call->exchange = exchange;
    if (known == NULL)
        cors_allow(exchange, graph->options.cors_origins);
    struct error nowhere = resolve(call);
    struct error error = identify(call, known);
    if (!error_is_set(&error))
        error = nowhere;
    if (error_is_set(&error)) {
        graph_call_fail(call, &error);
        return;
    }
    exchange->tenant = call->principal.tenant;
    if (call->operation == NULL) {
        answer_without_operation(call);
        return;
    }
    fill_service_call(call);
    if (call->operation->requirement == NULL) {
        admitted(call, &error);
        return;
    }
    if (!throttle(call))
        return;
    error = policy_check(&call->principal, call->operation->requirement, call->address.version);
    if (error_is_set(&error)) {
        graph_call_forbid(call, &error);
        return;
    }
    tenants_admit(call->service, &call->service_call, admitted);
}

static void handle(struct door *door, struct exchange *exchange) {
    answer((struct graph *)(void *)door, exchange, NULL);
}

void graph_answer_part(struct graph *graph, struct exchange *exchange,
                       const struct principal *principal) {
    answer(graph, exchange, principal);
}

static void refuse(struct door *door, struct exchange *exchange, const struct error *error) {
    (void)door;
    reply_set_error(exchange, error, NULL);
}

struct graph *graph_open(const struct graph_options *options) {
    struct graph *graph = memory_allocate_zeroed(1, sizeof *graph);
    graph->door = (struct door){.handle = handle, .refuse = refuse};
    graph->options = *options;
    random_fill(options->service->random, &graph->run, sizeof graph->run);
    return graph;
}

struct door *graph_door(struct graph *graph) {
    return &graph->door;
}

void graph_close(struct graph *graph) {
    free(graph);
}
