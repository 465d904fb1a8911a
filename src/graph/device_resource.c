#include "graph/device_resource.h"

#include "graph/action.h"
#include "graph/device_entity.h"
#include "graph/entity.h"
#include "service/devices.h"

static void fail(struct graph_call *call, const struct error *error) {
    graph_call_fail_entity(call, error, "managed device");
}

static void answer_device(void *context, const struct error *error, const struct device *device) {
    struct graph_call *call = context;
    if (error_is_set(error)) {
        fail(call, error);
        return;
    }
    struct json_writer writer = graph_call_open(call, 200);
    json_open_object(&writer);
    entity_write_context(call, &writer, DEVICE_ENTITY_SET_PATH);
    device_entity_write(call, &writer, device);
    json_close_object(&writer);
    graph_call_finish(call);
}

static void answer_no_content(void *context, const struct error *error) {
    struct graph_call *call = context;
    if (error_is_set(error))
        fail(call, error);
    else
        graph_call_no_content(call);
}

static void answer_page(void *context, const struct error *error, const struct devices_page *page) {
    struct graph_call *call = context;
    if (error_is_set(error)) {
        fail(call, error);
        return;
    }
    struct json_writer writer = entity_open_page(call, DEVICE_ENTITY_SET_PATH, page->end);
    for (size_t i = 0; i < page->count; i++) {
        json_open_object(&writer);
        device_entity_write(call, &writer, &page->devices[i]);
        json_close_object(&writer);
    }
    entity_finish_page(call, &writer, DEVICE_ENTITY_SET_PATH, page->end);
}

static void answer_count(void *context, const struct error *error,
                         const struct devices_page *page) {
    struct graph_call *call = context;
    if (error_is_set(error))
        fail(call, error);
    else
        entity_answer_count(call, page->end);
}

void device_resource_list(struct graph_call *call) {
    devices_list(call->service, &call->service_call, &call->options.listing, answer_page);
}

void device_resource_count(struct graph_call *call) {
    devices_list(call->service, &call->service_call, &call->options.listing, answer_count);
}

void device_resource_get(struct graph_call *call) {
    devices_get(call->service, &call->service_call, &call->key, answer_device);
}

void device_resource_delete(struct graph_call *call) {
    devices_delete(call->service, &call->service_call, &call->key, answer_no_content);
}

void device_resource_retire(struct graph_call *call) {
    struct error error = action_check_no_parameters(call, "retire");
    if (error_is_set(&error)) {
        graph_call_fail(call, &error);
        return;
    }
    devices_retire(call->service, &call->service_call, &call->key, answer_no_content);
}
