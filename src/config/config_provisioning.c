#include "config/config_provisioning.h"

#include <ctype.h>
#include <string.h>

#include "provisioning/payload.h"
#include "service/authority_port.h"

#define NAME_SIZE 64
#define EXTRAS "admin-extras"

/* "wifi-ssid" -> "wifiSsid" */
static void to_member_name(const char *key, char member[static NAME_SIZE]) {
    size_t length = 0;
    bool raise = false;
    for (; *key != '\0' && length < NAME_SIZE - 1; key++) {
        if (*key == '-') {
            raise = true;
            continue;
        }
        member[length++] = raise ? (char)toupper((unsigned char)*key) : *key;
        raise = false;
    }
    member[length] = '\0';
}

/* "wifiSsid" -> "wifi-ssid" */
static void to_key(const char *member, char key[static NAME_SIZE]) {
    size_t length = 0;
    for (; *member != '\0' && length < NAME_SIZE - 2; member++) {
        if (isupper((unsigned char)*member) != 0)
            key[length++] = '-';
        key[length++] = (char)tolower((unsigned char)*member);
    }
    key[length] = '\0';
}

static bool was_given(const struct config_provisioning *section, const char *name) {
    for (size_t i = 0; i < section->given_count; i++) {
        if (strcmp(section->given[i], name) == 0)
            return true;
    }
    return false;
}

static void remember(struct config *config, struct config_provisioning *section, const char *name) {
    if (section->given_count < CONFIG_PROVISIONING_KEYS_AT_MOST)
        section->given[section->given_count++] =
            arena_copy(&config->arena, slice_from_string(name)).data;
}

bool config_provisioning_has_many_lines(const char *name) {
    return strcmp(name, EXTRAS) == 0;
}

struct error config_provisioning_set(struct config *config, struct config_provisioning *section,
                                     const char *name, const char *text) {
    char member[NAME_SIZE];
    char key[NAME_SIZE];
    to_member_name(name, member);
    to_key(member, key);
    if (strcmp(key, name) != 0)
        return error_make_for(ERROR_INVALID, name, "[provisioning] has no key '%s'", name);
    bool again = was_given(section, name);
    if (again && !config_provisioning_has_many_lines(name))
        return error_make_for(ERROR_INVALID, name, "[provisioning] '%s' is given twice", name);
    struct slice value = arena_copy(&config->arena, slice_from_string(text));
    if (again)
        value = arena_format(&config->arena, "%.*s\n%s",
                             SLICE_PRINTF(config->provisioning.admin_extras), text);
    struct error error =
        provisioning_settings_set(&config->provisioning, slice_from_string(member), value);
    if (error_is_set(&error))
        return error_make_for(ERROR_INVALID, name, "[provisioning] %s: %s", name, error.message);
    if (!again)
        remember(config, section, name);
    return error;
}

/* Beside the member that the message names stands the key that the operator wrote. */
static struct error locate(const struct config *config, const struct config_provisioning *section,
                           const struct error *error) {
    char key[NAME_SIZE];
    to_key(error->target, key);
    return error_make_for(ERROR_INVALID, key, "%s:%d: [provisioning] %s%s%s", config->file,
                          section->line, key, key[0] == '\0' ? "" : ": ", error->message);
}

struct error config_provisioning_finish(struct config *config,
                                        const struct config_provisioning *section) {
    struct provisioning_settings *settings = &config->provisioning;
    if (config->dev && settings->preset == PROVISIONING_PRESET_UNSET &&
        settings->component_name.data == NULL)
        settings->preset = PROVISIONING_PRESET_CLOUD_DPC;
    /* What nobody set cannot be wrong. */
    if (section->line == 0)
        return error_none();
    struct error error = provisioning_settings_check(settings);
    if (!error_is_set(&error))
        error = provisioning_payload_check_size(settings, AUTHORITY_TEXT_SIZE - 1);
    return error_is_set(&error) ? locate(config, section, &error) : error;
}
