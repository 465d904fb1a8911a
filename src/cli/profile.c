#include "cli/profile.h"

#include "cli/commands.h"
#include "cli/verb.h"

#define SET_PATH "/deviceManagement/androidForWorkEnrollmentProfiles"

static const struct output_column columns[] = {
    {"ID", "id"},
    {"TOKEN EXPIRES", "tokenExpirationDateTime"},
    {"DEVICES", "enrolledDeviceCount"},
    {"NAME", "displayName"},
};
static const struct output_column details[] = {
    {"id", "id"},
    {"name", "displayName"},
    {"description", "description"},
    {"created", "createdDateTime"},
    {"modified", "lastModifiedDateTime"},
    {"token", "tokenValue"},
    {"expires", "tokenExpirationDateTime"},
    {"devices", "enrolledDeviceCount"},
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int list(struct verb_call *call) {
    return verb_print_all(call, SET_PATH, columns, COUNT(columns));
}

/* Sends the name and description that were given, and prints the profile that comes back. */
static int send_changes(struct verb_call *call, const char *method, const char *path) {
    json_t *body = json_object();
    json_t *profile = NULL;
    if (call->flags.name != NULL)
        (void)json_object_set_new(body, "displayName", json_string(call->flags.name));
    if (call->flags.description != NULL)
        (void)json_object_set_new(body, "description", json_string(call->flags.description));
    int result = client_request_object(&call->client, method, path, body, &profile);
    if (result == COMMAND_DONE)
        result = verb_print_object(call, profile, details, COUNT(details), "id");
    json_decref(profile);
    json_decref(body);
    return result;
}

static int create(struct verb_call *call) {
    if (call->flags.name == NULL)
        return verb_misused("profile", "a profile needs a name: give --name");
    return send_changes(call, "POST",
                        arena_format(&call->client.arena, "%s" SET_PATH, call->root).data);
}

static int update(struct verb_call *call) {
    if (call->flags.name == NULL && call->flags.description == NULL)
        return verb_misused("profile", "nothing to change: give --name or --description");
    return send_changes(call, "PATCH", verb_entity_path(call, SET_PATH));
}

static int show(struct verb_call *call) {
    json_t *profile = NULL;
    int result = client_request_object(&call->client, "GET", verb_entity_path(call, SET_PATH), NULL,
                                       &profile);
    if (result == COMMAND_DONE)
        result = verb_print_object(call, profile, details, COUNT(details), "id");
    json_decref(profile);
    return result;
}

static int delete (struct verb_call *call) {
    struct client_response response;
    int result =
        client_request(&call->client, "DELETE", verb_entity_path(call, SET_PATH), NULL, &response);
    json_decref(response.body);
    return result;
}

static const struct verb verbs[] = {
    {"list", NULL, NULL, "lists the tenant's enrollment profiles", list},
    {"create", NULL, "name description", "creates an enrollment profile", create},
    {"show", "ID", "field", "shows one", show},
    {"update", "ID", "name description", "changes name or description", update},
    {"delete", "ID", NULL, "deletes it; its tokens end, its devices stay", delete},
};

int profile_run(int argument_count, char **arguments) {
    return verb_run("profile", VERB_TARGET_GRAPH, verbs, COUNT(verbs),
                    "muster profile create --name Kiosks -o value", argument_count, arguments);
}
