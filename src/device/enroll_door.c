#include "device/enroll_door.h"

#include <stdlib.h>

#include "base/json_writer.h"
#include "base/memory.h"
#include "device/enroll_request.h"
#include "message/media_type.h"
#include "message/reply.h"
#include "service/devices.h"

struct enroll_door {
    struct door door;
    struct service *service;
    struct enroll_limiters limiters;
};

struct enroll_call {
    struct service *service;
    struct refusal_limiter *refusals; /* of what this call shows: a token or a credential */
    struct exchange *exchange;
    struct service_call service_call;
};

static void fail(struct enroll_call *call, const struct error *error) {
    struct exchange *exchange = call->exchange;
    bool is_token_refusal = error->code == ERROR_FORBIDDEN;
    bool is_credential_refusal = error->code == ERROR_UNAUTHENTICATED;
    reply_set_error(exchange, error, is_token_refusal ? "tokenNotAccepted" : NULL);
    if (is_token_refusal)
        exchange->log_outcome = "tokenNotAccepted";
    if (is_token_refusal || is_credential_refusal)
        refusal_limiter_note(call->refusals, exchange->request.peer, exchange->received);
    if (is_credential_refusal)
        response_set_header(&exchange->response, SLICE("WWW-Authenticate"),
                            SLICE("Bearer error=\"invalid_token\""));
    exchange_finish(exchange);
}

static void write_identity(struct json_writer *writer, const struct device *device) {
    json_write_name(writer, "deviceId");
    json_write_guid(writer, &device->id);
    json_write_name(writer, "accountId");
    json_write_guid(writer, &device->account_id);
    json_write_name(writer, "enrollmentProfileId");
    json_write_guid(writer, &device->profile_id);
    json_write_name(writer, "enrolledDateTime");
    json_write_instant(writer, device->enrolled);
}

static void answer_enrolled(void *context, const struct error *error,
                            const struct devices_enrollment *enrollment) {
    struct enroll_call *call = context;
    if (error_is_set(error)) {
        fail(call, error);
        return;
    }
    struct exchange *exchange = call->exchange;
    exchange->tenant = enrollment->device->account_id;
    reply_set_json(exchange, enrollment->is_new ? 201 : 200);
    if (enrollment->is_new)
        response_set_header(&exchange->response, SLICE("Location"), SLICE("/enroll/me"));
    struct json_writer writer = json_writer_make(&exchange->response.body);
    json_open_object(&writer);
    write_identity(&writer, enrollment->device);
    json_write_name(&writer, "deviceCredential");
    json_write_string(&writer, enrollment->credential);
    json_close_object(&writer);
    exchange_finish(exchange);
}

/* Answers and returns true when the address has to wait. What is good is not looked at either: else
 * waiting would tell whether it is. */
static bool slow_down(struct enroll_call *call) {
    struct exchange *exchange = call->exchange;
    int seconds = refusal_limiter_wait(call->refusals, exchange->request.peer, exchange->received);
    if (seconds == 0)
        return false;
    struct error error = error_make(ERROR_THROTTLED,
                                    "Too much was refused from this network address. Try again in "
                                    "%d seconds.",
                                    seconds);
    reply_set_error(exchange, &error, NULL);
    response_set_header(&exchange->response, SLICE("Retry-After"),
                        arena_format(&exchange->arena, "%d", seconds));
    exchange->log_outcome = "slowed";
    exchange_finish(exchange);
    return true;
}

static void enroll(struct enroll_call *call) {
    const struct request *request = &call->exchange->request;
    struct enroll_request body = {0};
    struct error error = media_type_check_json_body(request);
    if (!error_is_set(&error))
        error = enroll_request_parse(&call->exchange->arena, request->body, &body);
    if (error_is_set(&error)) {
        fail(call, &error);
        return;
    }
    devices_enroll(call->service, &call->service_call, body.token, &body.device, answer_enrolled);
}

/* The credential in the Authorization header; empty when there is none, or more than one. */
static struct slice read_credential(const struct request *request) {
    struct slice value = request_find_header(request, SLICE("Authorization"));
    struct slice scheme = {0};
    if (request_count_headers(request, SLICE("Authorization")) != 1 ||
        !slice_cut(&value, ' ', &scheme) || !slice_equals_ignoring_case(scheme, SLICE("Bearer")))
        return SLICE("");
    return slice_trim(value);
}

static void answer_device(void *context, const struct error *error, const struct device *device) {
    struct enroll_call *call = context;
    if (error_is_set(error)) {
        fail(call, error);
        return;
    }
    struct exchange *exchange = call->exchange;
    const struct device_description *description = &device->description;
    exchange->tenant = device->account_id;
    reply_set_json(exchange, 200);
    struct json_writer writer = json_writer_make(&exchange->response.body);
    json_open_object(&writer);
    write_identity(&writer, device);
    json_write_name(&writer, "enrollmentProfileName");
    json_write_optional_text(&writer, device->profile_name);
    json_write_name(&writer, "deviceName");
    json_write_optional_text(&writer, device->name);
    json_write_name(&writer, "serialNumber");
    json_write_optional_text(&writer, description->serial_number);
    json_write_name(&writer, "imei");
    json_write_optional_text(&writer, description->imei);
    json_write_name(&writer, "androidId");
    json_write_optional_text(&writer, description->android_id);
    json_write_name(&writer, "manufacturer");
    json_write_optional_text(&writer, description->manufacturer);
    json_write_name(&writer, "model");
    json_write_optional_text(&writer, description->model);
    json_write_name(&writer, "osVersion");
    json_write_optional_text(&writer, description->os_version);
    json_close_object(&writer);
    exchange_finish(exchange);
}

static void show(struct enroll_call *call) {
    devices_get_by_credential(call->service, &call->service_call,
                              read_credential(&call->exchange->request), answer_device);
}

static void answer_left(void *context, const struct error *error) {
    struct enroll_call *call = context;
    if (error_is_set(error))
        fail(call, error);
    else
        reply_no_content(call->exchange);
}

static void leave(struct enroll_call *call) {
    devices_leave(call->service, &call->service_call, read_credential(&call->exchange->request),
                  answer_left);
}

static const struct {
    const char *path;
    enum request_method method;
    bool takes_credential; /* else a token */
    void (*handle)(struct enroll_call *call);
} routes[] = {
    {"/enroll", METHOD_POST, false, enroll},
    {"/enroll/me", METHOD_GET, true, show},
    {"/enroll/me", METHOD_DELETE, true, leave},
};

static struct enroll_call *make_call(struct enroll_door *door, struct exchange *exchange) {
    struct enroll_call *call = arena_allocate_zeroed(&exchange->arena, sizeof *call);
    call->service = door->service;
    call->exchange = exchange;
    call->service_call =
        (struct service_call){.loop = exchange->loop,
                              .arena = &exchange->arena,
                              .now = exchange->received,
                              .actor = {.kind = AUDIT_ACTOR_DEVICE,
                                        .address = exchange->request.peer,
                                        .correlation = exchange->client_request_id},
                              .context = call};
    return call;
}

static void handle(struct door *base, struct exchange *exchange) {
    struct enroll_door *door = (struct enroll_door *)(void *)base;
    reply_begin(exchange);
    struct enroll_call *call = make_call(door, exchange);
    unsigned allowed = 0;
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        if (!slice_equals_string(exchange->request.path, routes[i].path))
            continue;
        if (exchange->request.method == routes[i].method) {
            call->refusals =
                routes[i].takes_credential ? door->limiters.credentials : door->limiters.tokens;
            if (!slow_down(call))
                routes[i].handle(call);
            return;
        }
        allowed |= METHOD_BIT(routes[i].method);
    }
    if (allowed != 0) {
        reply_set_method_not_allowed(exchange, allowed);
        exchange_finish(exchange);
        return;
    }
    struct error error = error_make(ERROR_NOT_FOUND, "There is nothing at this address. Devices "
                                                     "use /enroll and /enroll/me.");
    reply_error(exchange, &error);
}

static void refuse(struct door *door, struct exchange *exchange, const struct error *error) {
    (void)door;
    reply_set_error(exchange, error, NULL);
}

struct enroll_door *enroll_door_open(struct service *service,
                                     const struct enroll_limiters *limiters) {
    struct enroll_door *door = memory_allocate_zeroed(1, sizeof *door);
    door->door = (struct door){.handle = handle, .refuse = refuse};
    door->service = service;
    door->limiters = *limiters;
    return door;
}

struct door *enroll_door_get(struct enroll_door *door) {
    return &door->door;
}

void enroll_door_close(struct enroll_door *door) {
    free(door);
}
