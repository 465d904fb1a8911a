#include "domain/permission.h"

#include <stddef.h>

static const char *const names[PERMISSION_COUNT] = {
    "DeviceManagementConfiguration.Read.All",  "DeviceManagementConfiguration.ReadWrite.All",
    "DeviceManagementManagedDevices.Read.All", "DeviceManagementManagedDevices.ReadWrite.All",
    "DeviceManagementApps.Read.All",           "DeviceManagementApps.ReadWrite.All",
};

unsigned permission_parse(struct slice name) {
    for (size_t i = 0; i < PERMISSION_COUNT; i++) {
        if (slice_equals_ignoring_case(name, slice_from_string(names[i])))
            return 1U << i;
    }
    return 0;
}

const char *permission_name(enum permission permission) {
    for (size_t i = 0; i < PERMISSION_COUNT; i++) {
        if ((unsigned)permission == 1U << i)
            return names[i];
    }
    return "";
}
