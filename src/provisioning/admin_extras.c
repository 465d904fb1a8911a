#include "provisioning/admin_extras.h"

#include "provisioning/settings_form.h"

#define EXTRAS "adminExtras"

static bool is_reserved(const struct provisioning_settings *settings, struct slice key) {
    const struct provisioning_preset_facts *facts = provisioning_preset_facts(settings->preset);
    if (slice_equals(key, settings->token_key))
        return true;
    if (settings->server_url.length > 0 && facts->server_url_key != NULL &&
        slice_equals_string(key, facts->server_url_key))
        return true;
    return settings->server_pin.length > 0 && facts->server_pin_key != NULL &&
           slice_equals_string(key, facts->server_pin_key);
}

static struct error check_extra(const struct provisioning_settings *settings, struct slice key,
                                const json_t *value) {
    if (key.length == 0 || key.length > PROVISIONING_EXTRAS_KEY_AT_MOST ||
        settings_form_has_control(key))
        return error_make_for(ERROR_INVALID, EXTRAS,
                              "'" EXTRAS "' must have names of 1 to %d bytes without control "
                              "characters.",
                              PROVISIONING_EXTRAS_KEY_AT_MOST);
    if (is_reserved(settings, key))
        return error_make_for(ERROR_INVALID, EXTRAS,
                              "'" EXTRAS "' must not hold '%.*s', which the server fills in: leave "
                              "it out.",
                              SLICE_PRINTF(key));
    if (!json_is_string(value) && !json_is_integer(value) && !json_is_boolean(value))
        return error_make_for(ERROR_INVALID, EXTRAS,
                              "'" EXTRAS "' may hold texts, whole numbers, true and false; '%.*s' "
                              "is something else. Write it as a text.",
                              SLICE_PRINTF(key));
    return error_none();
}

struct error admin_extras_open(const struct provisioning_settings *settings,
                               struct admin_extras *extras) {
    extras->further = NULL;
    struct slice text = settings->admin_extras;
    if (text.length == 0)
        return error_none();
    json_error_t problem;
    extras->further = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, &problem);
    if (!json_is_object(extras->further))
        return error_make_for(ERROR_INVALID, EXTRAS,
                              "'" EXTRAS "' must be one JSON object that names each extra once "
                              "(line %d, column %d).",
                              problem.line < 1 ? 1 : problem.line,
                              problem.column < 1 ? 1 : problem.column);
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(extras->further, key, value) {
        struct error error = check_extra(settings, slice_from_string(key), value);
        if (error_is_set(&error))
            return error;
    }
    return error_none();
}

void admin_extras_close(struct admin_extras *extras) {
    json_decref(extras->further);
    extras->further = NULL;
}

static void write_token(const struct provisioning_settings *settings, struct slice token,
                        struct json_writer *writer) {
    json_write_text_name(writer, settings->token_key);
    json_write_text(writer, token);
}

static void write_known(const char *key, struct slice text, struct json_writer *writer) {
    if (key == NULL || text.length == 0)
        return;
    json_write_name(writer, key);
    json_write_text(writer, text);
}

static void write_further(const char *key, const json_t *value, struct json_writer *writer) {
    json_write_text_name(writer, slice_from_string(key));
    if (json_is_string(value))
        json_write_text(writer, (struct slice){.data = json_string_value(value),
                                               .length = json_string_length(value)});
    else if (json_is_integer(value))
        json_write_integer(writer, json_integer_value(value));
    else
        json_write_boolean(writer, json_is_true(value));
}

void admin_extras_write(const struct admin_extras *extras,
                        const struct provisioning_settings *settings, struct slice token,
                        struct json_writer *writer) {
    const struct provisioning_preset_facts *facts = provisioning_preset_facts(settings->preset);
    json_open_object(writer);
    write_token(settings, token, writer);
    write_known(facts->server_url_key, settings->server_url, writer);
    write_known(facts->server_pin_key, settings->server_pin, writer);
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(extras->further, key, value) write_further(key, value, writer);
    json_close_object(writer);
}
