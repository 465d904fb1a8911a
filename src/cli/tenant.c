#include "cli/tenant.h"

#include <stdio.h>

#include "cli/commands.h"
#include "cli/verb.h"

#define SET_PATH "/tenants"

static const struct output_column columns[] = {
    {"ACCOUNT ID", "accountId"},
    {"LICENSED", "licensed"},
    {"CREATED", "createdDateTime"},
    {"NAME", "displayName"},
};
#define COLUMN_COUNT (sizeof columns / sizeof columns[0])

static int add(struct verb_call *call) {
    json_t *tenant = NULL;
    json_t *body = json_pack("{s:s, s:s, s:b}", "accountId", call->argument, "displayName",
                             call->flags.name == NULL ? "" : call->flags.name, "licensed",
                             !call->flags.unlicensed);
    int result = client_request_object(&call->client, "POST", SET_PATH, body, &tenant);
    if (result == COMMAND_DONE)
        result = verb_print_object(call, tenant, columns, COLUMN_COUNT, "accountId");
    json_decref(tenant);
    json_decref(body);
    return result;
}

static int list(struct verb_call *call) {
    return verb_print_all(call, SET_PATH, columns, COLUMN_COUNT);
}

static int license(struct verb_call *call) {
    return verb_post_action(call, SET_PATH, "license", NULL);
}

static int unlicense(struct verb_call *call) {
    return verb_post_action(call, SET_PATH, "unlicense", NULL);
}

static const struct output_column event_columns[] = {
    {"WHEN", "activityDateTime"},
    {"RESULT", "activityResult"},
    {"FROM", "ipAddress"},
    {"DEVICE", "device"},
    {"WHY", "why"},
};
#define EVENT_COLUMN_COUNT (sizeof event_columns / sizeof event_columns[0])

/* A table has one row for an event: the reason is brought up beside the rest. */
static int list_strangers(struct verb_call *call) {
    size_t limit = 0;
    if (!verb_read_limit(call, "tenant", &limit))
        return COMMAND_MISUSED;
    json_t *events = NULL;
    int result = verb_fetch(call, "/unowned-events", limit, &events);
    size_t index = 0;
    json_t *event = NULL;
    if (call->format != OUTPUT_JSON)
        json_array_foreach(events, index, event)(void) json_object_set(
            event, "why", json_object_get(json_object_get(event, "details"), "reason"));
    if (result == COMMAND_DONE)
        output_print_list(stdout, call->format, events, event_columns, EVENT_COLUMN_COUNT);
    json_decref(events);
    return result;
}

static const struct verb verbs[] = {
    {"add", "GUID", "name unlicensed", "adds a tenant: the tid claim of its bearer tokens", add},
    {"list", NULL, NULL, "lists all tenants", list},
    {"license", "GUID", NULL, "gives the tenant a licence", license},
    {"unlicense", "GUID", NULL, "takes the licence away: all its calls are refused", unlicense},
    {"strangers", NULL, "limit", "lists refused devices whose token is no tenant's",
     list_strangers},
};

int tenant_run(int argument_count, char **arguments) {
    return verb_run("tenant", VERB_TARGET_ADMIN, verbs, sizeof verbs / sizeof verbs[0],
                    "muster tenant add 11111111-2222-3333-4444-555555555555 --name Example",
                    argument_count, arguments);
}
