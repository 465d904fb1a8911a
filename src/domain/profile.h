/* The enrollment profile: what devices join by, and the rules for what it may hold. No I/O. */
#ifndef MUSTER_DOMAIN_PROFILE_H
#define MUSTER_DOMAIN_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/guid.h"
#include "base/instant.h"
#include "base/slice.h"
#include "domain/device_owner.h"
#include "domain/token.h"

/* Counted in Unicode code points. */
#define PROFILE_DISPLAY_NAME_AT_MOST 200
#define PROFILE_DESCRIPTION_AT_MOST 1500

/* The entity set in which a profile was created, and the only one that shows it. The numbers are
 * stored. */
enum profile_set {
    PROFILE_SET_ANDROID_FOR_WORK = 1,
    PROFILE_SET_ANDROID_DEVICE_OWNER = 2,
};

struct profile {
    int64_t row; /* the store's key, never used again after a delete */
    struct guid id;
    struct guid account_id; /* its tenant */
    enum profile_set set;
    struct slice display_name;
    struct slice description; /* NULL pointer: null */
    /* Provisioning settings over the server's, as JSON text; NULL pointer: none. May hold a Wi-Fi
     * password: shown only through provisioning_settings_show_json(). */
    struct slice provisioning;
    instant created;
    instant last_modified;
    int64_t enrolled_device_count;
    struct token token; /* the current one; id 0: there never was one */
    /* Only of PROFILE_SET_ANDROID_DEVICE_OWNER. Holds a Wi-Fi password. */
    struct device_owner_settings owner;
};

/* What profiles can be filtered and ordered by. */
enum profile_field {
    PROFILE_FIELD_ACCOUNT_ID,
    PROFILE_FIELD_ID,
    PROFILE_FIELD_DISPLAY_NAME,
    PROFILE_FIELD_DESCRIPTION,
    PROFILE_FIELD_CREATED,
    PROFILE_FIELD_LAST_MODIFIED,
    PROFILE_FIELD_TOKEN_EXPIRATION, /* the current token's effective expiry; INSTANT_NEVER without
                                     */
    PROFILE_FIELD_ENROLLED_DEVICE_COUNT,
    PROFILE_FIELD_TOKEN_CREATED,     /* the current token's; INSTANT_NEVER without one */
    PROFILE_FIELD_TOKEN_ENROLLMENTS, /* devices that redeemed the current token */
    /* Of PROFILE_SET_ANDROID_DEVICE_OWNER. */
    PROFILE_FIELD_ENROLLMENT_MODE,
    PROFILE_FIELD_ENROLLMENT_TOKEN_TYPE,
    PROFILE_FIELD_CONFIGURE_WIFI,
    PROFILE_FIELD_WIFI_SSID,
    PROFILE_FIELD_WIFI_SECURITY_TYPE,
    PROFILE_FIELD_WIFI_HIDDEN,
    PROFILE_FIELD_IS_TEAMS_DEVICE_PROFILE,
    PROFILE_FIELD_COUNT,
};

/* What a client may write; a member without its flag is left as it is. */
struct profile_changes {
    bool has_display_name;
    struct slice display_name;
    bool has_description;
    struct slice description; /* NULL pointer: null */
    bool has_provisioning;
    struct slice provisioning;         /* NULL pointer: none any more */
    struct device_owner_changes owner; /* for PROFILE_SET_ANDROID_DEVICE_OWNER */
};

/* Checks every member that is present, and on creation that a display name is. The error names the
 * property, the limit and what was given. Texts must be valid UTF-8. */
struct error profile_changes_check(const struct profile_changes *changes, bool creating) MUST_CHECK;

/* A profile of the set before its creator has said anything: no texts, and the defaults. */
struct profile profile_make(enum profile_set set);

/* Puts what the changes say into the profile. Texts are borrowed. */
void profile_apply_changes(struct profile *profile, const struct profile_changes *changes);

#endif
