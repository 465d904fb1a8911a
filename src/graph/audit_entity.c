#include "graph/audit_entity.h"

#include <jansson.h>

#include "graph/entity.h"

/* Stands for the type of the set that the event names. */
#define PROFILE_TYPE "enrollmentProfile"

/* How Graph speaks of an activity. */
struct description {
    const char *name; /* what was done to what */
    const char *type; /* the same in one word */
    const char *operation;
    const char *category;
    const char *resource; /* the type of what it was done to */
};

static const struct description descriptions[] = {
    [AUDIT_TENANT_ADDED] = {"Add tenant", "addTenant", "Create", "Other", "tenant"},
    [AUDIT_TENANT_LICENSED] = {"License tenant", "licenseTenant", "Action", "Other", "tenant"},
    [AUDIT_TENANT_UNLICENSED] = {"Unlicense tenant", "unlicenseTenant", "Action", "Other",
                                 "tenant"},
    [AUDIT_PROFILE_CREATED] = {"Create enrollment profile", "createEnrollmentProfile", "Create",
                               "Enrollment", PROFILE_TYPE},
    [AUDIT_PROFILE_UPDATED] = {"Update enrollment profile", "patchEnrollmentProfile", "Patch",
                               "Enrollment", PROFILE_TYPE},
    [AUDIT_PROFILE_DELETED] = {"Delete enrollment profile", "deleteEnrollmentProfile", "Delete",
                               "Enrollment", PROFILE_TYPE},
    [AUDIT_TOKEN_CREATED] = {"Create enrollment token", "createToken", "Action", "Enrollment",
                             PROFILE_TYPE},
    [AUDIT_TOKEN_REVOKED] = {"Revoke enrollment tokens", "revokeToken", "Action", "Enrollment",
                             PROFILE_TYPE},
    [AUDIT_DEVICE_ENROLLED] = {"Enroll device", "enrollDevice", "Create", "Enrollment",
                               "managedDevice"},
    [AUDIT_DEVICE_REFUSED] = {"Refuse device", "enrollDevice", "Create", "Enrollment",
                              PROFILE_TYPE},
    [AUDIT_DEVICE_LEFT] = {"Device leaves", "leave", "Action", "Device", "managedDevice"},
    [AUDIT_DEVICE_RETIRED] = {"Retire device", "retire", "Action", "Device", "managedDevice"},
    [AUDIT_DEVICE_DELETED] = {"Delete device", "deleteManagedDevice", "Delete", "Device",
                              "managedDevice"},
    [AUDIT_CALL_REFUSED] = {"Refuse call", "refuseCall", "Action", "Role", "operation"},
    [AUDIT_TOKEN_EXPIRING] = {"Enrollment token about to expire", "tokenExpiring", "Action",
                              "Enrollment", PROFILE_TYPE},
    [AUDIT_TOKEN_EXPIRED] = {"Enrollment token expired", "tokenExpired", "Action", "Enrollment",
                             PROFILE_TYPE},
    [AUDIT_WEBHOOK_EVENT_SKIPPED] = {"Skip webhook event", "skipWebhookEvent", "Action", "Other",
                                     "webhook"},
};

static const char *const actor_types[] = {
    [AUDIT_ACTOR_USER] = "ItPro",    [AUDIT_ACTOR_APPLICATION] = "Application",
    [AUDIT_ACTOR_DEVICE] = "Device", [AUDIT_ACTOR_OPERATOR] = "Operator",
    [AUDIT_ACTOR_SYSTEM] = "System",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A newer server may have written numbers that this one does not know. */
static const struct description *describe(enum audit_activity activity) {
    static const struct description unknown = {"Unknown activity", "unknown", "Action", "Other",
                                               "unknown"};
    bool is_known = (size_t)activity < COUNT(descriptions) && descriptions[activity].name != NULL;
    return is_known ? &descriptions[activity] : &unknown;
}

/* The texts by number, for filters; NULL for a number that is not used. */
static const char *choose_name(int64_t activity) {
    return descriptions[activity].name;
}

static const char *choose_type(int64_t activity) {
    return descriptions[activity].type;
}

static const char *choose_operation(int64_t activity) {
    return descriptions[activity].operation;
}

static const char *choose_category(int64_t activity) {
    return descriptions[activity].category;
}

static const char *choose_result(int64_t refused) {
    return refused != 0 ? "Failure" : "Success";
}

/* The type of what it was done to. */
static const char *resource_of(const struct audit_record *record) {
    const char *resource = describe(record->activity)->resource;
    if (strcmp(resource, PROFILE_TYPE) != 0)
        return resource;
    return record->target_set == PROFILE_SET_ANDROID_DEVICE_OWNER
               ? "androidDeviceOwnerEnrollmentProfile"
               : "androidForWorkEnrollmentProfile";
}

static void write_name_and_string(struct json_writer *writer, const char *name, const char *text) {
    json_write_name(writer, name);
    json_write_string(writer, text);
}

static void write_optional(struct json_writer *writer, const char *name, struct slice text) {
    json_write_name(writer, name);
    json_write_optional_text(writer, text.length > 0 ? text : (struct slice){0});
}

static void write_optional_guid(struct json_writer *writer, const char *name,
                                const struct guid *guid) {
    json_write_name(writer, name);
    if (guid_is_zero(guid))
        json_write_null(writer);
    else
        json_write_guid(writer, guid);
}

/* /v1.0 has the type a second time, under a longer name. */
static void write_type(struct graph_call *call, struct json_writer *writer, const char *long_name,
                       const char *type) {
    write_name_and_string(writer, "type", type);
    if (call->address.version == GRAPH_V1_0)
        write_name_and_string(writer, long_name, type);
}

/* An application's subject is its service principal; a device's is its serial number, IMEI or
 * Android id. */
static void write_actor(struct graph_call *call, struct json_writer *writer,
                        const struct audit_actor *actor) {
    bool is_application = actor->kind == AUDIT_ACTOR_APPLICATION;
    bool is_known = (size_t)actor->kind < COUNT(actor_types) && actor_types[actor->kind] != NULL;
    const struct slice none = {0};
    json_open_object(writer);
    write_type(call, writer, "auditActorType", is_known ? actor_types[actor->kind] : "Unknown");
    json_write_name(writer, "userPermissions");
    json_open_array(writer);
    json_close_array(writer);
    write_optional(writer, "applicationId", actor->application);
    write_optional(writer, "applicationDisplayName", is_application ? actor->name : none);
    write_optional(writer, "userPrincipalName", is_application ? none : actor->name);
    write_optional(writer, "servicePrincipalName", is_application ? actor->subject : none);
    write_optional(writer, "ipAddress", actor->address);
    write_optional(writer, "userId", is_application ? none : actor->subject);
    json_close_object(writer);
}

static void write_property(struct graph_call *call, struct json_writer *writer, const char *name,
                           const json_t *old_value, const json_t *new_value) {
    struct arena *arena = &call->exchange->arena;
    const json_t *values[] = {old_value, new_value};
    static const char *const names[] = {"oldValue", "newValue"};
    json_open_object(writer);
    write_name_and_string(writer, "displayName", name);
    for (size_t i = 0; i < COUNT(values); i++) {
        json_write_name(writer, names[i]);
        if (json_is_string(values[i]))
            json_write_text(writer, (struct slice){json_string_value(values[i]),
                                                   json_string_length(values[i])});
        else if (json_is_integer(values[i]))
            json_write_text(writer, arena_format(arena, "%" JSON_INTEGER_FORMAT,
                                                 json_integer_value(values[i])));
        else
            json_write_null(writer);
    }
    json_close_object(writer);
}

/* What the event says beyond who and what, in the one place that Graph has for it: a member of an
 * object is shown as a property's new value. */
static void write_details(struct graph_call *call, struct json_writer *writer,
                          struct slice details) {
    json_t *root =
        details.length > 0 ? json_loadb(details.data, details.length, JSON_ALLOW_NUL, NULL) : NULL;
    json_open_array(writer);
    size_t index = 0;
    json_t *change = NULL;
    json_array_foreach(root, index, change) {
        const char *name = json_string_value(json_object_get(change, "displayName"));
        write_property(call, writer, name == NULL ? "" : name, json_object_get(change, "oldValue"),
                       json_object_get(change, "newValue"));
    }
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(root, name, value) {
        write_property(call, writer, name, NULL, value);
    }
    json_close_array(writer);
    json_decref(root);
}

static void write_resource(struct graph_call *call, struct json_writer *writer,
                           const struct audit_record *record, const char *type) {
    json_open_array(writer);
    json_open_object(writer);
    write_optional(writer, "displayName", record->target_name);
    write_type(call, writer, "auditResourceType", type);
    write_optional_guid(writer, "resourceId", &record->target);
    json_write_name(writer, "modifiedProperties");
    write_details(call, writer, record->details);
    json_close_object(writer);
    json_close_array(writer);
}

static const struct description *describe_event(const void *entity) {
    return describe(((const struct audit_record *)entity)->activity);
}

static void write_id(struct graph_call *call, struct json_writer *writer, const void *entity) {
    (void)call;
    struct guid id = audit_id_make(((const struct audit_record *)entity)->row);
    json_write_guid(writer, &id);
}

static void write_name(struct graph_call *call, struct json_writer *writer, const void *entity) {
    (void)call;
    json_write_string(writer, describe_event(entity)->name);
}

static void write_component(struct graph_call *call, struct json_writer *writer,
                            const void *entity) {
    (void)call;
    (void)entity;
    json_write_string(writer, "Enrollment");
}

static void write_event_actor(struct graph_call *call, struct json_writer *writer,
                              const void *entity) {
    write_actor(call, writer, &((const struct audit_record *)entity)->actor);
}

static void write_at(struct graph_call *call, struct json_writer *writer, const void *entity) {
    (void)call;
    json_write_instant(writer, ((const struct audit_record *)entity)->at);
}

static void write_activity_type(struct graph_call *call, struct json_writer *writer,
                                const void *entity) {
    (void)call;
    json_write_string(writer, describe_event(entity)->type);
}

static void write_operation(struct graph_call *call, struct json_writer *writer,
                            const void *entity) {
    (void)call;
    json_write_string(writer, describe_event(entity)->operation);
}

static void write_result(struct graph_call *call, struct json_writer *writer, const void *entity) {
    (void)call;
    json_write_string(writer, choose_result(((const struct audit_record *)entity)->refused));
}

static void write_correlation(struct graph_call *call, struct json_writer *writer,
                              const void *entity) {
    (void)call;
    const struct guid *guid = &((const struct audit_record *)entity)->actor.correlation;
    if (guid_is_zero(guid))
        json_write_null(writer);
    else
        json_write_guid(writer, guid);
}

static void write_resources(struct graph_call *call, struct json_writer *writer,
                            const void *entity) {
    write_resource(call, writer, entity, resource_of(entity));
}

static void write_category(struct graph_call *call, struct json_writer *writer,
                           const void *entity) {
    (void)call;
    json_write_string(writer, describe_event(entity)->category);
}

/* As write_actor, write_property and write_resource write them. */
static const struct complex_property actor_properties[] = {
    {.schema = {"type", PROPERTY_STRING, true, false}},
    {.schema = {"auditActorType", PROPERTY_STRING, true, false}, .shape = {.only_on_v1_0 = true}},
    {.schema = {"userPermissions", PROPERTY_STRING, true, false}, .shape = {.is_collection = true}},
    {.schema = {"applicationId", PROPERTY_STRING, true, false}},
    {.schema = {"applicationDisplayName", PROPERTY_STRING, true, false}},
    {.schema = {"userPrincipalName", PROPERTY_STRING, true, false}},
    {.schema = {"servicePrincipalName", PROPERTY_STRING, true, false}},
    {.schema = {"ipAddress", PROPERTY_STRING, true, false}},
    {.schema = {"userId", PROPERTY_STRING, true, false}},
};

static const struct complex_property changed_properties[] = {
    {.schema = {"displayName", PROPERTY_STRING, true, false}},
    {.schema = {"oldValue", PROPERTY_STRING, true, false}},
    {.schema = {"newValue", PROPERTY_STRING, true, false}},
};

static const struct complex_type actor_type = {"microsoft.graph.auditActor", actor_properties,
                                               COUNT(actor_properties)};
static const struct complex_type changed_type = {"microsoft.graph.auditProperty",
                                                 changed_properties, COUNT(changed_properties)};

static const struct complex_property resource_properties[] = {
    {.schema = {"displayName", PROPERTY_STRING, true, false}},
    {.schema = {"type", PROPERTY_STRING, true, false}},
    {.schema = {"auditResourceType", PROPERTY_STRING, true, false},
     .shape = {.only_on_v1_0 = true}},
    {.schema = {"resourceId", PROPERTY_STRING, true, false}},
    {.schema = {"modifiedProperties", PROPERTY_COMPLEX, true, false},
     .shape = {.is_collection = true, .complex = &changed_type}},
};

static const struct complex_type resource_type = {"microsoft.graph.auditResource",
                                                  resource_properties, COUNT(resource_properties)};

#define OF_ACTIVITY(use, chooser)                                                                  \
    .uses = (use), .field = AUDIT_FIELD_ACTIVITY, .field_type = FIELD_TEXT, .choose = (chooser),   \
    .choice_count = COUNT(descriptions)

/* Actor and resources are objects, which no filter here looks into. */
static const struct entity_property properties[] = {
    {.schema = {"id", PROPERTY_STRING, false, false}, .write = write_id},
    {.schema = {"displayName", PROPERTY_STRING, true, false},
     OF_ACTIVITY(ENTITY_FILTER | ENTITY_SEARCH, choose_name),
     .write = write_name},
    {.schema = {"componentName", PROPERTY_STRING, true, false}, .write = write_component},
    {.schema = {"actor", PROPERTY_COMPLEX, true, false},
     .shape = {.complex = &actor_type},
     .write = write_event_actor},
    {.schema = {"activity", PROPERTY_STRING, true, false},
     OF_ACTIVITY(ENTITY_FILTER, choose_name),
     .write = write_name},
    {.schema = {"activityDateTime", PROPERTY_INSTANT, false, false},
     .uses = ENTITY_FILTER | ENTITY_ORDER,
     .field = AUDIT_FIELD_AT,
     .field_type = FIELD_INSTANT,
     .write = write_at},
    {.schema = {"activityType", PROPERTY_STRING, true, false},
     OF_ACTIVITY(ENTITY_FILTER, choose_type),
     .write = write_activity_type},
    {.schema = {"activityOperationType", PROPERTY_STRING, true, false},
     OF_ACTIVITY(ENTITY_FILTER, choose_operation),
     .write = write_operation},
    {.schema = {"activityResult", PROPERTY_STRING, true, false},
     .uses = ENTITY_FILTER,
     .field = AUDIT_FIELD_REFUSED,
     .field_type = FIELD_TEXT,
     .choose = choose_result,
     .choice_count = 2,
     .write = write_result},
    {.schema = {"correlationId", PROPERTY_GUID, true, false},
     .shape = {.primitive = "Edm.Guid"},
     .uses = ENTITY_FILTER,
     .field = AUDIT_FIELD_CORRELATION,
     .field_type = FIELD_GUID,
     .write = write_correlation},
    {.schema = {"resources", PROPERTY_COMPLEX, true, false},
     .shape = {.is_collection = true, .complex = &resource_type},
     .write = write_resources},
    {.schema = {"category", PROPERTY_STRING, true, false},
     OF_ACTIVITY(ENTITY_FILTER, choose_category),
     .write = write_category},
};
_Static_assert(COUNT(properties) <= ENTITY_PROPERTIES_AT_MOST, "a selection has a bit for each");

const struct entity_type audit_entity_type = {
    .name = "microsoft.graph.auditEvent",
    .properties = properties,
    .property_count = COUNT(properties),
};

void audit_entity_write(struct graph_call *call, struct json_writer *writer,
                        const struct audit_record *record) {
    struct guid id = audit_id_make(record->row);
    graph_call_write_links(call, writer, audit_entity_type.name, AUDIT_ENTITY_SET_PATH, &id);
    entity_write_properties(call, writer, &audit_entity_type, record);
}
