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
    json_t *devices = NULL;
    const char *path = arena_format(&call->client.arena, "%s" SET_PATH, call->root).data;
    int result = verb_fetch_all(call, path, &devices);
    if (result == COMMAND_DONE)
        output_print_list(stdout, call->format, devices, columns, COUNT(columns));
    json_decref(devices);
    return result;
}

static int show(struct verb_call *call) {
    struct client_response response;
    int result =
        client_request(&call->client, "GET", verb_entity_path(call, SET_PATH), NULL, &response);
    if (result == COMMAND_DONE)
        output_print_object(stdout, call->format, response.body, details, COUNT(details),
                            call->flags.field == NULL ? "id" : call->flags.field);
    json_decref(response.body);
    return result;
}

static int retire(struct verb_call *call) {
    struct client_response response;
    const char *path =
        arena_format(&call->client.arena, "%s/retire", verb_entity_path(call, SET_PATH)).data;
    int result = client_request(&call->client, "POST", path, NULL, &response);
    json_decref(response.body);
    return result;
}

static const struct verb verbs[] = {
    {"list", NULL, NULL, "lists the tenant's devices", list},
    {"show", "ID", "field", "shows one", show},
    {"retire", "ID", NULL, "ends the device's credential; the record stays", retire},
};

int device_run(int argument_count, char **arguments) {
    return verb_run("device", VERB_TARGET_GRAPH, verbs, COUNT(verbs), "muster device list -o json",
                    argument_count, arguments);
}
