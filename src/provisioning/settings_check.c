#include "base/utf8.h"
#include "provisioning/admin_extras.h"
#include "provisioning/settings.h"
#include "provisioning/settings_form.h"
#include "provisioning/settings_member.h"

static struct error refuse_text(const struct settings_member *member, struct slice text) {
    if (text.length > member->at_most)
        return error_make_for(ERROR_INVALID, member->name,
                              "'%s' may have at most %zu bytes; %zu were given. Shorten it.",
                              member->name, member->at_most, text.length);
    if (!utf8_is_valid(text))
        return error_make_for(ERROR_INVALID, member->name, "'%s' must be UTF-8.", member->name);
    /* The extras are JSON, which may be written over several lines. */
    bool is_document = member->offset == offsetof(struct provisioning_settings, admin_extras);
    if (!is_document && settings_form_has_control(text))
        return error_make_for(ERROR_INVALID, member->name,
                              "'%s' must not hold control characters, such as a line break.",
                              member->name);
    return error_none();
}

static struct error check_texts(const struct provisioning_settings *settings) {
    for (size_t i = 0; i < SETTINGS_MEMBER_COUNT; i++) {
        if (settings_members[i].kind != SETTINGS_MEMBER_TEXT)
            continue;
        struct error error = refuse_text(&settings_members[i],
                                         *settings_member_text(settings, &settings_members[i]));
        if (error_is_set(&error))
            return error;
    }
    return error_none();
}

static struct error check_component(const struct provisioning_settings *settings) {
    if (settings->component_name.length == 0) {
        if (!provisioning_settings_name_controller(settings))
            return error_none();
        return error_make_for(ERROR_INVALID, "componentName",
                              "'componentName' is missing: give the device policy controller's "
                              "package and receiver, such as com.example.dpc/.AdminReceiver.");
    }
    if (!settings_form_is_component(settings->component_name))
        return error_make_for(ERROR_INVALID, "componentName",
                              "'componentName' must be a package, a slash and the full or short "
                              "name of a class, such as com.example.dpc/.AdminReceiver.");
    return error_none();
}

static struct error check_digest(const char *name, struct slice digest) {
    if (digest.length == 0 || settings_form_is_digest(digest))
        return error_none();
    return error_make_for(ERROR_INVALID, name,
                          "'%s' must be a SHA-256 in URL-safe Base64: 43 letters, digits, '-' and "
                          "'_', with or without '=' behind them. Turn hexadecimal into it, and '+' "
                          "and '/' into '-' and '_'.",
                          name);
}

static struct error check_digests(const struct provisioning_settings *settings) {
    struct error error = check_digest("signatureChecksum", settings->signature_checksum);
    if (!error_is_set(&error))
        error = check_digest("packageChecksum", settings->package_checksum);
    if (!error_is_set(&error))
        error = check_digest("serverPin", settings->server_pin);
    return error;
}

static struct error check_download(const struct provisioning_settings *settings) {
    bool has_signature = settings->signature_checksum.length > 0;
    bool has_package = settings->package_checksum.length > 0;
    if (has_signature && has_package)
        return error_make_for(ERROR_INVALID, "packageChecksum",
                              "'signatureChecksum' and 'packageChecksum' exclude each other: give "
                              "the one that you can keep up to date, and leave the other out.");
    if (settings->download_location.length == 0) {
        if (!provisioning_preset_facts(settings->preset)->needs_download)
            return error_none();
        return error_make_for(ERROR_INVALID, "downloadLocation",
                              "'downloadLocation' is missing: the preset '%s' does not know your "
                              "build, so give the address of its APK and one checksum.",
                              provisioning_preset_facts(settings->preset)->name);
    }
    if (!settings_form_is_url(settings->download_location))
        return error_make_for(ERROR_INVALID, "downloadLocation",
                              "'downloadLocation' must be an https or http address without "
                              "blanks, such as https://mdm.example.com/dpc.apk.");
    if (!has_signature && !has_package)
        return error_make_for(ERROR_INVALID, "signatureChecksum",
                              "'downloadLocation' needs a checksum, without which Android refuses "
                              "the package: give 'signatureChecksum' or 'packageChecksum'.");
    return error_none();
}

static struct error check_server_url(const struct provisioning_settings *settings) {
    struct slice url = settings->server_url;
    if (url.length == 0 || settings_form_is_https_url(url) || settings_form_is_loopback_url(url))
        return error_none();
    return error_make_for(ERROR_INVALID, "serverUrl",
                          "'serverUrl' must be an https address, because the device sends its "
                          "token there; http is taken for loopback only.");
}

static struct error check_region(const struct provisioning_settings *settings) {
    if (settings->locale.length > 0 && !settings_form_is_locale(settings->locale))
        return error_make_for(ERROR_INVALID, "locale",
                              "'locale' must be a language and a country, such as de_DE.");
    if (settings->time_zone.length > 0 && !settings_form_is_time_zone(settings->time_zone))
        return error_make_for(ERROR_INVALID, "timeZone",
                              "'timeZone' must be a name of the time zone database, such as "
                              "Europe/Berlin or UTC.");
    return error_none();
}

static struct error check_wifi_password(const struct provisioning_settings *settings) {
    struct slice password = settings->wifi_password;
    switch (settings->wifi_security_type) {
    case PROVISIONING_WIFI_SECURITY_UNSET:
    case PROVISIONING_WIFI_SECURITY_NONE:
        if (password.length > 0)
            return error_make_for(ERROR_INVALID, "wifiSecurityType",
                                  "'wifiPassword' needs 'wifiSecurityType' WPA or WEP; an open "
                                  "network has no password.");
        break;
    case PROVISIONING_WIFI_SECURITY_WPA:
        if ((password.length < 8 || password.length > 63) && !settings_form_is_wpa_key(password))
            return error_make_for(ERROR_INVALID, "wifiPassword",
                                  "'wifiPassword' must have 8 to 63 bytes, or 64 hexadecimal "
                                  "digits, with WPA; %zu were given.",
                                  password.length);
        break;
    case PROVISIONING_WIFI_SECURITY_WEP:
        if (!settings_form_is_wep_key(password))
            return error_make_for(ERROR_INVALID, "wifiPassword",
                                  "'wifiPassword' must be a WEP key: 5, 13 or 16 characters, or 10 "
                                  "or 26 hexadecimal digits; %zu characters were given.",
                                  password.length);
        break;
    case PROVISIONING_WIFI_SECURITY_EAP:
        return error_make_for(ERROR_INVALID, "wifiSecurityType",
                              "'wifiSecurityType' EAP needs certificates and an identity, which a "
                              "QR code of this server does not carry: set devices up in a WPA "
                              "network, and let the device policy controller bring the EAP one.");
    }
    return error_none();
}

static struct error check_wifi(const struct provisioning_settings *settings) {
    if (settings->wifi_ssid.length > 32)
        return error_make_for(ERROR_INVALID, "wifiSsid",
                              "'wifiSsid' may have at most 32 bytes; %zu were given.",
                              settings->wifi_ssid.length);
    if (settings->wifi_ssid.length > 0)
        return check_wifi_password(settings);
    const char *orphan = NULL;
    if (settings->wifi_password.length > 0)
        orphan = "wifiPassword";
    else if (settings->wifi_security_type != PROVISIONING_WIFI_SECURITY_UNSET)
        orphan = "wifiSecurityType";
    else if (settings->wifi_hidden != PROVISIONING_CHOICE_UNSET)
        orphan = "wifiHidden";
    else if (settings->wifi_proxy_host.length > 0)
        orphan = "wifiProxyHost";
    else if (settings->wifi_pac_url.length > 0)
        orphan = "wifiPacUrl";
    if (orphan != NULL)
        return error_make_for(ERROR_INVALID, "wifiSsid",
                              "'%s' needs 'wifiSsid': name the network, or leave both out.",
                              orphan);
    return error_none();
}

static struct error check_proxy(const struct provisioning_settings *settings) {
    bool has_host = settings->wifi_proxy_host.length > 0;
    if (has_host && settings->wifi_pac_url.length > 0)
        return error_make_for(ERROR_INVALID, "wifiPacUrl",
                              "'wifiProxyHost' and 'wifiPacUrl' exclude each other: give one.");
    if (has_host && !settings_form_is_host(settings->wifi_proxy_host))
        return error_make_for(ERROR_INVALID, "wifiProxyHost",
                              "'wifiProxyHost' must be the name or address of a host, without "
                              "scheme, port or path.");
    if (has_host != (settings->wifi_proxy_port != 0))
        return error_make_for(ERROR_INVALID, "wifiProxyPort",
                              "'wifiProxyHost' and 'wifiProxyPort' need each other: give both.");
    if (!has_host && settings->wifi_proxy_bypass.length > 0)
        return error_make_for(ERROR_INVALID, "wifiProxyBypass",
                              "'wifiProxyBypass' needs 'wifiProxyHost'.");
    if (settings->wifi_pac_url.length > 0 && !settings_form_is_url(settings->wifi_pac_url))
        return error_make_for(ERROR_INVALID, "wifiPacUrl",
                              "'wifiPacUrl' must be an https or http address without blanks.");
    return error_none();
}

static struct error check_extras(const struct provisioning_settings *settings) {
    if (settings->token_key.length == 0 && provisioning_settings_name_controller(settings))
        return error_make_for(ERROR_INVALID, "tokenKey",
                              "'tokenKey' must not be empty: the device policy controller finds "
                              "the token under it.");
    struct admin_extras extras;
    struct error error = admin_extras_open(settings, &extras);
    admin_extras_close(&extras);
    return error;
}

struct error provisioning_settings_check(const struct provisioning_settings *settings) {
    static struct error (*const checks[])(const struct provisioning_settings *) = {
        check_texts,  check_component, check_digests, check_download, check_server_url,
        check_region, check_wifi,      check_proxy,   check_extras,
    };
    struct provisioning_settings resolved = provisioning_settings_resolve(settings);
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        struct error error = checks[i](&resolved);
        if (error_is_set(&error))
            return error;
    }
    return error_none();
}
