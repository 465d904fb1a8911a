/* A device: who redeemed a token, and what it said of itself. No I/O. */
#ifndef MUSTER_DOMAIN_DEVICE_H
#define MUSTER_DOMAIN_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/guid.h"
#include "base/instant.h"
#include "base/slice.h"

#define DEVICE_TEXT_BYTES_AT_MOST 128
#define DEVICE_CREDENTIAL_NONCE_SIZE 8

/* The numbers are stored. */
enum device_state {
    DEVICE_ENROLLED = 1,
    DEVICE_RETIRED = 2, /* by an administrator */
    DEVICE_LEFT = 3,    /* by itself */
};

/* What a device says of itself; a NULL pointer where it said nothing. */
struct device_description {
    struct slice serial_number;
    struct slice imei;
    struct slice android_id;
    struct slice manufacturer;
    struct slice model;
    struct slice os_version;
};

struct device {
    int64_t row; /* the store's key, never used again */
    struct guid id;
    struct guid account_id; /* its tenant */
    struct device_description description;
    struct slice name; /* by its profile's template; else what identifies it */
    enum device_state state;
    struct guid profile_id;    /* through which it enrolled last */
    struct slice profile_name; /* the profile's name now, or when it enrolled if it was deleted */
    instant enrolled;          /* the first time */
    instant last_sync;         /* when it last enrolled */
};

/* What devices can be filtered and ordered by. */
enum device_field {
    DEVICE_FIELD_ID,
    DEVICE_FIELD_NAME,
    DEVICE_FIELD_OWNER_TYPE,
    DEVICE_FIELD_ENROLLED,
    DEVICE_FIELD_LAST_SYNC,
    DEVICE_FIELD_OPERATING_SYSTEM,
    DEVICE_FIELD_OS_VERSION,
    DEVICE_FIELD_ENROLLMENT_TYPE,
    DEVICE_FIELD_REGISTRATION_STATE, /* DEVICE_REGISTRATION_… */
    DEVICE_FIELD_MANAGEMENT_STATE,   /* DEVICE_MANAGEMENT_… */
    DEVICE_FIELD_MODEL,
    DEVICE_FIELD_MANUFACTURER,
    DEVICE_FIELD_IMEI,
    DEVICE_FIELD_SERIAL_NUMBER,
    DEVICE_FIELD_PROFILE_NAME,
    DEVICE_FIELD_COUNT,
};

/* The kinds of identity, in the order in which they are preferred. The letters are stored. */
enum device_identity_kind {
    DEVICE_IDENTITY_SERIAL_NUMBER = 'S',
    DEVICE_IDENTITY_IMEI = 'I',
    DEVICE_IDENTITY_ANDROID_ID = 'A',
};

struct device_identity {
    enum device_identity_kind kind;
    struct slice value;
};

/* Checks lengths (1 to DEVICE_TEXT_BYTES_AT_MOST bytes) and that there is an identifier; the error
 * names the member. */
struct error device_description_check(const struct device_description *description) MUST_CHECK;

/* What identifies the device within its tenant: the serial number, else the IMEI, else the Android
 * id. The description must have passed its check. */
struct device_identity device_identify(const struct device_description *description);

/* What Graph calls the same for every device here: its owner, its system, how it was enrolled. */
#define DEVICE_OWNER_TYPE "company"
#define DEVICE_OPERATING_SYSTEM "Android"
#define DEVICE_ENROLLMENT_TYPE "androidEnterpriseDedicatedDevice"

/* Graph's names for a state: deviceRegistrationState and managementState. Filters use them, too. */
#define DEVICE_REGISTRATION_ENROLLED "registered"
#define DEVICE_REGISTRATION_ENDED "revoked"
#define DEVICE_MANAGEMENT_ENROLLED "managed"
#define DEVICE_MANAGEMENT_ENDED "retirePending"

#endif
