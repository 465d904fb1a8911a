/* Which device policy controller (DPC) Android's setup wizard is told to install, and how.
 *
 * A server has settings and a profile may override them; provisioning_settings_merge() puts the two
 * together, provisioning_settings_check() refuses what the wizard would refuse, and payload.h
 * writes what is left as the content of a QR code. Pure: no I/O, no clock, no memory of its own;
 * every text borrows from whoever filled the settings in. Any thread.
 *
 * Standard: the extras of android.app.admin.DevicePolicyManager and AOSP's ManagedProvisioning. */
#ifndef MUSTER_PROVISIONING_SETTINGS_H
#define MUSTER_PROVISIONING_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

/* Bytes. */
#define PROVISIONING_TEXT_AT_MOST 255
#define PROVISIONING_URL_AT_MOST 2000
#define PROVISIONING_EXTRAS_AT_MOST 2900 /* more never fits a QR code */
#define PROVISIONING_EXTRAS_KEY_AT_MOST 128

/* The numbers may be stored. */
enum provisioning_preset {
    PROVISIONING_PRESET_UNSET = 0,
    PROVISIONING_PRESET_NONE = 1,      /* no DPC is named: there is no QR code */
    PROVISIONING_PRESET_CLOUD_DPC = 2, /* Android Device Policy: Intune, Android Management API */
    PROVISIONING_PRESET_TEST_DPC = 3,  /* Google's sample */
    PROVISIONING_PRESET_HEADWIND = 4,  /* Headwind MDM; download and checksum are of its build */
    PROVISIONING_PRESET_CUSTOM = 5,    /* one's own, which calls POST /enroll */
};

enum provisioning_choice {
    PROVISIONING_CHOICE_UNSET = 0,
    PROVISIONING_CHOICE_NO = 1,
    PROVISIONING_CHOICE_YES = 2,
};

enum provisioning_wifi_security {
    PROVISIONING_WIFI_SECURITY_UNSET = 0,
    PROVISIONING_WIFI_SECURITY_NONE = 1,
    PROVISIONING_WIFI_SECURITY_WPA = 2,
    PROVISIONING_WIFI_SECURITY_WEP = 3,
    PROVISIONING_WIFI_SECURITY_EAP = 4, /* known so that it can be refused with its reason */
};

/* A text with a NULL pointer is not set. An empty text is set to nothing: it overrides what the
 * server or the preset says, and leaves the member out. All zero is "nothing is set". */
struct provisioning_settings {
    enum provisioning_preset preset;
    struct slice component_name;     /* package/receiver-class; the class may be ".Short" */
    struct slice download_location;  /* http or https; without it the DPC is on the device */
    struct slice signature_checksum; /* SHA-256 of a signing certificate, URL-safe Base64 */
    struct slice package_checksum;   /* SHA-256 of the package's file, likewise */
    struct slice token_key;    /* the extra that carries the token; the preset has a default */
    struct slice admin_extras; /* further extras for the DPC: the text of a JSON object */
    struct slice server_url;   /* where a custom DPC finds POST /enroll */
    struct slice server_pin;   /* SHA-256 of the public key (SubjectPublicKeyInfo) in the server's
                                  certificate, URL-safe Base64 */
    enum provisioning_choice leave_all_system_apps_enabled;
    enum provisioning_choice skip_encryption;
    struct slice locale;    /* de_DE */
    struct slice time_zone; /* Europe/Berlin */
    struct slice wifi_ssid; /* 1 to 32 bytes; the network before there is one */
    enum provisioning_wifi_security wifi_security_type;
    struct slice wifi_password; /* a secret */
    enum provisioning_choice wifi_hidden;
    struct slice wifi_proxy_host;
    uint16_t wifi_proxy_port;       /* 0: not set */
    struct slice wifi_proxy_bypass; /* host names with commas between them */
    struct slice wifi_pac_url;
};

/* What is publicly known of a preset's DPC. A NULL pointer: the preset does not bring it. */
struct provisioning_preset_facts {
    const char *name; /* as settings spell it: "cloudDpc" */
    const char *component_name;
    const char *signature_checksum;
    const char *download_location;
    const char *token_key;
    const char *server_url_key; /* the extra for server_url; NULL: this DPC knows none */
    const char *server_pin_key;
    bool needs_download; /* it is never on a device from the factory */
};

/* The facts of any preset; those of NONE and UNSET have no names of extras. Never NULL. */
const struct provisioning_preset_facts *provisioning_preset_facts(enum provisioning_preset preset)
    __attribute__((returns_nonnull));

/* "NONE", "WPA", "WEP", "EAP" as the platform spells it; NULL for UNSET. */
const char *provisioning_wifi_security_name(enum provisioning_wifi_security security);

/* Sets one member from text, as configuration files and flags have it: "preset", "componentName",
 * "downloadLocation", "signatureChecksum", "packageChecksum", "tokenKey", "adminExtras",
 * "serverUrl", "serverPin", "leaveAllSystemAppsEnabled", "skipEncryption", "locale", "timeZone",
 * "wifiSsid", "wifiSecurityType", "wifiPassword", "wifiHidden", "wifiProxyHost", "wifiProxyPort",
 * "wifiProxyBypass", "wifiPacUrl". Texts are borrowed, not copied, and checked later; presets and
 * security types match in either case, booleans are "true" or "false". An empty value sets a text
 * to nothing and unsets any other member. ERROR_INVALID for an unknown name or a value that the
 * member cannot take; the target is the member's name. */
struct error provisioning_settings_set(struct provisioning_settings *settings, struct slice name,
                                       struct slice value) MUST_CHECK;

/* The server's settings with the profile's over them, member by member, except that some members
 * belong together and are not taken from the server when the profile changes what they hang on:
 * - another preset: component, download, checksums, token key and extras were the old DPC's;
 * - either checksum: both, as only one may be given;
 * - an SSID: the whole of the server's Wi-Fi and proxy, whose password is another network's;
 * - a proxy host or PAC address: the server's proxy.
 * The extras are one member: a profile's replace the server's. */
struct provisioning_settings
provisioning_settings_merge(const struct provisioning_settings *server,
                            const struct provisioning_settings *profile);

/* The settings as they take effect: with what the preset brings where they say nothing (its
 * checksum only when they name none), checksums and pin without their padding, which Android does
 * not need, and UNSET made plain: CUSTOM with a component name, NONE without. A text of length 0 is
 * left out of the payload. Resolving twice changes nothing. */
struct provisioning_settings
provisioning_settings_resolve(const struct provisioning_settings *settings);

/* Whether the settings name a DPC; when not, there is no payload and a QR code is null. */
bool provisioning_settings_name_controller(const struct provisioning_settings *settings);

/* Refuses what Android's setup wizard would refuse, or what would make a device fail later in setup
 * without a reason that anybody can read. Takes merged or single settings, and checks all members
 * whether or not a DPC is named. ERROR_INVALID; the target is the member's name as above, the
 * message says what is wrong and what to do, and never holds the Wi-Fi password or an extra's
 * value. */
struct error provisioning_settings_check(const struct provisioning_settings *settings) MUST_CHECK;

#endif
