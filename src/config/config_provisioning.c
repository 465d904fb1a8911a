#include "config/config_provisioning.h"

#include <ctype.h>
#include <string.h>

#include "provisioning/payload.h"
#include "service/authority_port.h"

#define MEMBER_SIZE 64

/* "wifi-ssid" -> "wifiSsid" */
static void to_member_name(const char *name, char member[static MEMBER_SIZE]) {
    size_t length = 0;
    bool raise = false;
    for (; *name != '\0' && length < MEMBER_SIZE - 1; name++) {
        if (*name == '-') {
            raise = true;
            continue;
        }
        member[length++] = raise ? (char)toupper((unsigned char)*name) : *name;
        raise = false;
    }
    member[length] = '\0';
}

struct error config_provisioning_set(struct config *config, const char *name, const char *text) {
    char member[MEMBER_SIZE];
    to_member_name(name, member);
    struct slice value = arena_copy(&config->arena, slice_from_string(text));
    struct error error =
        provisioning_settings_set(&config->provisioning, slice_from_string(member), value);
    return error_is_set(&error)
               ? error_make_for(ERROR_INVALID, name, "[provisioning] %s: %s", name, error.message)
               : error;
}

struct error config_provisioning_finish(struct config *config) {
    struct provisioning_settings *settings = &config->provisioning;
    if (config->dev && settings->preset == PROVISIONING_PRESET_UNSET &&
        settings->component_name.data == NULL)
        settings->preset = PROVISIONING_PRESET_CLOUD_DPC;
    struct error error = provisioning_settings_check(settings);
    if (!error_is_set(&error))
        error = provisioning_payload_check_size(settings, AUTHORITY_TEXT_SIZE - 1);
    return error_is_set(&error)
               ? error_make_for(ERROR_INVALID, error.target, "[provisioning] %s", error.message)
               : error;
}
