#include "graph/audit_entity.h"

#include <jansson.h>

const char audit_entity_set_path[] = "deviceManagement/auditEvents";

static const char entity_type[] = "microsoft.graph.auditEvent";

#define PROFILE_TYPE "androidForWorkEnrollmentProfile"

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
};

static const char *const actor_types[] = {
    [AUDIT_ACTOR_USER] = "ItPro",
    [AUDIT_ACTOR_APPLICATION] = "Application",
    [AUDIT_ACTOR_DEVICE] = "Device",
    [AUDIT_ACTOR_OPERATOR] = "Operator",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A newer server may have written numbers that this one does not know. */
static const struct description *describe(enum audit_activity activity) {
    static const struct description unknown = {"Unknown activity", "unknown", "Action", "Other",
                                               "unknown"};
    bool is_known = (size_t)activity < COUNT(descriptions) && descriptions[activity].name != NULL;
    return is_known ? &descriptions[activity] : &unknown;
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
    json_write_name(writer, "actor");
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
    json_write_name(writer, "resources");
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

void audit_entity_write(struct graph_call *call, struct json_writer *writer,
                        const struct audit_record *record) {
    const struct description *description = describe(record->activity);
    struct guid id = audit_id_make(record->row);
    graph_call_write_links(call, writer, entity_type, audit_entity_set_path, &id);
    json_write_name(writer, "id");
    json_write_guid(writer, &id);
    write_name_and_string(writer, "displayName", description->name);
    write_name_and_string(writer, "componentName", "Enrollment");
    write_actor(call, writer, &record->actor);
    write_name_and_string(writer, "activity", description->name);
    json_write_name(writer, "activityDateTime");
    json_write_instant(writer, record->at);
    write_name_and_string(writer, "activityType", description->type);
    write_name_and_string(writer, "activityOperationType", description->operation);
    write_name_and_string(writer, "activityResult", record->refused ? "Failure" : "Success");
    write_optional_guid(writer, "correlationId", &record->actor.correlation);
    write_resource(call, writer, record, description->resource);
    write_name_and_string(writer, "category", description->category);
}
