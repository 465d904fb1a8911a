#include "domain/device_owner.h"

#include <stddef.h>

#include "domain/device_name.h"

/* The tag that Intune gives to what has none. */
#define DEFAULT_SCOPE_TAG "0"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
    const char *name;
    enum device_owner_kind kind;
    bool is_secret;
    const char *(*choose)(int64_t number);
} members[] = {
    [DEVICE_OWNER_ENROLLMENT_MODE] = {"enrollmentMode", DEVICE_OWNER_CHOICE, false,
                                      device_owner_mode_name},
    [DEVICE_OWNER_ENROLLMENT_TOKEN_TYPE] = {"enrollmentTokenType", DEVICE_OWNER_CHOICE, false,
                                            device_owner_token_type_name},
    [DEVICE_OWNER_ROLE_SCOPE_TAG_IDS] = {"roleScopeTagIds", DEVICE_OWNER_TEXTS, false, NULL},
    [DEVICE_OWNER_CONFIGURE_WIFI] = {"configureWifi", DEVICE_OWNER_BOOLEAN, false, NULL},
    [DEVICE_OWNER_WIFI_SSID] = {"wifiSsid", DEVICE_OWNER_TEXT, false, NULL},
    [DEVICE_OWNER_WIFI_PASSWORD] = {"wifiPassword", DEVICE_OWNER_TEXT, true, NULL},
    [DEVICE_OWNER_WIFI_SECURITY_TYPE] = {"wifiSecurityType", DEVICE_OWNER_CHOICE, false,
                                         device_owner_wifi_security_name},
    [DEVICE_OWNER_WIFI_HIDDEN] = {"wifiHidden", DEVICE_OWNER_BOOLEAN, false, NULL},
    [DEVICE_OWNER_IS_TEAMS_DEVICE_PROFILE] = {"isTeamsDeviceProfile", DEVICE_OWNER_BOOLEAN, false,
                                              NULL},
    [DEVICE_OWNER_DEVICE_NAME_TEMPLATE] = {"deviceNameTemplate", DEVICE_OWNER_TEXT, false, NULL},
};

const char *device_owner_member_name(enum device_owner_member member) {
    return members[member].name;
}

enum device_owner_kind device_owner_member_kind(enum device_owner_member member) {
    return members[member].kind;
}

bool device_owner_member_is_secret(enum device_owner_member member) {
    return members[member].is_secret;
}

static const char *choose(const char *const *names, size_t count, int64_t number) {
    return number >= 0 && (uint64_t)number < count ? names[number] : NULL;
}

const char *device_owner_mode_name(int64_t number) {
    static const char *const names[] = {
        [DEVICE_OWNER_MODE_DEDICATED] = "corporateOwnedDedicatedDevice",
        [DEVICE_OWNER_MODE_FULLY_MANAGED] = "corporateOwnedFullyManaged",
        [DEVICE_OWNER_MODE_WORK_PROFILE] = "corporateOwnedWorkProfile",
        [DEVICE_OWNER_MODE_AOSP_USERLESS] = "corporateOwnedAOSPUserlessDevice",
        [DEVICE_OWNER_MODE_AOSP_USER_ASSOCIATED] = "corporateOwnedAOSPUserAssociatedDevice",
    };
    _Static_assert(COUNT(names) == DEVICE_OWNER_MODE_COUNT, "a name for each");
    return choose(names, COUNT(names), number);
}

const char *device_owner_token_type_name(int64_t number) {
    static const char *const names[] = {
        [DEVICE_OWNER_TOKEN_DEFAULT] = "default",
        [DEVICE_OWNER_TOKEN_SHARED_MODE] = "corporateOwnedDedicatedDeviceWithAzureADSharedMode",
        [DEVICE_OWNER_TOKEN_STAGING] = "deviceStaging",
    };
    _Static_assert(COUNT(names) == DEVICE_OWNER_TOKEN_TYPE_COUNT, "a name for each");
    return choose(names, COUNT(names), number);
}

const char *device_owner_wifi_security_name(int64_t number) {
    static const char *const names[] = {
        [DEVICE_OWNER_WIFI_NONE] = "none",
        [DEVICE_OWNER_WIFI_WPA] = "wpa",
        [DEVICE_OWNER_WIFI_WEP] = "wep",
    };
    _Static_assert(COUNT(names) == DEVICE_OWNER_WIFI_SECURITY_COUNT, "a name for each");
    return choose(names, COUNT(names), number);
}

const char *device_owner_device_type(int64_t mode) {
    bool is_aosp =
        mode == DEVICE_OWNER_MODE_AOSP_USERLESS || mode == DEVICE_OWNER_MODE_AOSP_USER_ASSOCIATED;
    return is_aosp ? "AndroidAOSP" : "AndroidForWork";
}

struct device_owner_settings device_owner_defaults(void) {
    struct device_owner_settings settings = {0};
    settings.values[DEVICE_OWNER_ROLE_SCOPE_TAG_IDS].text = SLICE(DEFAULT_SCOPE_TAG);
    settings.values[DEVICE_OWNER_CONFIGURE_WIFI].number = 1;
    return settings;
}

static bool is_given(const struct device_owner_changes *changes, size_t member) {
    return (changes->given & 1U << member) != 0;
}

void device_owner_apply(struct device_owner_settings *settings,
                        const struct device_owner_changes *changes) {
    for (size_t i = 0; i < DEVICE_OWNER_MEMBER_COUNT; i++) {
        if (is_given(changes, i))
            settings->values[i] = changes->to.values[i];
    }
}

static struct error check_bytes(enum device_owner_member member, struct slice text,
                                size_t at_most) {
    if (text.length <= at_most)
        return error_none();
    return error_make_for(ERROR_INVALID, members[member].name,
                          "The property '%s' may have at most %zu bytes; %zu were given.",
                          members[member].name, at_most, text.length);
}

static bool has_control(struct slice text) {
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7F)
            return true;
    }
    return false;
}

static struct error check_scope_tags(struct slice tags) {
    struct slice tag;
    size_t count = 0;
    while (tags.length > 0 && slice_cut(&tags, '\n', &tag)) {
        if (tag.length == 0 || tag.length > DEVICE_OWNER_SCOPE_TAG_BYTES_AT_MOST ||
            has_control(tag))
            return error_make_for(ERROR_INVALID, "roleScopeTagIds",
                                  "The property 'roleScopeTagIds' must hold ids of 1 to %d bytes "
                                  "without control characters.",
                                  DEVICE_OWNER_SCOPE_TAG_BYTES_AT_MOST);
        count++;
    }
    if (count > DEVICE_OWNER_SCOPE_TAGS_AT_MOST)
        return error_make_for(ERROR_INVALID, "roleScopeTagIds",
                              "The property 'roleScopeTagIds' may hold at most %d ids; %zu were "
                              "given.",
                              DEVICE_OWNER_SCOPE_TAGS_AT_MOST, count);
    return error_none();
}

static struct error check_value(enum device_owner_member member,
                                const union device_owner_value *value) {
    switch (member) {
    case DEVICE_OWNER_ROLE_SCOPE_TAG_IDS:
        return check_scope_tags(value->text);
    case DEVICE_OWNER_WIFI_SSID:
        return check_bytes(member, value->text, DEVICE_OWNER_SSID_BYTES_AT_MOST);
    case DEVICE_OWNER_WIFI_PASSWORD:
        return check_bytes(member, value->text, DEVICE_OWNER_PASSWORD_BYTES_AT_MOST);
    case DEVICE_OWNER_DEVICE_NAME_TEMPLATE:
        return value->text.data == NULL ? error_none() : device_name_template_check(value->text);
    case DEVICE_OWNER_ENROLLMENT_MODE:
    case DEVICE_OWNER_ENROLLMENT_TOKEN_TYPE:
    case DEVICE_OWNER_CONFIGURE_WIFI:
    case DEVICE_OWNER_WIFI_SECURITY_TYPE:
    case DEVICE_OWNER_WIFI_HIDDEN:
    case DEVICE_OWNER_IS_TEAMS_DEVICE_PROFILE:
    case DEVICE_OWNER_MEMBER_COUNT:
        break;
    }
    return error_none();
}

struct error device_owner_changes_check(const struct device_owner_changes *changes) {
    for (size_t i = 0; i < DEVICE_OWNER_MEMBER_COUNT; i++) {
        if (!is_given(changes, i))
            continue;
        struct error error = check_value((enum device_owner_member)i, &changes->to.values[i]);
        if (error_is_set(&error))
            return error;
    }
    return error_none();
}

struct error device_owner_settings_check(const struct device_owner_settings *settings) {
    /* Bits of the modes that a type of token is for, as its reference says. */
    static const struct {
        unsigned modes;
        const char *names;
    } allowed[] = {
        [DEVICE_OWNER_TOKEN_DEFAULT] = {~0U, ""},
        [DEVICE_OWNER_TOKEN_SHARED_MODE] = {1U << DEVICE_OWNER_MODE_DEDICATED,
                                            "corporateOwnedDedicatedDevice"},
        [DEVICE_OWNER_TOKEN_STAGING] = {1U << DEVICE_OWNER_MODE_FULLY_MANAGED |
                                            1U << DEVICE_OWNER_MODE_WORK_PROFILE,
                                        "corporateOwnedFullyManaged or corporateOwnedWorkProfile"},
    };
    int64_t mode = settings->values[DEVICE_OWNER_ENROLLMENT_MODE].number;
    int64_t type = settings->values[DEVICE_OWNER_ENROLLMENT_TOKEN_TYPE].number;
    if (type < 0 || (uint64_t)type >= COUNT(allowed) || mode < 0 ||
        mode >= DEVICE_OWNER_MODE_COUNT || (allowed[type].modes & 1U << mode) != 0)
        return error_none();
    return error_make_for(ERROR_INVALID, "enrollmentTokenType",
                          "The enrollmentTokenType '%s' applies to the enrollmentMode %s only, and "
                          "not to %s.",
                          device_owner_token_type_name(type), allowed[type].names,
                          device_owner_mode_name(mode));
}

struct slice device_owner_describe(enum device_owner_member member,
                                   const struct device_owner_settings *settings) {
    const union device_owner_value *value = &settings->values[member];
    switch (members[member].kind) {
    case DEVICE_OWNER_TEXT:
    case DEVICE_OWNER_TEXTS:
        return value->text;
    case DEVICE_OWNER_BOOLEAN:
        return value->number != 0 ? SLICE("true") : SLICE("false");
    case DEVICE_OWNER_CHOICE:
        return slice_from_string(members[member].choose(value->number));
    }
    return (struct slice){0};
}

bool device_owner_is_same(enum device_owner_member member, const struct device_owner_settings *a,
                          const struct device_owner_settings *b) {
    const union device_owner_value *left = &a->values[member];
    const union device_owner_value *right = &b->values[member];
    if (members[member].kind == DEVICE_OWNER_BOOLEAN || members[member].kind == DEVICE_OWNER_CHOICE)
        return left->number == right->number;
    if (left->text.data == NULL || right->text.data == NULL)
        return left->text.data == right->text.data;
    return slice_equals(left->text, right->text);
}
