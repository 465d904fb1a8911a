#include "provisioning/settings_json.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#define WIFI_PASSWORD "wifiPassword"

/* jansson's memory may hold a Wi-Fi password. */
static struct slice take_dump(char *dump, struct arena *arena) {
    struct slice copy = arena_copy(arena, slice_from_string(dump));
    if (dump != NULL)
        OPENSSL_cleanse(dump, strlen(dump));
    free(dump);
    return copy;
}

static bool text_of(const char *name, const json_t *value, struct arena *arena,
                    struct slice *text) {
    switch (json_typeof(value)) {
    case JSON_STRING:
        *text = arena_copy(arena, (struct slice){.data = json_string_value(value),
                                                 .length = json_string_length(value)});
        return true;
    case JSON_TRUE:
    case JSON_FALSE:
        *text = json_is_true(value) ? SLICE("true") : SLICE("false");
        return true;
    case JSON_INTEGER:
        *text = arena_format(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return true;
    case JSON_OBJECT:
        *text = take_dump(json_dumps(value, JSON_COMPACT), arena);
        return strcmp(name, "adminExtras") == 0;
    default:
        return false;
    }
}

struct error provisioning_settings_read_json(const json_t *object, struct arena *arena,
                                             struct provisioning_settings *settings) {
    *settings = (struct provisioning_settings){0};
    for (void *member = json_object_iter((json_t *)object); member != NULL;
         member = json_object_iter_next((json_t *)object, member)) {
        const char *name = json_object_iter_key(member);
        const json_t *value = json_object_iter_value(member);
        struct slice text = {0};
        if (json_is_null(value))
            continue;
        if (!text_of(name, value, arena, &text))
            return error_make_for(ERROR_INVALID, name,
                                  "The provisioning setting '%s' must be a string, a boolean or a "
                                  "whole number; only 'adminExtras' is an object.",
                                  name);
        struct error error = provisioning_settings_set(settings, slice_from_string(name), text);
        if (error_is_set(&error))
            return error;
    }
    return error_none();
}

struct error provisioning_settings_parse_json(struct slice text, struct arena *arena,
                                              struct provisioning_settings *settings) {
    json_t *object = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, NULL);
    struct error error = json_is_object(object)
                             ? provisioning_settings_read_json(object, arena, settings)
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
