#include "cli/profile_collection.h"

#include <stddef.h>
#include <string.h>

static const struct profile_collection collections[] = {
    {"for-work", "/deviceManagement/androidForWorkEnrollmentProfiles", false},
    {"device-owner", "/deviceManagement/androidDeviceOwnerEnrollmentProfiles", true},
};

static const struct profile_collection *find(const char *name) {
    for (size_t i = 0; i < sizeof collections / sizeof collections[0]; i++) {
        if (strcmp(collections[i].name, name) == 0)
            return &collections[i];
    }
    return NULL;
}

const struct profile_collection *profile_collection_choose(const char *command,
                                                           const struct verb_flags *flags) {
    bool needs_device_owners =
        flags->mode != NULL || flags->token_type != NULL || flags->name_template != NULL;
    const char *name = flags->set;
    if (name == NULL)
        name = needs_device_owners ? "device-owner" : "for-work";
    const struct profile_collection *collection = find(name);
    if (collection == NULL)
        (void)verb_misused(command, "--set must be for-work or device-owner");
    if (collection == NULL || !needs_device_owners || collection->is_device_owners)
        return collection;
    (void)verb_misused(command, "--mode, --token-type and --name-template need --set device-owner");
    return NULL;
}
