#include "provisioning/settings.h"

#include <stdio.h>

#include "provisioning/settings_member.h"

/* Sources: Intune's page on Google Zero Touch; AOSP's ManagedProvisioning and Test DPC; Headwind
 * MDM's documentation. */
static const struct provisioning_preset_facts preset_facts[] = {
    [PROVISIONING_PRESET_UNSET] = {.name = ""},
    [PROVISIONING_PRESET_NONE] = {.name = "none"},
    [PROVISIONING_PRESET_CLOUD_DPC] =
        {
            .name = "cloudDpc",
            .component_name = "com.google.android.apps.work.clouddpc/"
                              ".receivers.CloudDeviceAdminReceiver",
            .signature_checksum = "I5YvS0O5hXY46mb01BlRjq4oJJGs2kuUcHvVkAPEXlg",
            .download_location =
                "https://play.google.com/managed/downloadManagingApp?identifier=setup",
            .token_key = "com.google.android.apps.work.clouddpc.EXTRA_ENROLLMENT_TOKEN",
        },
    [PROVISIONING_PRESET_TEST_DPC] =
        {
            .name = "testDpc",
            .component_name = "com.afwsamples.testdpc/com.afwsamples.testdpc.DeviceAdminReceiver",
            .signature_checksum = "gJD2YwtOiWJHkSMkkIfLRlj-quNqG1fb6v100QmzM9w=",
            .download_location = "https://testdpc-latest-apk.appspot.com/preview",
            .token_key = "muster.ENROLLMENT_TOKEN",
            .server_url_key = "muster.SERVER_URL",
            .server_pin_key = "muster.SERVER_PIN",
        },
    [PROVISIONING_PRESET_HEADWIND] =
        {
            .name = "headwind",
            .component_name = "com.hmdm.launcher/com.hmdm.launcher.AdminReceiver",
            .token_key = "com.hmdm.DEVICE_ID",
            .needs_download = true,
        },
    [PROVISIONING_PRESET_CUSTOM] =
        {
            .name = "custom",
            .token_key = "muster.ENROLLMENT_TOKEN",
            .server_url_key = "muster.SERVER_URL",
            .server_pin_key = "muster.SERVER_PIN",
        },
};

#define PRESET_COUNT (sizeof preset_facts / sizeof preset_facts[0])

static const char *const wifi_security_names[] = {
    [PROVISIONING_WIFI_SECURITY_NONE] = "NONE",
    [PROVISIONING_WIFI_SECURITY_WPA] = "WPA",
    [PROVISIONING_WIFI_SECURITY_WEP] = "WEP",
    [PROVISIONING_WIFI_SECURITY_EAP] = "EAP",
};

#define WIFI_SECURITY_COUNT (sizeof wifi_security_names / sizeof wifi_security_names[0])

#define MEMBER(member_name, member_kind, member, member_bonds, member_breaks, limit)               \
    {                                                                                              \
        .name = (member_name), .kind = SETTINGS_MEMBER_##member_kind,                              \
        .offset = offsetof(struct provisioning_settings, member), .bonds = (member_bonds),         \
        .breaks = (member_breaks), .at_most = (limit)                                              \
    }
#define TEXT_LIMIT PROVISIONING_TEXT_AT_MOST
#define URL_LIMIT PROVISIONING_URL_AT_MOST
#define PROXY_BONDS (BOND_WIFI | BOND_PROXY)
#define CHECKSUM_BONDS (BOND_PRESET | BOND_CHECKSUM)

/* The preset stands first: what it breaks depends on its value, see settings_breaks(). */
const struct settings_member settings_members[SETTINGS_MEMBER_COUNT] = {
    MEMBER("preset", PRESET, preset, 0, BOND_PRESET, 0),
    MEMBER("componentName", TEXT, component_name, BOND_PRESET, 0, TEXT_LIMIT),
    MEMBER("downloadLocation", TEXT, download_location, BOND_PRESET, 0, URL_LIMIT),
    MEMBER("signatureChecksum", TEXT, signature_checksum, CHECKSUM_BONDS, BOND_CHECKSUM,
           TEXT_LIMIT),
    MEMBER("packageChecksum", TEXT, package_checksum, CHECKSUM_BONDS, BOND_CHECKSUM, TEXT_LIMIT),
    MEMBER("tokenKey", TEXT, token_key, BOND_PRESET, 0, PROVISIONING_EXTRAS_KEY_AT_MOST),
    MEMBER("adminExtras", TEXT, admin_extras, BOND_PRESET, 0, PROVISIONING_EXTRAS_AT_MOST),
    MEMBER("serverUrl", TEXT, server_url, 0, 0, URL_LIMIT),
    MEMBER("serverPin", TEXT, server_pin, 0, 0, TEXT_LIMIT),
    MEMBER("leaveAllSystemAppsEnabled", CHOICE, leave_all_system_apps_enabled, 0, 0, 0),
    MEMBER("skipEncryption", CHOICE, skip_encryption, 0, 0, 0),
    MEMBER("locale", TEXT, locale, 0, 0, TEXT_LIMIT),
    MEMBER("timeZone", TEXT, time_zone, 0, 0, TEXT_LIMIT),
    MEMBER("wifiSsid", TEXT, wifi_ssid, BOND_WIFI, BOND_WIFI, TEXT_LIMIT),
    MEMBER("wifiSecurityType", WIFI_SECURITY, wifi_security_type, BOND_WIFI, 0, 0),
    MEMBER("wifiPassword", TEXT, wifi_password, BOND_WIFI, 0, TEXT_LIMIT),
    MEMBER("wifiHidden", CHOICE, wifi_hidden, BOND_WIFI, 0, 0),
    MEMBER("wifiProxyHost", TEXT, wifi_proxy_host, PROXY_BONDS, BOND_PROXY, TEXT_LIMIT),
    MEMBER("wifiProxyPort", PORT, wifi_proxy_port, PROXY_BONDS, 0, 0),
    MEMBER("wifiProxyBypass", TEXT, wifi_proxy_bypass, PROXY_BONDS, 0, URL_LIMIT),
    MEMBER("wifiPacUrl", TEXT, wifi_pac_url, PROXY_BONDS, BOND_PROXY, URL_LIMIT),
};

const struct provisioning_preset_facts *provisioning_preset_facts(enum provisioning_preset preset) {
    size_t index = (size_t)preset;
    return &preset_facts[index < PRESET_COUNT ? index : 0];
}

const char *provisioning_wifi_security_name(enum provisioning_wifi_security security) {
    size_t index = (size_t)security;
    return index < WIFI_SECURITY_COUNT ? wifi_security_names[index] : NULL;
}

static size_t member_size(const struct settings_member *member) {
    switch (member->kind) {
    case SETTINGS_MEMBER_TEXT:
        return sizeof(struct slice);
    case SETTINGS_MEMBER_PRESET:
        return sizeof(enum provisioning_preset);
    case SETTINGS_MEMBER_CHOICE:
        return sizeof(enum provisioning_choice);
    case SETTINGS_MEMBER_WIFI_SECURITY:
        return sizeof(enum provisioning_wifi_security);
    case SETTINGS_MEMBER_PORT:
        break;
    }
    return sizeof(uint16_t);
}

static bool member_is_set(const struct provisioning_settings *settings,
                          const struct settings_member *member) {
    if (member->kind == SETTINGS_MEMBER_TEXT)
        return settings_member_text(settings, member)->data != NULL;
    static const char zeros[sizeof(enum provisioning_preset)] = {0};
    return memcmp((const char *)settings + member->offset, zeros, member_size(member)) != 0;
}

/* ---- set ---- */

static bool parse_preset(struct slice value, enum provisioning_preset *preset) {
    for (size_t i = 0; i < PRESET_COUNT; i++) {
        if (slice_equals_ignoring_case(value, slice_from_string(preset_facts[i].name))) {
            *preset = (enum provisioning_preset)i;
            return true;
        }
    }
    return false;
}

static bool parse_choice(struct slice value, enum provisioning_choice *choice) {
    if (value.length == 0)
        *choice = PROVISIONING_CHOICE_UNSET;
    else if (slice_equals_string(value, "true"))
        *choice = PROVISIONING_CHOICE_YES;
    else if (slice_equals_string(value, "false"))
        *choice = PROVISIONING_CHOICE_NO;
    else
        return false;
    return true;
}

static bool parse_wifi_security(struct slice value, enum provisioning_wifi_security *security) {
    for (size_t i = 0; i < WIFI_SECURITY_COUNT; i++) {
        if (slice_equals_ignoring_case(value, slice_from_string(wifi_security_names[i]))) {
            *security = (enum provisioning_wifi_security)i;
            return true;
        }
    }
    return false;
}

static bool parse_port(struct slice value, uint16_t *port) {
    uint64_t number = 0;
    if (value.length > 0 && (!slice_parse_unsigned(value, UINT16_MAX, &number) || number == 0))
        return false;
    *port = (uint16_t)number;
    return true;
}

static struct error set_member(void *place, const struct settings_member *member,
                               struct slice value) {
    const char *expected = "";
    switch (member->kind) {
    case SETTINGS_MEMBER_TEXT:
        *(struct slice *)place =
            (struct slice){.data = value.length > 0 ? value.data : "", .length = value.length};
        return error_none();
    case SETTINGS_MEMBER_PRESET:
        if (parse_preset(value, place))
            return error_none();
        expected = "none, cloudDpc, testDpc, headwind or custom";
        break;
    case SETTINGS_MEMBER_CHOICE:
        if (parse_choice(value, place))
            return error_none();
        expected = "true or false";
        break;
    case SETTINGS_MEMBER_WIFI_SECURITY:
        if (parse_wifi_security(value, place))
            return error_none();
        expected = "NONE, WPA or WEP";
        break;
    case SETTINGS_MEMBER_PORT:
        if (parse_port(value, place))
            return error_none();
        expected = "a number from 1 to 65535";
        break;
    }
    return error_make_for(ERROR_INVALID, member->name, "'%s' must be %s.", member->name, expected);
}

const struct settings_member *settings_member_find(struct slice name) {
    for (size_t i = 0; i < SETTINGS_MEMBER_COUNT; i++) {
        if (slice_equals_string(name, settings_members[i].name))
            return &settings_members[i];
    }
    return NULL;
}

/* A name that somebody made up: cut at a character, as the error's target is. */
static struct error refuse_name(struct slice name) {
    char text[2 * ERROR_TARGET_SIZE];
    int length = name.length < sizeof text ? (int)name.length : (int)sizeof text - 1;
    (void)snprintf(text, sizeof text, "%.*s", length, length > 0 ? name.data : "");
    struct error error = error_make_for(ERROR_INVALID, text, "%s", "");
    (void)snprintf(error.message, sizeof error.message, "There is no provisioning setting '%s'.",
                   error.target);
    return error;
}

struct error provisioning_settings_set(struct provisioning_settings *settings, struct slice name,
                                       struct slice value) {
    const struct settings_member *member = settings_member_find(name);
    return member == NULL ? refuse_name(name)
                          : set_member((char *)settings + member->offset, member, value);
}

/* ---- merge and resolve ---- */

static enum provisioning_preset effective_preset(const struct provisioning_settings *settings) {
    if (settings->preset != PROVISIONING_PRESET_UNSET)
        return settings->preset;
    return settings->component_name.length > 0 ? PROVISIONING_PRESET_CUSTOM
                                               : PROVISIONING_PRESET_NONE;
}

static unsigned broken_bonds(const struct provisioning_settings *server,
                             const struct provisioning_settings *profile) {
    unsigned broken = 0;
    for (size_t i = 0; i < SETTINGS_MEMBER_COUNT; i++) {
        if (member_is_set(profile, &settings_members[i]))
            broken |= settings_members[i].breaks;
    }
    if (profile->preset == effective_preset(server))
        broken &= ~(unsigned)BOND_PRESET;
    return broken;
}

struct provisioning_settings
provisioning_settings_merge(const struct provisioning_settings *server,
                            const struct provisioning_settings *profile) {
    struct provisioning_settings merged = {0};
    unsigned broken = broken_bonds(server, profile);
    for (size_t i = 0; i < SETTINGS_MEMBER_COUNT; i++) {
        const struct settings_member *member = &settings_members[i];
        const struct provisioning_settings *from = profile;
        if (!member_is_set(profile, member) && (member->bonds & broken) == 0)
            from = server;
        memcpy((char *)&merged + member->offset, (const char *)from + member->offset,
               member_size(member));
    }
    return merged;
}

static void take_from_preset(struct slice *text, const char *fact) {
    if (text->data == NULL && fact != NULL)
        *text = slice_from_string(fact);
}

/* SHA-256 is 43 characters of Base64 and one of padding. */
static void drop_padding(struct slice *digest) {
    if (digest->length == 44 && digest->data[43] == '=')
        digest->length = 43;
}

struct provisioning_settings
provisioning_settings_resolve(const struct provisioning_settings *settings) {
    struct provisioning_settings resolved = *settings;
    resolved.preset = effective_preset(settings);
    const struct provisioning_preset_facts *facts = provisioning_preset_facts(resolved.preset);
    take_from_preset(&resolved.component_name, facts->component_name);
    take_from_preset(&resolved.download_location, facts->download_location);
    take_from_preset(&resolved.token_key, facts->token_key);
    if (resolved.package_checksum.length == 0)
        take_from_preset(&resolved.signature_checksum, facts->signature_checksum);
    drop_padding(&resolved.signature_checksum);
    drop_padding(&resolved.package_checksum);
    drop_padding(&resolved.server_pin);
    return resolved;
}

bool provisioning_settings_name_controller(const struct provisioning_settings *settings) {
    return effective_preset(settings) != PROVISIONING_PRESET_NONE;
}
