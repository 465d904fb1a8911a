#include "domain/device.h"

#include <stddef.h>

static const struct {
    const char *name;
    size_t offset;
} members[] = {
    {"serialNumber", offsetof(struct device_description, serial_number)},
    {"imei", offsetof(struct device_description, imei)},
    {"androidId", offsetof(struct device_description, android_id)},
    {"manufacturer", offsetof(struct device_description, manufacturer)},
    {"model", offsetof(struct device_description, model)},
    {"osVersion", offsetof(struct device_description, os_version)},
};

struct error device_description_check(const struct device_description *description) {
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const struct slice *text =
            (const struct slice *)(const void *)((const char *)description + members[i].offset);
        if (text->data == NULL)
            continue;
        if (text->length == 0 || text->length > DEVICE_TEXT_BYTES_AT_MOST)
            return error_make_for(ERROR_INVALID, members[i].name,
                                  "The member 'device.%s' must have 1 to %d bytes; %zu were given. "
                                  "Leave it out if the device does not know it.",
                                  members[i].name, DEVICE_TEXT_BYTES_AT_MOST, text->length);
    }
    if (description->serial_number.data == NULL && description->imei.data == NULL &&
        description->android_id.data == NULL)
        return error_make_for(ERROR_INVALID, "device",
                              "The member 'device' needs at least one of 'serialNumber', 'imei' "
                              "and 'androidId', so that the device is known when it comes again.");
    return error_none();
}

struct device_identity device_identify(const struct device_description *description) {
    if (description->serial_number.data != NULL)
        return (struct device_identity){DEVICE_IDENTITY_SERIAL_NUMBER, description->serial_number};
    if (description->imei.data != NULL)
        return (struct device_identity){DEVICE_IDENTITY_IMEI, description->imei};
    return (struct device_identity){DEVICE_IDENTITY_ANDROID_ID, description->android_id};
}
