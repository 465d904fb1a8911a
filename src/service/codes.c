#include "service/codes.h"

#include <openssl/crypto.h>

#include "provisioning/base64.h"
#include "provisioning/picture.h"
#include "provisioning/settings_json.h"
#include "service/picture_cache.h"
#include "service/tokens.h"

/* The server's settings with those that the annotation puts over them. */
static struct error read_annotated(const struct service *service, struct slice provisioning,
                                   struct arena *arena, struct provisioning_settings *settings) {
    static const struct provisioning_settings nothing;
    const struct provisioning_settings *server =
        service->provisioning == NULL ? &nothing : service->provisioning;
    *settings = *server;
    if (provisioning.data == NULL)
        return error_none();
    struct provisioning_settings own;
    struct error error = provisioning_settings_parse_json(provisioning, arena, &own);
    if (!error_is_set(&error))
        *settings = provisioning_settings_merge(server, &own);
    return error;
}

/* A network without a name takes all Wi-Fi away, and its proxy with it. */
static struct provisioning_settings without_wifi(const struct provisioning_settings *settings) {
    const struct provisioning_settings no_wifi = {.wifi_ssid = SLICE("")};
    return provisioning_settings_merge(settings, &no_wifi);
}

static struct provisioning_settings read_wifi(const struct device_owner_settings *owner) {
    static const enum provisioning_wifi_security securities[] = {
        [DEVICE_OWNER_WIFI_NONE] = PROVISIONING_WIFI_SECURITY_NONE,
        [DEVICE_OWNER_WIFI_WPA] = PROVISIONING_WIFI_SECURITY_WPA,
        [DEVICE_OWNER_WIFI_WEP] = PROVISIONING_WIFI_SECURITY_WEP,
    };
    struct provisioning_settings wifi = {0};
    int64_t security = owner->values[DEVICE_OWNER_WIFI_SECURITY_TYPE].number;
    if (owner->values[DEVICE_OWNER_WIFI_PASSWORD].text.length > 0)
        wifi.wifi_password = owner->values[DEVICE_OWNER_WIFI_PASSWORD].text;
    if (owner->values[DEVICE_OWNER_WIFI_SSID].text.length == 0)
        return wifi;
    wifi.wifi_ssid = owner->values[DEVICE_OWNER_WIFI_SSID].text;
    if (security >= 0 && security < DEVICE_OWNER_WIFI_SECURITY_COUNT)
        wifi.wifi_security_type = securities[security];
    if (owner->values[DEVICE_OWNER_WIFI_HIDDEN].number != 0)
        wifi.wifi_hidden = PROVISIONING_CHOICE_YES;
    return wifi;
}

/* The Wi-Fi of the profile's own properties over that of the settings. */
static struct provisioning_settings with_own_wifi(const struct provisioning_settings *settings,
                                                  const struct profile *profile) {
    if (profile->set != PROFILE_SET_ANDROID_DEVICE_OWNER)
        return *settings;
    if (profile->owner.values[DEVICE_OWNER_CONFIGURE_WIFI].number == 0)
        return without_wifi(settings);
    struct provisioning_settings wifi = read_wifi(&profile->owner);
    return wifi.wifi_ssid.length == 0 ? *settings : provisioning_settings_merge(settings, &wifi);
}

struct error codes_check_provisioning(const struct service *service, const struct profile *profile,
                                      struct arena *arena) {
    struct provisioning_settings settings;
    struct error error = read_annotated(service, profile->provisioning, arena, &settings);
    if (!error_is_set(&error))
        error = provisioning_settings_check(&settings);
    if (!error_is_set(&error))
        error = provisioning_payload_check_size(&settings, AUTHORITY_TEXT_SIZE - 1);
    if (!error_is_set(&error))
        return error;
    const char *target = arena_format(arena, "@muster.provisioning%s%s",
                                      error.target[0] == '\0' ? "" : ".", error.target)
                             .data;
    return error_make_for(error.code, target, "%s", error.message);
}

struct error codes_check_wifi(const struct service *service, const struct profile *profile,
                              struct arena *arena) {
    struct provisioning_settings settings = read_wifi(&profile->owner);
    struct error error = provisioning_settings_check(&settings);
    if (error_is_set(&error))
        return error;
    /* What is wrong with the settings below is not for this profile's Wi-Fi to mend. */
    error = read_annotated(service, profile->provisioning, arena, &settings);
    if (error_is_set(&error))
        return error_none();
    settings = with_own_wifi(&settings, profile);
    error = provisioning_payload_check_size(&settings, AUTHORITY_TEXT_SIZE - 1);
    if (!error_is_set(&error))
        return error;
    return error_make_for(error.code, "wifiSsid", "%s", error.message);
}

/* What a code is made of, for one purpose. */
struct code_wish {
    const struct profile *profile;
    enum provisioning_format format;
    enum codes_reader reader;
    struct slice token;
};

static bool write_anew(const struct service *service, const struct code_wish *wish,
                       struct arena *arena, struct buffer *payload) {
    const struct profile *profile = wish->profile;
    struct provisioning_settings settings;
    struct error error = read_annotated(service, profile->provisioning, arena, &settings);
    if (!error_is_set(&error) && !provisioning_settings_name_controller(&settings))
        return false;
    /* They passed when they were written, but the server's own may have changed since. */
    if (!error_is_set(&error) && profile->provisioning.data != NULL)
        error = provisioning_settings_check(&settings);
    if (!error_is_set(&error)) {
        settings = with_own_wifi(&settings, profile);
        if (wish->reader == CODES_FOR_READER && settings.wifi_password.length > 0)
            settings = without_wifi(&settings);
        error = provisioning_payload_write(&settings, wish->format, wish->token, payload);
    }
    /* A code that cannot be made is no reason to hide the profile. */
    if (error_is_set(&error))
        LOG(service->log, LOG_LEVEL_WARNING, "enrollment code cannot be made",
            log_guid("profile", profile->id), log_string("target", error.target),
            log_string("error", error.message));
    return !error_is_set(&error);
}

/* Whether the code says what the server's settings say, and nothing else. */
static bool is_servers(const struct service *service, const struct code_wish *wish) {
    const struct profile *profile = wish->profile;
    if (profile->provisioning.data != NULL)
        return false;
    if (profile->set == PROFILE_SET_ANDROID_DEVICE_OWNER &&
        (profile->owner.values[DEVICE_OWNER_CONFIGURE_WIFI].number == 0 ||
         profile->owner.values[DEVICE_OWNER_WIFI_SSID].text.length > 0))
        return false;
    return wish->reader == CODES_FOR_WRITER || service->provisioning == NULL ||
           service->provisioning->wifi_password.length == 0;
}

/* The usual case, as profiles seldom have settings of their own. */
static bool write_from_template(const struct service *service, const struct code_wish *wish,
                                struct buffer *payload) {
    return wish->format == PROVISIONING_FORMAT_QR && service->qr_payload != NULL &&
           is_servers(service, wish) &&
           payload_template_write(service->qr_payload, wish->token, payload);
}

bool codes_write_payload(const struct service *service, const struct profile *profile, instant now,
                         enum provisioning_format format, enum codes_reader reader,
                         struct arena *arena, struct buffer *payload) {
    char token[AUTHORITY_TEXT_SIZE];
    if (tokens_live_value(service, profile, now, token) == NULL)
        return false;
    const struct code_wish wish = {
        .profile = profile, .format = format, .reader = reader, .token = slice_from_string(token)};
    bool is_written =
        write_from_template(service, &wish, payload) || write_anew(service, &wish, arena, payload);
    OPENSSL_cleanse(token, sizeof token);
    return is_written;
}

static bool draw(const struct service *service, struct slice payload, struct buffer *base64) {
    struct provisioning_picture picture = {0};
    struct buffer png = {0};
    struct error error = provisioning_picture_make(payload, &picture);
    if (!error_is_set(&error))
        error = provisioning_picture_write_png(&picture, PROVISIONING_PICTURE_SCALE_DEFAULT, &png);
    if (error_is_set(&error))
        LOG(service->log, LOG_LEVEL_WARNING, "QR code cannot be drawn",
            log_string("error", error.message));
    else
        base64_append(buffer_slice(&png), base64);
    provisioning_picture_free(&picture);
    if (png.length > 0)
        OPENSSL_cleanse(png.data, png.length);
    buffer_free(&png);
    return !error_is_set(&error);
}

bool codes_write_picture(const struct service *service, struct slice payload,
                         struct buffer *base64) {
    if (service->pictures == NULL)
        return draw(service, payload, base64);
    if (picture_cache_find(service->pictures, payload, base64))
        return true;
    size_t start = base64->length;
    if (!draw(service, payload, base64))
        return false;
    picture_cache_add(
        service->pictures, payload,
        (struct slice){.data = base64->data + start, .length = base64->length - start});
    return true;
}
