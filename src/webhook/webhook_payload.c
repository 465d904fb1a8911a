#include "webhook/webhook_payload.h"

#include <jansson.h>

#include "base/json_writer.h"

static const char *const actor_types[] = {
    [AUDIT_ACTOR_USER] = "user",     [AUDIT_ACTOR_APPLICATION] = "application",
    [AUDIT_ACTOR_DEVICE] = "device", [AUDIT_ACTOR_OPERATOR] = "operator",
    [AUDIT_ACTOR_SYSTEM] = "system",
};
#define ACTOR_TYPE_COUNT (sizeof actor_types / sizeof actor_types[0])

/* What the payload says of the token, and where the audit's details have it. */
static const struct {
    const char *name;
    const char *detail;
} token_members[] = {
    {"expirationDateTime", "tokenExpirationDateTime"},
    {"validityInSeconds", "tokenValidityInSeconds"},
};

static void write_text(struct json_writer *writer, const char *name, struct slice text) {
    json_write_name(writer, name);
    json_write_optional_text(writer, text.length > 0 ? text : (struct slice){0});
}

static void write_guid(struct json_writer *writer, const char *name, const struct guid *guid) {
    json_write_name(writer, name);
    if (guid_is_zero(guid))
        json_write_null(writer);
    else
        json_write_guid(writer, guid);
}

static void write_string(struct json_writer *writer, const char *name, const char *text) {
    json_write_name(writer, name);
    json_write_string(writer, text);
}

static void write_actor(struct json_writer *writer, const struct audit_actor *actor) {
    bool is_known = (size_t)actor->kind < ACTOR_TYPE_COUNT && actor_types[actor->kind] != NULL;
    json_write_name(writer, "actor");
    json_open_object(writer);
    write_string(writer, "type", is_known ? actor_types[actor->kind] : "unknown");
    write_text(writer, "id", actor->subject);
    write_text(writer, "displayName", actor->name);
    write_text(writer, "applicationId", actor->application);
    json_close_object(writer);
}

static void write_detail(struct json_writer *writer, const char *name, const json_t *value) {
    if (json_is_integer(value)) {
        json_write_name(writer, name);
        json_write_integer(writer, json_integer_value(value));
    } else if (json_is_string(value)) {
        write_text(writer, name,
                   (struct slice){json_string_value(value), json_string_length(value)});
    }
}

static void write_token(struct json_writer *writer, const json_t *details) {
    json_write_name(writer, "token");
    json_open_object(writer);
    for (size_t i = 0; i < sizeof token_members / sizeof token_members[0]; i++)
        write_detail(writer, token_members[i].name,
                     json_object_get(details, token_members[i].detail));
    json_close_object(writer);
}

/* The profile of a token's event, and that of the token with which a device was refused. */
static void write_profile(struct json_writer *writer, const struct audit_record *record) {
    json_write_name(writer, "profile");
    if (guid_is_zero(&record->target)) {
        json_write_null(writer);
        return;
    }
    json_open_object(writer);
    write_guid(writer, "id", &record->target);
    write_string(writer, "type",
                 record->target_set == PROFILE_SET_ANDROID_DEVICE_OWNER
                     ? "androidDeviceOwnerEnrollmentProfile"
                     : "androidForWorkEnrollmentProfile");
    write_text(writer, "displayName", record->target_name);
    json_close_object(writer);
}

/* identity is the serial number, else the IMEI, else the Android id. */
static void write_device(struct json_writer *writer, const struct guid *id, struct slice identity) {
    json_write_name(writer, "device");
    json_open_object(writer);
    write_guid(writer, "id", id);
    write_text(writer, "identity", identity);
    json_close_object(writer);
}

static void write_subject(struct json_writer *writer, enum webhook_event_kind kind,
                          const struct audit_record *record, const json_t *details) {
    const struct guid unknown = {{0}};
    switch (kind) {
    case WEBHOOK_TOKEN_CREATED:
    case WEBHOOK_TOKEN_REPLACED:
    case WEBHOOK_TOKEN_EXPIRING:
    case WEBHOOK_TOKEN_EXPIRED:
        write_profile(writer, record);
        write_token(writer, details);
        break;
    case WEBHOOK_TOKEN_REVOKED:
        write_profile(writer, record);
        write_detail(writer, "revokedTokens", json_object_get(details, "revokedTokens"));
        break;
    case WEBHOOK_DEVICE_REFUSED:
        write_profile(writer, record);
        write_device(writer, &unknown, record->actor.subject);
        write_detail(writer, "reason", json_object_get(details, "reason"));
        break;
    case WEBHOOK_DEVICE_ENROLLED:
    case WEBHOOK_DEVICE_RETIRED:
    case WEBHOOK_DEVICE_LEFT:
    case WEBHOOK_DEVICE_DELETED:
    case WEBHOOK_EVENT_COUNT:
        write_device(writer, &record->target, record->target_name);
        break;
    }
}

void webhook_payload_write(struct buffer *out, enum webhook_event_kind kind,
                           const struct store_event *event) {
    const struct audit_record *record = &event->record;
    struct guid id = webhook_event_id(kind, event);
    struct guid audit_id = audit_id_make(record->row);
    json_t *details = record->details.length == 0
                          ? NULL
                          : json_loadb(record->details.data, record->details.length, 0, NULL);
    struct json_writer writer = json_writer_make(out);
    json_open_object(&writer);
    write_guid(&writer, "id", &id);
    write_string(&writer, "type", webhook_event_name(kind));
    json_write_name(&writer, "time");
    json_write_instant(&writer, record->at);
    write_guid(&writer, "tenantId", &event->tenant);
    write_guid(&writer, "auditEventId", &audit_id);
    write_guid(&writer, "correlationId", &record->actor.correlation);
    write_actor(&writer, &record->actor);
    write_subject(&writer, kind, record, details);
    json_close_object(&writer);
    json_decref(details);
}
