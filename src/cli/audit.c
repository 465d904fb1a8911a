#include "cli/audit.h"

#include <stdio.h>

#include "cli/commands.h"
#include "cli/verb.h"

#define SET_PATH "/deviceManagement/auditEvents"

static const struct output_column columns[] = {
    {"ID", "id"},
    {"WHEN", "activityDateTime"},
    {"RESULT", "activityResult"},
    {"WHO", "who"},
    {"FROM", "from"},
    {"ACTIVITY", "displayName"},
    {"WHAT", "what"},
    {"WHY", "why"},
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The first of the members that has a text. */
static json_t *first_text(const json_t *object, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        json_t *value = json_object_get(object, names[i]);
        if (json_is_string(value))
            return value;
    }
    return json_null();
}

static json_t *find_reason(const json_t *resource) {
    size_t index = 0;
    json_t *property = NULL;
    json_array_foreach(json_object_get(resource, "modifiedProperties"), index, property) {
        const char *name = json_string_value(json_object_get(property, "displayName"));
        if (name != NULL && strcmp(name, "reason") == 0)
            return json_object_get(property, "newValue");
    }
    return json_null();
}

/* A table has one row for an event: what lies deeper is brought up beside the rest. */
static void flatten(json_t *event) {
    /* The server itself has no name: its type is "System". */
    static const char *const who[] = {"userPrincipalName",    "applicationDisplayName",
                                      "servicePrincipalName", "userId",
                                      "applicationId",        "type"};
    static const char *const what[] = {"displayName", "resourceId"};
    const json_t *actor = json_object_get(event, "actor");
    const json_t *resource = json_array_get(json_object_get(event, "resources"), 0);
    (void)json_object_set(event, "who", first_text(actor, who, COUNT(who)));
    (void)json_object_set(event, "from", json_object_get(actor, "ipAddress"));
    (void)json_object_set(event, "what", first_text(resource, what, COUNT(what)));
    (void)json_object_set(event, "why", find_reason(resource));
}

static int list(struct verb_call *call) {
    size_t limit = 0;
    if (!verb_read_limit(call, "audit", &limit))
        return COMMAND_MISUSED;
    json_t *events = NULL;
    int result = verb_fetch(call, verb_list_path(call, SET_PATH, limit), limit, &events);
    size_t index = 0;
    json_t *event = NULL;
    if (call->format != OUTPUT_JSON)
        json_array_foreach(events, index, event) flatten(event);
    if (result == COMMAND_DONE)
        output_print_list(stdout, call->format, events, columns, COUNT(columns));
    json_decref(events);
    return result;
}

static const struct verb verbs[] = {
    {"list", NULL, "limit", "lists the tenant's audit events, the newest first", list},
};

int audit_run(int argument_count, char **arguments) {
    return verb_run("audit", VERB_TARGET_GRAPH, verbs, COUNT(verbs),
                    "muster audit list --limit 20 -o table", argument_count, arguments);
}
