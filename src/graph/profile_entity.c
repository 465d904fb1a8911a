#include "graph/profile_entity.h"

#include "graph/property.h"
#include "message/json_body.h"
#include "service/tokens.h"

static const char entity_type[] = "microsoft.graph.androidForWorkEnrollmentProfile";

static const struct property properties[] = {
    {"accountId", PROPERTY_GUID, true, false},
    {"id", PROPERTY_STRING, false, false},
    {"displayName", PROPERTY_STRING, true, true},
    {"description", PROPERTY_STRING, true, true},
    {"createdDateTime", PROPERTY_INSTANT, false, false},
    {"lastModifiedDateTime", PROPERTY_INSTANT, false, false},
    {"tokenValue", PROPERTY_STRING, true, false},
    {"tokenExpirationDateTime", PROPERTY_INSTANT, false, false},
    {"enrolledDeviceCount", PROPERTY_INT32, false, false},
    {"qrCodeContent", PROPERTY_STRING, true, false},
    {"qrCodeImage", PROPERTY_COMPLEX, true, false},
};

const char *profile_entity_set_path(enum profile_set set) {
    return set == PROFILE_SET_ANDROID_DEVICE_OWNER
               ? "deviceManagement/androidDeviceOwnerEnrollmentProfiles"
               : "deviceManagement/androidForWorkEnrollmentProfiles";
}

/* A profile that never had a token says so with the first instant: the property is not nullable. */
static instant shown_expiry(const struct profile *profile) {
    return profile->token.id == 0 ? INSTANT_NEVER : token_effective_expiry(&profile->token);
}

void profile_entity_write(struct graph_call *call, struct json_writer *writer,
                          const struct profile *profile) {
    char value[AUTHORITY_TEXT_SIZE];
    graph_call_write_links(call, writer, entity_type, profile_entity_set_path(profile->set),
                           &profile->id);
    json_write_name(writer, "accountId");
    json_write_guid(writer, &profile->account_id);
    json_write_name(writer, "id");
    json_write_guid(writer, &profile->id);
    json_write_name(writer, "displayName");
    json_write_optional_text(writer, profile->display_name);
    json_write_name(writer, "description");
    json_write_optional_text(writer, profile->description);
    json_write_name(writer, "createdDateTime");
    json_write_instant(writer, profile->created);
    json_write_name(writer, "lastModifiedDateTime");
    json_write_instant(writer, profile->last_modified);
    json_write_name(writer, "tokenValue");
    json_write_optional_text(writer, slice_from_string(tokens_live_value(
                                         call->service, profile, call->exchange->received, value)));
    json_write_name(writer, "tokenExpirationDateTime");
    json_write_instant(writer, shown_expiry(profile));
    json_write_name(writer, "enrolledDeviceCount");
    json_write_integer(writer, profile->enrolled_device_count);
    json_write_name(writer, "qrCodeContent");
    json_write_null(writer);
    json_write_name(writer, "qrCodeImage");
    json_write_null(writer);
}

static void take(struct graph_call *call, struct slice name, const json_t *value,
                 struct profile_changes *changes) {
    struct slice text = json_is_null(value) ? (struct slice){0}
                                            : json_body_copy_text(&call->exchange->arena, value);
    if (slice_equals(name, SLICE("displayName"))) {
        changes->has_display_name = true;
        changes->display_name = text;
    } else {
        changes->has_description = true;
        changes->description = text;
    }
}

static struct error read_member(struct graph_call *call, struct slice name, const json_t *value,
                                struct profile_changes *changes) {
    if (property_is_annotation(name))
        return property_check_annotation(name, value, entity_type);
    const struct property *property =
        property_find(properties, sizeof properties / sizeof properties[0], name);
    if (property == NULL)
        return error_make_for(ERROR_INVALID, arena_copy(&call->exchange->arena, name).data,
                              "The property '%.*s' does not exist on type '%s'. Make sure to only "
                              "use property names that are defined by the type.",
                              SLICE_PRINTF(name), entity_type);
    struct error error = property_check_type(property, value, "property");
    if (!error_is_set(&error) && property->writable)
        take(call, name, value, changes);
    return error;
}

struct error profile_entity_read(struct graph_call *call, const json_t *body,
                                 struct profile_changes *changes) {
    *changes = (struct profile_changes){0};
    for (void *member = json_object_iter((json_t *)body); member != NULL;
         member = json_object_iter_next((json_t *)body, member)) {
        struct error error = read_member(call, slice_from_string(json_object_iter_key(member)),
                                         json_object_iter_value(member), changes);
        if (error_is_set(&error))
            return error;
    }
    return error_none();
}
