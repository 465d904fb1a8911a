#include "cli/device.h"

#include "cli/commands.h"
#include "cli/verb.h"

#define SET_PATH "/deviceManagement/managedDevices"

static const struct output_column columns[] = {
    {"ID", "id"},
    {"ENROLLED", "enrolledDateTime"},
    {"STATE", "deviceRegistrationState"},
    {"PROFILE", "enrollmentProfileName"},
    {"NAME", "deviceName"},
};
static const struct output_column details[] = {
    {"id", "id"},
    {"name", "deviceName"},
    {"serial", "serialNumber"},
    {"imei", "imei"},
    {"manufacturer", "manufacturer"},
    {"model", "model"},
    {"version", "osVersion"},
    {"profile", "enrollmentProfileName"},
    {"state", "deviceRegistrationState"},
    {"enrolled", "enrolledDateTime"},
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int list(struct verb_call *call) {
    return verb_print_all(call, verb_list_path(call, SET_PATH, SIZE_MAX), columns, COUNT(columns));
}

static int show(struct verb_call *call) {
    json_t *device = NULL;
    int result = client_request_object(&call->client, "GET", verb_entity_path(call, SET_PATH), NULL,
                                       &device);
    if (result == COMMAND_DONE)
        result = verb_print_object(call, device, details, COUNT(details), "id");
    json_decref(device);
    return result;
}

static int retire(struct verb_call *call) {
    return verb_post_action(call, SET_PATH, "retire", NULL);
}

static const struct verb verbs[] = {
    {"list", NULL, NULL, "lists the tenant's devices", list},
    {"show", "ID", "field", "shows one", show},
    {"retire", "ID", NULL, "ends the device's credential; the record stays", retire},
};

int device_run(int argument_count, char **arguments) {
    return verb_run("device", VERB_TARGET_BETA, verbs, COUNT(verbs), "muster device list -o json",
                    argument_count, arguments);
}
