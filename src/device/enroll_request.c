#include "device/enroll_request.h"

#include <stddef.h>

#include "message/json_body.h"

static const struct {
    const char *name;
    size_t offset;
} members[] = {
    {"serialNumber", offsetof(struct enroll_request, device.serial_number)},
    {"imei", offsetof(struct enroll_request, device.imei)},
    {"androidId", offsetof(struct enroll_request, device.android_id)},
    {"manufacturer", offsetof(struct enroll_request, device.manufacturer)},
    {"model", offsetof(struct enroll_request, device.model)},
    {"osVersion", offsetof(struct enroll_request, device.os_version)},
};

static struct error read_device(struct arena *arena, const json_t *device,
                                struct enroll_request *request) {
    if (!json_is_object(device))
        return error_make_for(ERROR_INVALID, "device",
                              "The member 'device' is required and must be an object with at least "
                              "one of 'serialNumber', 'imei' and 'androidId'.");
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const json_t *value = json_object_get(device, members[i].name);
        if (value == NULL || json_is_null(value))
            continue;
        if (!json_is_string(value))
            return error_make_for(ERROR_INVALID, members[i].name,
                                  "The member 'device.%s' must be a string; %s was given.",
                                  members[i].name, json_body_type_name(value));
        struct slice *text = (struct slice *)(void *)((char *)request + members[i].offset);
        *text = json_body_copy_text(arena, value);
    }
    return device_description_check(&request->device);
}

struct error enroll_request_parse(struct arena *arena, struct slice body,
                                  struct enroll_request *request) {
    *request = (struct enroll_request){0};
    json_t *root = NULL;
    struct error error = json_body_parse(body, &root);
    if (error_is_set(&error))
        return error;
    const json_t *token = json_object_get(root, "enrollmentToken");
    if (!json_is_string(token) || json_string_length(token) == 0)
        error = error_make_for(ERROR_INVALID, "enrollmentToken",
                               "The member 'enrollmentToken' is required and must be the text that "
                               "the administrator handed out.");
    else
        request->token = json_body_copy_text(arena, token);
    if (!error_is_set(&error))
        error = read_device(arena, json_object_get(root, "device"), request);
    json_decref(root);
    return error;
}
