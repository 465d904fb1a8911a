#include "provisioning/payload.h"

#include <openssl/crypto.h>

#include "base/json_writer.h"
#include "base/utf8.h"
#include "provisioning/admin_extras.h"
#include "provisioning/picture.h"

#define PLATFORM_PREFIX "android.app.extra.PROVISIONING_"

/* More than a payload has, so that it does not move while it grows: what it holds would stay behind
 * where it was, and is wiped only where it ends. */
#define ROOM 16384

enum payload_kind { PAYLOAD_TEXT, PAYLOAD_CHOICE, PAYLOAD_SECURITY, PAYLOAD_PORT };

struct payload_member {
    const char *key;
    enum payload_kind kind;
    size_t offset; /* in struct provisioning_settings */
};

#define MEMBER(suffix, member_kind, member)                                                        \
    { PLATFORM_PREFIX suffix, member_kind, offsetof(struct provisioning_settings, member) }

/* The first three in the order in which Intune and the Android Management API hand them out. */
static const struct payload_member payload_members[] = {
    MEMBER("DEVICE_ADMIN_COMPONENT_NAME", PAYLOAD_TEXT, component_name),
    MEMBER("DEVICE_ADMIN_SIGNATURE_CHECKSUM", PAYLOAD_TEXT, signature_checksum),
    MEMBER("DEVICE_ADMIN_PACKAGE_CHECKSUM", PAYLOAD_TEXT, package_checksum),
    MEMBER("DEVICE_ADMIN_PACKAGE_DOWNLOAD_LOCATION", PAYLOAD_TEXT, download_location),
    MEMBER("LEAVE_ALL_SYSTEM_APPS_ENABLED", PAYLOAD_CHOICE, leave_all_system_apps_enabled),
    MEMBER("SKIP_ENCRYPTION", PAYLOAD_CHOICE, skip_encryption),
    MEMBER("LOCALE", PAYLOAD_TEXT, locale),
    MEMBER("TIME_ZONE", PAYLOAD_TEXT, time_zone),
    MEMBER("WIFI_SSID", PAYLOAD_TEXT, wifi_ssid),
    MEMBER("WIFI_SECURITY_TYPE", PAYLOAD_SECURITY, wifi_security_type),
    MEMBER("WIFI_PASSWORD", PAYLOAD_TEXT, wifi_password),
    MEMBER("WIFI_HIDDEN", PAYLOAD_CHOICE, wifi_hidden),
    MEMBER("WIFI_PROXY_HOST", PAYLOAD_TEXT, wifi_proxy_host),
    MEMBER("WIFI_PROXY_PORT", PAYLOAD_PORT, wifi_proxy_port),
    MEMBER("WIFI_PROXY_BYPASS", PAYLOAD_TEXT, wifi_proxy_bypass),
    MEMBER("WIFI_PAC_URL", PAYLOAD_TEXT, wifi_pac_url),
};

#define PAYLOAD_MEMBER_COUNT (sizeof payload_members / sizeof payload_members[0])

static void write_text(struct json_writer *writer, const char *key, struct slice text) {
    if (text.length == 0)
        return;
    json_write_name(writer, key);
    json_write_text(writer, text);
}

static void write_member(const struct provisioning_settings *settings,
                         const struct payload_member *member, struct json_writer *writer) {
    const void *place = (const char *)settings + member->offset;
    switch (member->kind) {
    case PAYLOAD_TEXT:
        write_text(writer, member->key, *(const struct slice *)place);
        break;
    case PAYLOAD_CHOICE: {
        enum provisioning_choice choice = *(const enum provisioning_choice *)place;
        if (choice == PROVISIONING_CHOICE_UNSET)
            break;
        json_write_name(writer, member->key);
        json_write_boolean(writer, choice == PROVISIONING_CHOICE_YES);
        break;
    }
    case PAYLOAD_SECURITY:
        write_text(writer, member->key,
                   slice_from_string(provisioning_wifi_security_name(
                       *(const enum provisioning_wifi_security *)place)));
        break;
    case PAYLOAD_PORT: {
        uint16_t port = *(const uint16_t *)place;
        if (port == 0)
            break;
        json_write_name(writer, member->key);
        json_write_integer(writer, port);
        break;
    }
    }
}

static void write_payload(const struct provisioning_settings *settings,
                          const struct admin_extras *extras, enum provisioning_format format,
                          struct slice token, struct buffer *out) {
    struct json_writer writer = json_writer_make(out);
    if (format == PROVISIONING_FORMAT_KNOX) {
        admin_extras_write(extras, settings, token, &writer);
        return;
    }
    json_open_object(&writer);
    for (size_t i = 0; i < PAYLOAD_MEMBER_COUNT; i++) {
        bool is_download =
            payload_members[i].offset == offsetof(struct provisioning_settings, download_location);
        if (!is_download || format == PROVISIONING_FORMAT_QR)
            write_member(settings, &payload_members[i], &writer);
    }
    json_write_name(&writer, PLATFORM_PREFIX "ADMIN_EXTRAS_BUNDLE");
    admin_extras_write(extras, settings, token, &writer);
    json_close_object(&writer);
}

/* Decodes the character that starts at text and moves behind it; the bytes are known to be UTF-8.
 */
static uint32_t take_character(const unsigned char **text) {
    const unsigned char *at = *text;
    uint32_t lead = at[0];
    size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    uint32_t character = length == 1 ? lead : lead & (0x7FU >> length);
    for (size_t i = 1; i < length; i++)
        character = character << 6 | (at[i] & 0x3FU);
    *text = at + length;
    return character;
}

/* JSON has characters beyond ASCII only within texts, so each may become an escape where it is: 2
 * bytes become 6, and so do 3; 4 become 12. */
static void append_as_ascii(struct slice json, struct buffer *out) {
    if (utf8_is_ascii(json)) {
        buffer_append_slice(out, json);
        return;
    }
    buffer_reserve(out, json.length * 3);
    const unsigned char *at = (const unsigned char *)json.data;
    const unsigned char *end = at + json.length;
    while (at < end) {
        uint32_t character = take_character(&at);
        if (character < 0x80)
            buffer_append_byte(out, (char)character);
        else if (character < 0x10000)
            buffer_append_format(out, "\\u%04x", (unsigned)character);
        else
            buffer_append_format(out, "\\u%04x\\u%04x",
                                 (unsigned)(0xD800 + ((character - 0x10000) >> 10)),
                                 (unsigned)(0xDC00 + ((character - 0x10000) & 0x3FFU)));
    }
}

struct error provisioning_payload_write(const struct provisioning_settings *settings,
                                        enum provisioning_format format, struct slice token,
                                        struct buffer *out) {
    if (!provisioning_settings_name_controller(settings))
        return error_make_for(ERROR_CONFLICT, "preset",
                              "No device policy controller is named: set 'preset', or "
                              "'componentName' for one of your own.");
    struct provisioning_settings resolved = provisioning_settings_resolve(settings);
    struct buffer json = {0};
    buffer_reserve(&json, ROOM);
    struct admin_extras extras;
    struct error error = admin_extras_open(&resolved, &extras);
    if (error_is_set(&error))
        goto out;
    if (resolved.token_key.length == 0 ||
        resolved.token_key.length > PROVISIONING_EXTRAS_KEY_AT_MOST) {
        error = error_make_for(ERROR_INVALID, "tokenKey", "'tokenKey' must have 1 to %d bytes.",
                               PROVISIONING_EXTRAS_KEY_AT_MOST);
        goto out;
    }
    write_payload(&resolved, &extras, format, token, &json);
    if (!utf8_is_valid(buffer_slice(&json))) {
        error = error_make(ERROR_INVALID, "The provisioning settings are not UTF-8.");
        goto out;
    }
    append_as_ascii(buffer_slice(&json), out);
out:
    admin_extras_close(&extras);
    if (json.data != NULL)
        OPENSSL_cleanse(json.data, json.capacity);
    buffer_free(&json);
    return error;
}

struct error provisioning_payload_check_size(const struct provisioning_settings *settings,
                                             size_t longest_token) {
    if (!provisioning_settings_name_controller(settings))
        return error_none();
    struct buffer content = {0};
    struct error error =
        provisioning_payload_write(settings, PROVISIONING_FORMAT_QR, SLICE(""), &content);
    size_t size = content.length + longest_token;
    if (content.data != NULL)
        OPENSSL_cleanse(content.data, content.capacity);
    buffer_free(&content);
    if (error_is_set(&error) || size <= PROVISIONING_PICTURE_CONTENT_AT_MOST)
        return error;
    return error_make_for(ERROR_INVALID, "adminExtras",
                          "The QR code's content would have %zu bytes, and a QR code holds at most "
                          "%d: shorten 'adminExtras' or the addresses. Characters beyond ASCII "
                          "take 6 or 12 bytes each.",
                          size, PROVISIONING_PICTURE_CONTENT_AT_MOST);
}
