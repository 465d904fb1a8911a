#include "graph/device_management.h"

#include "graph/entity.h"

#define PATH "deviceManagement"

static void write_tenant(struct graph_call *call, struct json_writer *writer, const void *entity) {
    (void)entity;
    json_write_guid(writer, &call->principal.tenant);
}

/* Who has no licence has been refused before this. */
#define SUBSCRIPTION_ACTIVE 1

static const char *choose_subscription_state(int64_t number) {
    return number == SUBSCRIPTION_ACTIVE ? "active" : NULL;
}

static void write_subscription_state(struct graph_call *call, struct json_writer *writer,
                                     const void *entity) {
    (void)call;
    (void)entity;
    json_write_string(writer, choose_subscription_state(SUBSCRIPTION_ACTIVE));
}

static const struct enum_type subscription_state = {
    "microsoft.graph.deviceManagementSubscriptionState", choose_subscription_state,
    SUBSCRIPTION_ACTIVE + 1};

static const struct entity_property properties[] = {
    {.schema = {"id", PROPERTY_STRING, false, false}, .write = write_tenant},
    {.schema = {"intuneAccountId", PROPERTY_GUID, false, false},
     .shape = {.primitive = "Edm.Guid"},
     .write = write_tenant},
    {.schema = {"subscriptionState", PROPERTY_STRING, false, false},
     .shape = {.enumeration = &subscription_state},
     .write = write_subscription_state},
};

const struct entity_type device_management_type = {
    .name = "microsoft.graph.deviceManagement",
    .properties = properties,
    .property_count = sizeof properties / sizeof properties[0],
};

/* A singleton's links have no key. */
static void write_links(struct graph_call *call, struct json_writer *writer) {
    if (call->metadata != ODATA_METADATA_FULL)
        return;
    json_write_name(writer, "@odata.type");
    json_write_text(writer,
                    arena_format(&call->exchange->arena, "#%s", device_management_type.name));
    json_write_name(writer, "@odata.id");
    json_write_text(writer,
                    arena_format(&call->exchange->arena, "%.*s/" PATH, SLICE_PRINTF(call->root)));
    json_write_name(writer, "@odata.editLink");
    json_write_string(writer, PATH);
}

void device_management_get(struct graph_call *call) {
    struct json_writer writer = graph_call_open(call, 200);
    json_open_object(&writer);
    entity_write_context(call, &writer, PATH);
    write_links(call, &writer);
    entity_write_properties(call, &writer, &device_management_type, NULL);
    json_close_object(&writer);
    graph_call_finish(call);
}
