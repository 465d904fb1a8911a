/* What an androidDeviceOwnerEnrollmentProfile holds beyond every enrollment profile: how devices
 * are managed, the Wi-Fi of their setup, their names. One table of members, so that reading,
 * writing, storing and auditing them are loops over it. No I/O; any thread.
 *
 * Standard: the type of that name in the reference of Microsoft Graph, and its enumerations. */
#ifndef MUSTER_DOMAIN_DEVICE_OWNER_H
#define MUSTER_DOMAIN_DEVICE_OWNER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

/* Bytes, as Wi-Fi counts them (IEEE 802.11). */
#define DEVICE_OWNER_SSID_BYTES_AT_MOST 32
#define DEVICE_OWNER_PASSWORD_BYTES_AT_MOST 64
#define DEVICE_OWNER_SCOPE_TAGS_AT_MOST 100
#define DEVICE_OWNER_SCOPE_TAG_BYTES_AT_MOST 64

/* In this order a store keeps them. */
enum device_owner_member {
    DEVICE_OWNER_ENROLLMENT_MODE,
    DEVICE_OWNER_ENROLLMENT_TOKEN_TYPE,
    DEVICE_OWNER_ROLE_SCOPE_TAG_IDS,
    DEVICE_OWNER_CONFIGURE_WIFI,
    DEVICE_OWNER_WIFI_SSID,
    DEVICE_OWNER_WIFI_PASSWORD,
    DEVICE_OWNER_WIFI_SECURITY_TYPE,
    DEVICE_OWNER_WIFI_HIDDEN,
    DEVICE_OWNER_IS_TEAMS_DEVICE_PROFILE,
    DEVICE_OWNER_DEVICE_NAME_TEMPLATE,
    DEVICE_OWNER_MEMBER_COUNT,
};

enum device_owner_kind {
    DEVICE_OWNER_TEXT,    /* may be null */
    DEVICE_OWNER_TEXTS,   /* several, with a line feed between two; none holds one itself */
    DEVICE_OWNER_BOOLEAN, /* 0 or 1 */
    DEVICE_OWNER_CHOICE,  /* the number of a member of an enumeration */
};

/* The numbers are Graph's, and stored. */
enum device_owner_mode {
    DEVICE_OWNER_MODE_DEDICATED = 0,
    DEVICE_OWNER_MODE_FULLY_MANAGED = 1,
    DEVICE_OWNER_MODE_WORK_PROFILE = 2,
    DEVICE_OWNER_MODE_AOSP_USERLESS = 3,
    DEVICE_OWNER_MODE_AOSP_USER_ASSOCIATED = 4,
};
#define DEVICE_OWNER_MODE_COUNT 5

enum device_owner_token_type {
    DEVICE_OWNER_TOKEN_DEFAULT = 0,
    DEVICE_OWNER_TOKEN_SHARED_MODE = 1,
    DEVICE_OWNER_TOKEN_STAGING = 2,
};
#define DEVICE_OWNER_TOKEN_TYPE_COUNT 3

enum device_owner_wifi_security {
    DEVICE_OWNER_WIFI_NONE = 0,
    DEVICE_OWNER_WIFI_WPA = 1,
    DEVICE_OWNER_WIFI_WEP = 2,
};
#define DEVICE_OWNER_WIFI_SECURITY_COUNT 3

/* Which of the two it is, the member's kind says. */
union device_owner_value {
    struct slice text; /* NULL pointer: null */
    int64_t number;
};

struct device_owner_settings {
    union device_owner_value values[DEVICE_OWNER_MEMBER_COUNT];
};

struct device_owner_changes {
    unsigned given; /* a bit for each member; the others stay as they are */
    struct device_owner_settings to;
};

/* As Graph spells the member: "enrollmentMode". */
const char *device_owner_member_name(enum device_owner_member member);
enum device_owner_kind device_owner_member_kind(enum device_owner_member member);

/* Whether the value belongs in no log, error or audit. */
bool device_owner_member_is_secret(enum device_owner_member member);

/* The members of the enumerations by number, as Graph spells them; NULL beyond the last. */
const char *device_owner_mode_name(int64_t number);
const char *device_owner_token_type_name(int64_t number);
const char *device_owner_wifi_security_name(int64_t number);

/* What {{DEVICETYPE}} stands for in names of devices of the mode. Never NULL. */
const char *device_owner_device_type(int64_t mode);

/* What a new profile has where its creator says nothing. */
struct device_owner_settings device_owner_defaults(void);

/* settings with what is given over it. Texts are borrowed. */
void device_owner_apply(struct device_owner_settings *settings,
                        const struct device_owner_changes *changes);

/* Checks each value that is given: lengths, control characters, the template. Texts must be UTF-8,
 * numbers members of their enumeration. ERROR_INVALID names the property and its limit. */
struct error device_owner_changes_check(const struct device_owner_changes *changes) MUST_CHECK;

/* Checks what must go together in settings that are complete: the type of token with the mode.
 * Wi-Fi is looked at where codes are made (service/codes.h). */
struct error device_owner_settings_check(const struct device_owner_settings *settings) MUST_CHECK;

/* A value as a text for people, such as the audit: a choice by its name, a boolean as true or
 * false, texts as they are. Must not be asked for a secret. NULL pointer for null. */
struct slice device_owner_describe(enum device_owner_member member,
                                   const struct device_owner_settings *settings);

/* Whether the member has the same value in both. */
bool device_owner_is_same(enum device_owner_member member, const struct device_owner_settings *a,
                          const struct device_owner_settings *b);

#endif
