#include "cli/tenant.h"

#include "cli/commands.h"
#include "cli/verb.h"

static const struct output_column columns[] = {
    {"ACCOUNT ID", "accountId"},
    {"LICENSED", "licensed"},
    {"CREATED", "createdDateTime"},
    {"NAME", "displayName"},
};
#define COLUMN_COUNT (sizeof columns / sizeof columns[0])

static int add(struct verb_call *call) {
    json_t *body = json_pack("{s:s, s:s, s:b}", "accountId", call->argument, "displayName",
                             call->flags.name == NULL ? "" : call->flags.name, "licensed",
                             !call->flags.unlicensed);
    struct client_response response;
    int result = client_request(&call->client, "POST", "/tenants", body, &response);
    if (result == COMMAND_DONE)
        output_print_object(stdout, call->format, response.body, columns, COLUMN_COUNT,
                            "accountId");
    json_decref(response.body);
    json_decref(body);
    return result;
}

static int list(struct verb_call *call) {
    json_t *tenants = NULL;
    int result = verb_fetch_all(call, "/tenants", &tenants);
    if (result == COMMAND_DONE)
        output_print_list(stdout, call->format, tenants, columns, COLUMN_COUNT);
    json_decref(tenants);
    return result;
}

static int post(struct verb_call *call, const char *action) {
    struct client_response response;
    const char *path =
        arena_format(&call->client.arena, "/tenants/%s/%s", call->argument, action).data;
    int result = client_request(&call->client, "POST", path, NULL, &response);
    json_decref(response.body);
    return result;
}

static int license(struct verb_call *call) {
    return post(call, "license");
}

static int unlicense(struct verb_call *call) {
    return post(call, "unlicense");
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
