#include "admin/admin_door.h"

#include "admin/admin_call.h"
#include "admin/unowned_events.h"
#include "admin/webhooks.h"
#include "base/json_writer.h"
#include "message/json_body.h"
#include "message/reply.h"
#include "service/tenants.h"

static void write_tenant(struct json_writer *writer, const struct tenant *tenant) {
    json_open_object(writer);
    json_write_name(writer, "accountId");
    json_write_guid(writer, &tenant->account_id);
    json_write_name(writer, "displayName");
    json_write_text(writer, tenant->name);
    json_write_name(writer, "licensed");
    json_write_boolean(writer, tenant->licensed);
    json_write_name(writer, "createdDateTime");
    json_write_instant(writer, tenant->created);
    json_close_object(writer);
}

static void answer_list(void *context, const struct error *error, const struct tenant *tenants,
                        size_t count) {
    struct admin_call *call = context;
    if (error_is_set(error)) {
        reply_error(call->exchange, error);
        return;
    }
    reply_set_json(call->exchange, 200);
    struct json_writer writer = json_writer_make(&call->exchange->response.body);
    json_open_object(&writer);
    json_write_name(&writer, "value");
    json_open_array(&writer);
    for (size_t i = 0; i < count; i++)
        write_tenant(&writer, &tenants[i]);
    json_close_array(&writer);
    json_close_object(&writer);
    exchange_finish(call->exchange);
}

static void answer_added(void *context, const struct error *error, const struct tenant *tenants,
                         size_t count) {
    struct admin_call *call = context;
    if (error_is_set(error) || count != 1) {
        reply_error(call->exchange, error);
        return;
    }
    reply_set_json(call->exchange, 201);
    struct json_writer writer = json_writer_make(&call->exchange->response.body);
    write_tenant(&writer, tenants);
    exchange_finish(call->exchange);
}

static void answer_done(void *context, const struct error *error) {
    struct admin_call *call = context;
    if (error_is_set(error))
        reply_error(call->exchange, error);
    else
        reply_no_content(call->exchange);
}

static struct error read_tenant(struct admin_call *call, const json_t *body, struct slice *name,
                                bool *licensed) {
    const json_t *account_id = json_object_get(body, "accountId");
    const json_t *display_name = json_object_get(body, "displayName");
    const json_t *license = json_object_get(body, "licensed");
    if (!json_is_string(account_id) ||
        !guid_parse((struct slice){json_string_value(account_id), json_string_length(account_id)},
                    &call->service_call.tenant) ||
        guid_is_zero(&call->service_call.tenant))
        return error_make_for(
            ERROR_INVALID, "accountId",
            "The member 'accountId' is required and must be a GUID other than zero: the tid claim "
            "of the tenant's bearer tokens.");
    if (display_name != NULL && !json_is_string(display_name))
        return error_make_for(ERROR_INVALID, "displayName",
                              "The member 'displayName' must be a string.");
    if (license != NULL && !json_is_boolean(license))
        return error_make_for(ERROR_INVALID, "licensed",
                              "The member 'licensed' must be true or false.");
    *name = display_name == NULL ? SLICE("")
                                 : json_body_copy_text(&call->exchange->arena, display_name);
    *licensed = license == NULL || json_is_true(license);
    return error_none();
}

static void add(struct admin_call *call) {
    struct slice name = {0};
    bool licensed = false;
    json_t *body = NULL;
    struct error error = json_body_parse(call->exchange->request.body, &body);
    if (!error_is_set(&error))
        error = read_tenant(call, body, &name, &licensed);
    json_decref(body);
    if (error_is_set(&error))
        reply_error(call->exchange, &error);
    else
        tenants_add(call->service, &call->service_call, name, licensed, answer_added);
}

static void list(struct admin_call *call) {
    tenants_list(call->service, &call->service_call, answer_list);
}

static void set_licensed(struct admin_call *call, bool licensed) {
    if (guid_parse(call->key, &call->service_call.tenant)) {
        tenants_set_licensed(call->service, &call->service_call, licensed, answer_done);
        return;
    }
    struct error error =
        error_make_for(ERROR_INVALID, "accountId", "The account id '%.*s' is not a GUID.",
                       SLICE_PRINTF(call->key));
    reply_error(call->exchange, &error);
}

static void license(struct admin_call *call) {
    set_licensed(call, true);
}

static void unlicense(struct admin_call *call) {
    set_licensed(call, false);
}

/* "*" stands for an account id, or for a name. */
static const struct {
    const char *pattern;
    enum request_method method;
    void (*handle)(struct admin_call *call);
} routes[] = {
    {"/tenants", METHOD_GET, list},
    {"/tenants", METHOD_POST, add},
    {"/tenants/*/license", METHOD_POST, license},
    {"/tenants/*/unlicense", METHOD_POST, unlicense},
    {"/unowned-events", METHOD_GET, unowned_events_list},
    {"/webhooks", METHOD_GET, webhooks_list},
    {"/webhooks/*/skip", METHOD_POST, webhooks_skip},
};

static bool matches(const char *pattern, struct slice path, struct slice *key) {
    struct slice rest = slice_from_string(pattern);
    struct slice expected = {0};
    struct slice segment = {0};
    while (slice_cut(&rest, '/', &expected)) {
        if (!slice_cut(&path, '/', &segment))
            return false;
        if (slice_equals(expected, SLICE("*")))
            *key = segment;
        else if (!slice_equals(expected, segment))
            return false;
    }
    return path.data == NULL;
}

static struct admin_call *make_call(struct admin_door *admin, struct exchange *exchange) {
    struct admin_call *call = arena_allocate_zeroed(&exchange->arena, sizeof *call);
    call->service = admin->service;
    call->webhooks = admin->webhooks;
    call->exchange = exchange;
    call->service_call =
        (struct service_call){.loop = exchange->loop,
                              .arena = &exchange->arena,
                              .now = exchange->received,
                              .actor = {.kind = AUDIT_ACTOR_OPERATOR,
                                        .subject = SLICE("operator"),
                                        .address = exchange->request.peer,
                                        .correlation = exchange->client_request_id},
                              .context = call};
    return call;
}

static void handle(struct door *door, struct exchange *exchange) {
    reply_begin(exchange);
    struct admin_call *call = make_call((struct admin_door *)(void *)door, exchange);
    unsigned allowed = 0;
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        if (!matches(routes[i].pattern, exchange->request.path, &call->key))
            continue;
        allowed |= METHOD_BIT(routes[i].method);
        if (exchange->request.method != routes[i].method)
            continue;
        routes[i].handle(call);
        return;
    }
    if (allowed != 0) {
        reply_set_method_not_allowed(exchange, allowed);
        exchange_finish(exchange);
        return;
    }
    struct error error = error_make(
        ERROR_NOT_FOUND, "The administration socket knows /tenants, /unowned-events and /webhooks, "
                         "nothing else.");
    reply_error(exchange, &error);
}

static void refuse(struct door *door, struct exchange *exchange, const struct error *error) {
    (void)door;
    reply_set_error(exchange, error, NULL);
}

struct admin_door admin_door_make(struct service *service, struct webhook_thread *webhooks) {
    return (struct admin_door){
        .door = {.handle = handle, .refuse = refuse}, .service = service, .webhooks = webhooks};
}
