#include "graph/device_resource.h"

#include "graph/action.h"
#include "service/devices.h"

#define PAGE_SIZE 100

static const char set_path[] = "deviceManagement/managedDevices";
static const char entity_type[] = "microsoft.graph.managedDevice";

static void write_properties(struct graph_call *call, struct json_writer *writer,
                             const struct device *device) {
    const struct device_description *description = &device->description;
    graph_call_write_links(call, writer, entity_type, set_path, &device->id);
    json_write_name(writer, "id");
    json_write_guid(writer, &device->id);
    json_write_name(writer, "deviceName");
    json_write_optional_text(writer, device_identify(description).value);
    json_write_name(writer, "managedDeviceOwnerType");
    json_write_string(writer, "company");
    json_write_name(writer, "enrolledDateTime");
    json_write_instant(writer, device->enrolled);
    json_write_name(writer, "lastSyncDateTime");
    json_write_instant(writer, device->last_sync);
    json_write_name(writer, "operatingSystem");
    json_write_string(writer, "Android");
    json_write_name(writer, "osVersion");
    json_write_optional_text(writer, description->os_version);
    json_write_name(writer, "deviceEnrollmentType");
    json_write_string(writer, "androidEnterpriseDedicatedDevice");
    json_write_name(writer, "deviceRegistrationState");
    json_write_string(writer, device->state == DEVICE_ENROLLED ? "registered" : "revoked");
    json_write_name(writer, "managementState");
    json_write_string(writer, device->state == DEVICE_ENROLLED ? "managed" : "retirePending");
    json_write_name(writer, "model");
    json_write_optional_text(writer, description->model);
    json_write_name(writer, "manufacturer");
    json_write_optional_text(writer, description->manufacturer);
    json_write_name(writer, "imei");
    json_write_optional_text(writer, description->imei);
    json_write_name(writer, "serialNumber");
    json_write_optional_text(writer, description->serial_number);
    json_write_name(writer, "enrollmentProfileName");
    json_write_optional_text(writer, device->profile_name);
}

static void fail(struct graph_call *call, const struct error *error) {
    if (error->code != ERROR_NOT_FOUND) {
        graph_call_fail(call, error);
        return;
    }
    char id[GUID_TEXT_SIZE];
    struct error missing = error_make_for(ERROR_NOT_FOUND, "id",
                                          "Resource not found: there is no managed device '%s'.",
                                          guid_format(&call->key, id));
    graph_call_fail(call, &missing);
}

static void answer_device(void *context, const struct error *error, const struct device *device) {
    struct graph_call *call = context;
    if (error_is_set(error)) {
        fail(call, error);
        return;
    }
    struct json_writer writer = graph_call_open(call, 200);
    json_open_object(&writer);
    graph_call_write_context(call, &writer, "deviceManagement/managedDevices/$entity");
    write_properties(call, &writer, device);
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
    struct json_writer writer = graph_call_open(call, 200);
    json_open_object(&writer);
    graph_call_write_context(call, &writer, set_path);
    json_write_name(&writer, "value");
    json_open_array(&writer);
    for (size_t i = 0; i < page->count; i++) {
        json_open_object(&writer);
        write_properties(call, &writer, &page->devices[i]);
        json_close_object(&writer);
    }
    json_close_array(&writer);
    graph_call_write_next_link(call, &writer, set_path, page->next_after_row);
    json_close_object(&writer);
    graph_call_finish(call);
}

void device_resource_list(struct graph_call *call) {
    devices_list(call->service, &call->service_call, call->query.after_row,
                 call->query.has_top ? call->query.top : PAGE_SIZE, answer_page);
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
