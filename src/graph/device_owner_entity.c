#include "graph/device_owner_entity.h"

#include "base/buffer.h"
#include "domain/profile.h"
#include "graph/profile_entity.h"
#include "message/json_body.h"

static const union device_owner_value *value_of(const void *entity,
                                                enum device_owner_member member) {
    return &((const struct profile *)entity)->owner.values[member];
}

static void write_text(struct json_writer *writer, const void *entity,
                       enum device_owner_member member) {
    json_write_optional_text(writer, value_of(entity, member)->text);
}

static void write_boolean(struct json_writer *writer, const void *entity,
                          enum device_owner_member member) {
    json_write_boolean(writer, value_of(entity, member)->number != 0);
}

/* A number that a newer server wrote means nothing here. */
static void write_choice(struct json_writer *writer, const void *entity,
                         enum device_owner_member member, const char *(*choose)(int64_t number)) {
    const char *name = choose(value_of(entity, member)->number);
    json_write_string(writer, name == NULL ? "unknownFutureValue" : name);
}

void device_owner_write_enrollment_mode(struct graph_call *call, struct json_writer *writer,
                                        const void *entity) {
    (void)call;
    write_choice(writer, entity, DEVICE_OWNER_ENROLLMENT_MODE, device_owner_mode_name);
}

void device_owner_write_enrollment_token_type(struct graph_call *call, struct json_writer *writer,
                                              const void *entity) {
    (void)call;
    write_choice(writer, entity, DEVICE_OWNER_ENROLLMENT_TOKEN_TYPE, device_owner_token_type_name);
}

void device_owner_write_token_created(struct graph_call *call, struct json_writer *writer,
                                      const void *entity) {
    (void)call;
    const struct token *token = &((const struct profile *)entity)->token;
    json_write_instant(writer, token->id == 0 ? INSTANT_NEVER : token->created);
}

void device_owner_write_token_usage(struct graph_call *call, struct json_writer *writer,
                                    const void *entity) {
    (void)call;
    json_write_integer(writer, ((const struct profile *)entity)->token.enrollments);
}

void device_owner_write_role_scope_tag_ids(struct graph_call *call, struct json_writer *writer,
                                           const void *entity) {
    (void)call;
    struct slice rest = value_of(entity, DEVICE_OWNER_ROLE_SCOPE_TAG_IDS)->text;
    struct slice tag;
    json_open_array(writer);
    while (rest.length > 0 && slice_cut(&rest, '\n', &tag))
        json_write_text(writer, tag);
    json_close_array(writer);
}

void device_owner_write_configure_wifi(struct graph_call *call, struct json_writer *writer,
                                       const void *entity) {
    (void)call;
    write_boolean(writer, entity, DEVICE_OWNER_CONFIGURE_WIFI);
}

void device_owner_write_wifi_ssid(struct graph_call *call, struct json_writer *writer,
                                  const void *entity) {
    (void)call;
    write_text(writer, entity, DEVICE_OWNER_WIFI_SSID);
}

void device_owner_write_wifi_password(struct graph_call *call, struct json_writer *writer,
                                      const void *entity) {
    if (profile_entity_reader(call) == CODES_FOR_WRITER)
        write_text(writer, entity, DEVICE_OWNER_WIFI_PASSWORD);
    else
        json_write_null(writer);
}

void device_owner_write_wifi_security_type(struct graph_call *call, struct json_writer *writer,
                                           const void *entity) {
    (void)call;
    write_choice(writer, entity, DEVICE_OWNER_WIFI_SECURITY_TYPE, device_owner_wifi_security_name);
}

void device_owner_write_wifi_hidden(struct graph_call *call, struct json_writer *writer,
                                    const void *entity) {
    (void)call;
    write_boolean(writer, entity, DEVICE_OWNER_WIFI_HIDDEN);
}

void device_owner_write_is_teams_device_profile(struct graph_call *call, struct json_writer *writer,
                                                const void *entity) {
    (void)call;
    write_boolean(writer, entity, DEVICE_OWNER_IS_TEAMS_DEVICE_PROFILE);
}

void device_owner_write_device_name_template(struct graph_call *call, struct json_writer *writer,
                                             const void *entity) {
    (void)call;
    write_text(writer, entity, DEVICE_OWNER_DEVICE_NAME_TEMPLATE);
}

static enum device_owner_member find_member(const struct entity_property *property) {
    int member = 0;
    while (member < DEVICE_OWNER_MEMBER_COUNT &&
           strcmp(device_owner_member_name((enum device_owner_member)member),
                  property->schema.name) != 0)
        member++;
    return (enum device_owner_member)member;
}

bool device_owner_entity_owns(const struct entity_property *property) {
    return find_member(property) != DEVICE_OWNER_MEMBER_COUNT;
}

/* Puts a line feed between two, which none may therefore hold. */
static struct error take_texts(struct graph_call *call, const char *name, const json_t *array,
                               struct slice *text) {
    struct buffer joined = {0};
    struct error error = error_none();
    size_t index = 0;
    const json_t *element = NULL;
    json_array_foreach(array, index, element) {
        const char *part = json_string_value(element);
        if (json_string_length(element) == 0 || strchr(part, '\n') != NULL) {
            error = error_make_for(ERROR_INVALID, name,
                                   "The property '%s' must not hold empty strings or line feeds.",
                                   name);
            break;
        }
        if (index > 0)
            buffer_append_byte(&joined, '\n');
        buffer_append_string(&joined, part);
    }
    *text = arena_copy(&call->exchange->arena, buffer_slice(&joined));
    buffer_free(&joined);
    return error;
}

static struct error take_choice(struct graph_call *call, const struct entity_property *property,
                                const json_t *value, int64_t *number) {
    struct slice text = {.data = json_string_value(value), .length = json_string_length(value)};
    if (entity_property_find_choice(property, text, number))
        return error_none();
    return error_make_for(
        ERROR_INVALID, property->schema.name, "The property '%s' must be one of %.*s.",
        property->schema.name,
        SLICE_PRINTF(entity_property_list_choices(property, &call->exchange->arena)));
}

struct error device_owner_entity_take(struct graph_call *call,
                                      const struct entity_property *property, const json_t *value,
                                      struct device_owner_changes *changes) {
    enum device_owner_member member = find_member(property);
    union device_owner_value *to = &changes->to.values[member];
    changes->given |= 1U << member;
    switch (device_owner_member_kind(member)) {
    case DEVICE_OWNER_TEXT:
        to->text = json_is_null(value) ? (struct slice){0}
                                       : json_body_copy_text(&call->exchange->arena, value);
        break;
    case DEVICE_OWNER_TEXTS:
        return take_texts(call, property->schema.name, value, &to->text);
    case DEVICE_OWNER_BOOLEAN:
        to->number = json_is_true(value) ? 1 : 0;
        break;
    case DEVICE_OWNER_CHOICE:
        return take_choice(call, property, value, &to->number);
    }
    return error_none();
}
