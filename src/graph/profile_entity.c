#include "graph/profile_entity.h"

#include <openssl/crypto.h>
#include <stdlib.h>

#include "graph/preference.h"
#include "graph/property.h"
#include "message/json_body.h"
#include "provisioning/settings_json.h"
#include "service/codes.h"
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

static void write_codes(struct graph_call *call, struct json_writer *writer,
                        const struct profile *profile, bool with_picture) {
    struct buffer payload = {0};
    struct buffer picture = {0};
    bool has_payload =
        codes_write_payload(call->service, profile, call->exchange->received,
                            PROVISIONING_FORMAT_QR, &call->exchange->arena, &payload);
    bool has_picture = has_payload && with_picture &&
                       codes_write_picture(call->service, buffer_slice(&payload), &picture);
    json_write_name(writer, "qrCodeContent");
    json_write_optional_text(writer, has_payload ? buffer_slice(&payload) : (struct slice){0});
    json_write_name(writer, "qrCodeImage");
    if (has_picture) {
        json_open_object(writer);
        json_write_name(writer, "type");
        json_write_string(writer, "image/png");
        json_write_name(writer, "value");
        json_write_text(writer, buffer_slice(&picture));
        json_close_object(writer);
    } else {
        json_write_null(writer);
    }
    buffer_free(&payload);
    buffer_free(&picture);
}

static void write_payload(struct graph_call *call, struct json_writer *writer,
                          const struct profile *profile, enum provisioning_format format,
                          const char *name) {
    struct buffer payload = {0};
    if (codes_write_payload(call->service, profile, call->exchange->received, format,
                            &call->exchange->arena, &payload)) {
        json_write_name(writer, name);
        json_write_text(writer, buffer_slice(&payload));
    }
    buffer_free(&payload);
}

/* What Graph does not have, for clients that ask for annotations of ours: everybody else sees
 * exactly Graph's properties. */
static void write_annotations(struct graph_call *call, struct json_writer *writer,
                              const struct profile *profile) {
    if (!preference_read(&call->exchange->request).wants_muster_annotations)
        return;
    if (profile->provisioning.data != NULL) {
        struct slice shown =
            provisioning_settings_show_json(profile->provisioning, &call->exchange->arena);
        json_write_name(writer, "@muster.provisioning");
        if (shown.data == NULL)
            json_write_null(writer);
        else
            json_write_raw(writer, shown);
    }
    write_payload(call, writer, profile, PROVISIONING_FORMAT_ZERO_TOUCH, "@muster.zeroTouch");
    write_payload(call, writer, profile, PROVISIONING_FORMAT_KNOX, "@muster.knox");
}

void profile_entity_write(struct graph_call *call, struct json_writer *writer,
                          const struct profile *profile, bool in_list) {
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
    write_codes(call, writer, profile, !in_list);
    if (!in_list)
        write_annotations(call, writer, profile);
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

/* "@muster.provisioning": settings over the server's, or null for none. Kept as the text of the
 * object; the service checks it. */
static struct error read_provisioning(struct graph_call *call, const json_t *value,
                                      struct profile_changes *changes) {
    changes->has_provisioning = true;
    if (json_is_null(value))
        return error_none();
    if (!json_is_object(value))
        return error_make_for(ERROR_INVALID, "@muster.provisioning",
                              "The annotation '@muster.provisioning' must be an object or null; "
                              "%s was given.",
                              json_body_type_name(value));
    char *text = json_dumps(value, JSON_COMPACT);
    changes->provisioning = arena_copy(&call->exchange->arena, slice_from_string(text));
    if (text != NULL)
        OPENSSL_cleanse(text, strlen(text));
    free(text);
    return error_none();
}

static struct error read_member(struct graph_call *call, struct slice name, const json_t *value,
                                struct profile_changes *changes) {
    if (slice_equals(name, SLICE("@muster.provisioning")))
        return read_provisioning(call, value, changes);
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
