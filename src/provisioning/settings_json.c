#include "provisioning/settings_json.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "provisioning/settings_member.h"

#define WIFI_PASSWORD "wifiPassword"

/* jansson's memory may hold a Wi-Fi password. */
static struct slice take_dump(char *dump, struct arena *arena) {
    struct slice copy = arena_copy(arena, slice_from_string(dump));
    if (dump != NULL)
        OPENSSL_cleanse(dump, strlen(dump));
    free(dump);
    return copy;
}

static bool is_extras(const struct settings_member *member) {
    return member->offset == offsetof(struct provisioning_settings, admin_extras);
}

static bool fits(const struct settings_member *member, const json_t *value) {
    if (is_extras(member))
        return json_is_object(value);
    if (member->kind == SETTINGS_MEMBER_CHOICE)
        return json_is_boolean(value);
    return member->kind == SETTINGS_MEMBER_PORT ? json_is_integer(value) : json_is_string(value);
}

static const char *expected_of(const struct settings_member *member) {
    if (is_extras(member))
        return "an object";
    if (member->kind == SETTINGS_MEMBER_CHOICE)
        return "true or false";
    return member->kind == SETTINGS_MEMBER_PORT ? "a whole number" : "a string";
}

/* As provisioning_settings_set() takes a value that fits. */
static struct slice text_of(const json_t *value, struct arena *arena) {
    if (json_is_object(value))
        return take_dump(json_dumps(value, JSON_COMPACT), arena);
    if (json_is_boolean(value))
        return json_is_true(value) ? SLICE("true") : SLICE("false");
    if (json_is_integer(value))
        return arena_format(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return arena_copy(arena, (struct slice){.data = json_string_value(value),
                                            .length = json_string_length(value)});
}

static struct error read_member(const char *name, const json_t *value, struct arena *arena,
                                struct provisioning_settings *settings) {
    const struct settings_member *member = settings_member_find(slice_from_string(name));
    if (member != NULL && json_is_null(value))
        return error_none();
    if (member != NULL && !fits(member, value))
        return error_make_for(ERROR_INVALID, name, "'%s' must be %s.", name, expected_of(member));
    struct slice text = member == NULL ? (struct slice){0} : text_of(value, arena);
    return provisioning_settings_set(settings, slice_from_string(name), text);
}

static struct error read_object(const json_t *object, struct arena *arena,
                                struct provisioning_settings *settings) {
    *settings = (struct provisioning_settings){0};
    for (void *member = json_object_iter((json_t *)object); member != NULL;
         member = json_object_iter_next((json_t *)object, member)) {
        struct error error = read_member(json_object_iter_key(member),
                                         json_object_iter_value(member), arena, settings);
        if (error_is_set(&error))
            return error;
    }
    return error_none();
}

struct error provisioning_settings_parse_json(struct slice text, struct arena *arena,
                                              struct provisioning_settings *settings) {
    json_t *object = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, NULL);
    struct error error = json_is_object(object)
                             ? read_object(object, arena, settings)
                             : error_make(ERROR_INVALID, "The provisioning settings must be a "
                                                         "JSON object.");
    json_decref(object);
    return error;
}

struct slice provisioning_settings_show_json(struct slice text, struct arena *arena) {
    json_t *object = json_loadb(text.data, text.length, 0, NULL);
    struct slice shown = {0};
    if (json_is_object(object)) {
        (void)json_object_del(object, WIFI_PASSWORD);
        shown = take_dump(json_dumps(object, JSON_COMPACT), arena);
    }
    json_decref(object);
    return shown;
}
