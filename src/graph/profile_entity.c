#include "graph/profile_entity.h"

#include <openssl/crypto.h>

#include "graph/device_owner_entity.h"
#include "graph/entity.h"
#include "graph/etag.h"
#include "graph/graph_internal.h"
#include "graph/preference.h"
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

enum codes_reader profile_entity_reader(const struct graph_call *call) {
    return (call->principal.permissions & PERMISSION_CONFIGURATION_READ_WRITE) != 0
               ? CODES_FOR_WRITER
               : CODES_FOR_READER;
}

static void write_qr_content(struct graph_call *call, struct json_writer *writer,
                             const void *entity) {
    codes_write_qr_text(call->service, entity, call->exchange->received,
                        profile_entity_reader(call), &call->exchange->arena, writer);
}

/* Codes hold the token. */
static void free_code(struct buffer *code) {
    if (code->data != NULL)
        OPENSSL_cleanse(code->data, code->capacity);
    buffer_free(code);
}

static void write_qr_image(struct graph_call *call, struct json_writer *writer,
                           const void *entity) {
    struct buffer payload = {0};
    struct buffer picture = {0};
    if (codes_write_payload(call->service, entity, call->exchange->received, PROVISIONING_FORMAT_QR,
                            profile_entity_reader(call), &call->exchange->arena, &payload) &&
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
    free_code(&payload);
    free_code(&picture);
}

/* As write_qr_image writes it. */
static const struct complex_property mime_content_properties[] = {
    {.schema = {"type", PROPERTY_STRING, true, false}},
    {.schema = {"value", PROPERTY_STRING, true, false}, .shape = {.primitive = "Edm.Binary"}},
};

static const struct complex_type mime_content = {
    "microsoft.graph.mimeContent", mime_content_properties,
    sizeof mime_content_properties / sizeof mime_content_properties[0]};

static const struct enum_type enrollment_mode = {"microsoft.graph.androidDeviceOwnerEnrollmentMode",
                                                 device_owner_mode_name, DEVICE_OWNER_MODE_COUNT};
static const struct enum_type token_type = {"microsoft.graph.androidDeviceOwnerEnrollmentTokenType",
                                            device_owner_token_type_name,
                                            DEVICE_OWNER_TOKEN_TYPE_COUNT};
static const struct enum_type wifi_security_type = {"microsoft.graph.aospWifiSecurityType",
                                                    device_owner_wifi_security_name,
                                                    DEVICE_OWNER_WIFI_SECURITY_COUNT};

#define USES (ENTITY_FILTER | ENTITY_ORDER)

/* The properties of both types. The token and its QR code are not kept as they are shown, so
 * nothing can be found by them. */
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
    /* From here on only of device owners' profiles. Their device names' template can by its
     * reference not be looked for, and their Wi-Fi password must not be found out by looking. */
    {.schema = {"enrollmentMode", PROPERTY_ENUMERATION, false, true},
     .shape = {.enumeration = &enrollment_mode},
     .uses = USES,
     .field = PROFILE_FIELD_ENROLLMENT_MODE,
     .field_type = FIELD_TEXT,
     .choose = device_owner_mode_name,
     .choice_count = DEVICE_OWNER_MODE_COUNT,
     .write = device_owner_write_enrollment_mode},
    {.schema = {"enrollmentTokenType", PROPERTY_ENUMERATION, false, true},
     .shape = {.enumeration = &token_type},
     .uses = USES,
     .field = PROFILE_FIELD_ENROLLMENT_TOKEN_TYPE,
     .field_type = FIELD_TEXT,
     .choose = device_owner_token_type_name,
     .choice_count = DEVICE_OWNER_TOKEN_TYPE_COUNT,
     .write = device_owner_write_enrollment_token_type},
    {.schema = {"tokenCreationDateTime", PROPERTY_INSTANT, false, false},
     .uses = USES,
     .field = PROFILE_FIELD_TOKEN_CREATED,
     .field_type = FIELD_INSTANT,
     .write = device_owner_write_token_created},
    {.schema = {"enrollmentTokenUsageCount", PROPERTY_INT32, false, false},
     .uses = USES,
     .field = PROFILE_FIELD_TOKEN_ENROLLMENTS,
     .field_type = FIELD_INTEGER,
     .write = device_owner_write_token_usage},
    {.schema = {"roleScopeTagIds", PROPERTY_STRINGS, false, true},
     .shape = {.is_collection = true},
     .write = device_owner_write_role_scope_tag_ids},
    {.schema = {"configureWifi", PROPERTY_BOOLEAN, false, true},
     .uses = USES,
     .field = PROFILE_FIELD_CONFIGURE_WIFI,
     .field_type = FIELD_BOOLEAN,
     .write = device_owner_write_configure_wifi},
    {.schema = {"wifiSsid", PROPERTY_STRING, true, true},
     .uses = USES,
     .field = PROFILE_FIELD_WIFI_SSID,
     .field_type = FIELD_TEXT,
     .write = device_owner_write_wifi_ssid},
    {.schema = {"wifiPassword", PROPERTY_STRING, true, true},
     .write = device_owner_write_wifi_password},
    {.schema = {"wifiSecurityType", PROPERTY_ENUMERATION, false, true},
     .shape = {.enumeration = &wifi_security_type},
     .uses = USES,
     .field = PROFILE_FIELD_WIFI_SECURITY_TYPE,
     .field_type = FIELD_TEXT,
     .choose = device_owner_wifi_security_name,
     .choice_count = DEVICE_OWNER_WIFI_SECURITY_COUNT,
     .write = device_owner_write_wifi_security_type},
    {.schema = {"wifiHidden", PROPERTY_BOOLEAN, false, true},
     .uses = USES,
     .field = PROFILE_FIELD_WIFI_HIDDEN,
     .field_type = FIELD_BOOLEAN,
     .write = device_owner_write_wifi_hidden},
    {.schema = {"isTeamsDeviceProfile", PROPERTY_BOOLEAN, false, true},
     .uses = USES,
     .field = PROFILE_FIELD_IS_TEAMS_DEVICE_PROFILE,
     .field_type = FIELD_BOOLEAN,
     .write = device_owner_write_is_teams_device_profile},
    {.schema = {"deviceNameTemplate", PROPERTY_STRING, true, true},
     .write = device_owner_write_device_name_template},
};

#define PROPERTY_COUNT (sizeof properties / sizeof properties[0])
/* Those that every profile has stand before the first that only a device owner's has. */
#define COMMON_PROPERTY_COUNT 11
_Static_assert(PROPERTY_COUNT <= ENTITY_PROPERTIES_AT_MOST, "a selection has a bit for each");

const struct entity_type profile_entity_for_work_type = {
    .name = "microsoft.graph.androidForWorkEnrollmentProfile",
    .properties = properties,
    .property_count = COMMON_PROPERTY_COUNT,
};

const struct entity_type profile_entity_device_owner_type = {
    .name = "microsoft.graph.androidDeviceOwnerEnrollmentProfile",
    .properties = properties,
    .property_count = PROPERTY_COUNT,
};

const struct entity_type *profile_entity_type(enum profile_set set) {
    return set == PROFILE_SET_ANDROID_DEVICE_OWNER ? &profile_entity_device_owner_type
                                                   : &profile_entity_for_work_type;
}

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
                            profile_entity_reader(call), &call->exchange->arena, &payload)) {
        json_write_name(writer, name);
        json_write_text(writer, buffer_slice(&payload));
    }
    free_code(&payload);
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
        .shows_secrets = profile_entity_reader(call) == CODES_FOR_WRITER,
    };
    return etag_format(&call->exchange->arena, &revision, &mark);
}

void profile_entity_write(struct graph_call *call, struct json_writer *writer,
                          const struct profile *profile) {
    const struct entity_type *type = profile_entity_type(profile->set);
    graph_call_write_links(call, writer, type->name, profile_entity_set_path(profile->set),
                           &profile->id);
    /* Not with minimal metadata, where OData has it: Intune sends none, and clients that send back
     * whatever tag they saw would meet conflicts that they never met there. */
    if (call->metadata == ODATA_METADATA_FULL) {
        json_write_name(writer, "@odata.etag");
        json_write_text(writer, profile_entity_tag(call, profile));
    }
    entity_write_properties(call, writer, type, profile);
    if (call->options.scope != ODATA_SCOPE_COLLECTION)
        write_annotations(call, writer, profile);
}
