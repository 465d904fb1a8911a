#include "cli/tenant.h"

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

static const struct verb verbs[] = {
    {"add", "GUID", "name unlicensed", "adds a tenant: the tid claim of its bearer tokens", add},
    {"list", NULL, NULL, "lists all tenants", list},
    {"license", "GUID", NULL, "gives the tenant a licence", license},
    {"unlicense", "GUID", NULL, "takes the licence away: all its calls are refused", unlicense},
};

int tenant_run(int argument_count, char **arguments) {
    return verb_run("tenant", VERB_TARGET_ADMIN, verbs, sizeof verbs / sizeof verbs[0],
                    "muster tenant add 11111111-2222-3333-4444-555555555555 --name Example",
                    argument_count, arguments);
}
