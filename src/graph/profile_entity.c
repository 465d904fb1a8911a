#include "graph/profile_entity.h"

#include <openssl/crypto.h>
#include <stdlib.h>

#include "graph/entity.h"
#include "graph/etag.h"
#include "graph/graph_internal.h"
#include "graph/preference.h"
#include "graph/property.h"
#include "message/json_body.h"
#include "provisioning/settings_json.h"
#include "service/codes.h"
#include "service/tokens.h"

static void write_account_id(struct graph_call *call, struct json_writer *writer,
                             const void *entity) {
    (void)call;
    json_write_guid(writer, &((const struct profile *)entity)->account_id);
}

static void write_id(struct graph_call *call, struct json_writer *writer, const void *entity) {
    (void)call;
    json_write_guid(writer, &((const struct profile *)entity)->id);
}

static void write_display_name(struct graph_call *call, struct json_writer *writer,
                               const void *entity) {
    (void)call;
    json_write_optional_text(writer, ((const struct profile *)entity)->display_name);
}

static void write_description(struct graph_call *call, struct json_writer *writer,
                              const void *entity) {
    (void)call;
    json_write_optional_text(writer, ((const struct profile *)entity)->description);
}

static void write_created(struct graph_call *call, struct json_writer *writer, const void *entity) {
    (void)call;
    json_write_instant(writer, ((const struct profile *)entity)->created);
}

static void write_last_modified(struct graph_call *call, struct json_writer *writer,
                                const void *entity) {
    (void)call;
    json_write_instant(writer, ((const struct profile *)entity)->last_modified);
}

static void write_token_value(struct graph_call *call, struct json_writer *writer,
                              const void *entity) {
    char value[AUTHORITY_TEXT_SIZE];
    json_write_optional_text(writer, slice_from_string(tokens_live_value(
                                         call->service, entity, call->exchange->received, value)));
}

/* A profile that never had a token says so with the first instant: the property is not nullable. */
static void write_token_expiration(struct graph_call *call, struct json_writer *writer,
                                   const void *entity) {
    (void)call;
    const struct token *token = &((const struct profile *)entity)->token;
    json_write_instant(writer, token->id == 0 ? INSTANT_NEVER : token_effective_expiry(token));
}

static void write_enrolled_device_count(struct graph_call *call, struct json_writer *writer,
                                        const void *entity) {
    (void)call;
    json_write_integer(writer, ((const struct profile *)entity)->enrolled_device_count);
}

static bool make_qr_payload(struct graph_call *call, const struct profile *profile,
                            struct buffer *payload) {
    return codes_write_payload(call->service, profile, call->exchange->received,
                               PROVISIONING_FORMAT_QR, &call->exchange->arena, payload);
}

static void write_qr_content(struct graph_call *call, struct json_writer *writer,
                             const void *entity) {
    struct buffer payload = {0};
    bool has_payload = make_qr_payload(call, entity, &payload);
    json_write_optional_text(writer, has_payload ? buffer_slice(&payload) : (struct slice){0});
    buffer_free(&payload);
}

static void write_qr_image(struct graph_call *call, struct json_writer *writer,
                           const void *entity) {
    struct buffer payload = {0};
    struct buffer picture = {0};
    if (make_qr_payload(call, entity, &payload) &&
        codes_write_picture(call->service, buffer_slice(&payload), &picture)) {
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

/* As write_qr_image writes it. */
static const struct complex_property mime_content_properties[] = {
    {.schema = {"type", PROPERTY_STRING, true, false}},
    {.schema = {"value", PROPERTY_STRING, true, false}, .shape = {.primitive = "Edm.Binary"}},
};

static const struct complex_type mime_content = {
    "microsoft.graph.mimeContent", mime_content_properties,
    sizeof mime_content_properties / sizeof mime_content_properties[0]};

#define USES (ENTITY_FILTER | ENTITY_ORDER)

/* The token and its QR code are not kept as they are shown, so nothing can be found by them. */
static const struct entity_property properties[] = {
    {.schema = {"accountId", PROPERTY_GUID, true, false},
     .uses = USES,
     .field = PROFILE_FIELD_ACCOUNT_ID,
     .field_type = FIELD_GUID,
     .write = write_account_id},
    {.schema = {"id", PROPERTY_STRING, false, false},
     .uses = USES,
     .field = PROFILE_FIELD_ID,
     .field_type = FIELD_GUID,
     .write = write_id},
    {.schema = {"displayName", PROPERTY_STRING, true, true},
     .uses = USES | ENTITY_SEARCH,
     .field = PROFILE_FIELD_DISPLAY_NAME,
     .field_type = FIELD_TEXT,
     .write = write_display_name},
    {.schema = {"description", PROPERTY_STRING, true, true},
     .uses = USES,
     .field = PROFILE_FIELD_DESCRIPTION,
     .field_type = FIELD_TEXT,
     .write = write_description},
    {.schema = {"createdDateTime", PROPERTY_INSTANT, false, false},
     .uses = USES,
     .field = PROFILE_FIELD_CREATED,
     .field_type = FIELD_INSTANT,
     .write = write_created},
    {.schema = {"lastModifiedDateTime", PROPERTY_INSTANT, false, false},
     .uses = USES,
     .field = PROFILE_FIELD_LAST_MODIFIED,
     .field_type = FIELD_INSTANT,
     .write = write_last_modified},
    {.schema = {"tokenValue", PROPERTY_STRING, true, false}, .write = write_token_value},
    {.schema = {"tokenExpirationDateTime", PROPERTY_INSTANT, false, false},
     .uses = USES,
     .field = PROFILE_FIELD_TOKEN_EXPIRATION,
     .field_type = FIELD_INSTANT,
     .write = write_token_expiration},
    {.schema = {"enrolledDeviceCount", PROPERTY_INT32, false, false},
     .uses = USES,
     .field = PROFILE_FIELD_ENROLLED_DEVICE_COUNT,
     .field_type = FIELD_INTEGER,
     .write = write_enrolled_device_count},
    {.schema = {"qrCodeContent", PROPERTY_STRING, true, false}, .write = write_qr_content},
    {.schema = {"qrCodeImage", PROPERTY_COMPLEX, true, false},
     .shape = {.complex = &mime_content},
     .is_heavy = true,
     .write = write_qr_image},
};

#define PROPERTY_COUNT (sizeof properties / sizeof properties[0])
_Static_assert(PROPERTY_COUNT <= ENTITY_PROPERTIES_AT_MOST, "a selection has a bit for each");

const struct entity_type profile_entity_type = {
    .name = "microsoft.graph.androidForWorkEnrollmentProfile",
    .properties = properties,
    .property_count = PROPERTY_COUNT,
};

const char *profile_entity_set_path(enum profile_set set) {
    return set == PROFILE_SET_ANDROID_DEVICE_OWNER
               ? "deviceManagement/androidDeviceOwnerEnrollmentProfiles"
               : "deviceManagement/androidForWorkEnrollmentProfiles";
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

struct slice profile_entity_tag(struct graph_call *call, const struct profile *profile) {
    const struct revision revision = profile_revision(profile);
    const struct etag_mark mark = {
        .run = call->graph->run,
        .is_live = token_is_live_at(&profile->token, call->exchange->received),
    };
    return etag_format(&call->exchange->arena, &revision, &mark);
}

void profile_entity_write(struct graph_call *call, struct json_writer *writer,
                          const struct profile *profile) {
    graph_call_write_links(call, writer, profile_entity_type.name,
                           profile_entity_set_path(profile->set), &profile->id);
    /* Not with minimal metadata, where OData has it: Intune sends none, and clients that send back
     * whatever tag they saw would meet conflicts that they never met there. */
    if (call->metadata == ODATA_METADATA_FULL) {
        json_write_name(writer, "@odata.etag");
        json_write_text(writer, profile_entity_tag(call, profile));
    }
    entity_write_properties(call, writer, &profile_entity_type, profile);
    if (call->options.scope != ODATA_SCOPE_COLLECTION)
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
        return property_check_annotation(name, value, profile_entity_type.name);
    const struct entity_property *property = entity_type_find(&profile_entity_type, name);
    if (property == NULL)
        return error_make_for(ERROR_INVALID, arena_copy(&call->exchange->arena, name).data,
                              "The property '%.*s' does not exist on type '%s'. Make sure to only "
                              "use property names that are defined by the type.",
                              SLICE_PRINTF(name), profile_entity_type.name);
    struct error error = property_check_type(&property->schema, value, "property");
    if (!error_is_set(&error) && property->schema.writable)
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
