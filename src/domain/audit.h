/* What is kept of every change and every refusal that matters: who did what to which, when.
 *
 * Plain data; written by the store in the transaction of the change itself. Never holds a token
 * value or a credential. */
#ifndef MUSTER_DOMAIN_AUDIT_H
#define MUSTER_DOMAIN_AUDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/guid.h"
#include "base/instant.h"
#include "base/slice.h"
#include "domain/profile.h"

/* The numbers are stored: append only. */
enum audit_activity {
    AUDIT_TENANT_ADDED = 1,
    AUDIT_TENANT_LICENSED = 2,
    AUDIT_TENANT_UNLICENSED = 3,
    AUDIT_PROFILE_CREATED = 4,
    AUDIT_PROFILE_UPDATED = 5,
    AUDIT_PROFILE_DELETED = 6,
    AUDIT_TOKEN_CREATED = 7,
    AUDIT_TOKEN_REVOKED = 8,
    AUDIT_DEVICE_ENROLLED = 9,
    AUDIT_DEVICE_REFUSED = 10,
    AUDIT_DEVICE_LEFT = 11,
    AUDIT_DEVICE_RETIRED = 12,
    AUDIT_DEVICE_DELETED = 13,
    AUDIT_CALL_REFUSED = 14, /* an authenticated caller asked for what they may not do */
    AUDIT_TOKEN_EXPIRING = 15,
    AUDIT_TOKEN_EXPIRED = 16,
    AUDIT_WEBHOOK_EVENT_SKIPPED = 17, /* it was given up; the target's name is the webhook's */
};

/* The numbers are stored. */
enum audit_actor_kind {
    AUDIT_ACTOR_USER = 1,        /* delegated */
    AUDIT_ACTOR_APPLICATION = 2, /* application token */
    AUDIT_ACTOR_DEVICE = 3,
    AUDIT_ACTOR_OPERATOR = 4, /* over the administration socket */
    AUDIT_ACTOR_SYSTEM = 5,   /* nobody: time went by */
};

/* Who acts and by which request; filled in before a command is submitted. The texts may be empty.
 */
struct audit_actor {
    enum audit_actor_kind kind;
    struct slice subject;     /* a principal's subject, or a device's identity */
    struct slice name;        /* a principal's name */
    struct slice application; /* a principal's application */
    struct slice address;     /* the caller's network address */
    struct guid correlation;  /* the client-request-id */
};

/* What is kept of one event. Texts may be empty. */
struct audit_record {
    int64_t row; /* the store's key; grows from event to event */
    instant at;
    enum audit_activity activity;
    bool refused;
    struct audit_actor actor;
    struct guid target; /* the profile, device or tenant; all zero: none */
    struct slice target_name;
    enum profile_set target_set; /* whose profile it is, if it is one */
    /* JSON: an array of {"displayName", "oldValue", "newValue"}, or an object whose members say
     * more of the event, such as "reason". */
    struct slice details;
};

/* What events can be filtered and ordered by. */
enum audit_field {
    AUDIT_FIELD_AT,
    AUDIT_FIELD_ACTIVITY,    /* the number of enum audit_activity */
    AUDIT_FIELD_REFUSED,     /* 0 or 1 */
    AUDIT_FIELD_CORRELATION, /* null where there is none */
    AUDIT_FIELD_COUNT,
};

/* The GUID by which Graph names an event, and back. It is of version 8 (RFC 9562 5.8): "audit" in
 * ASCII and zeros in the first 60 bits that the standard leaves to us, the row in the last 62. So
 * no index over random keys is needed; whoever asks by it must own the event all the same. row is
 * from 1 to AUDIT_ROW_LAST. Pure. */
#define AUDIT_ROW_LAST ((INT64_C(1) << 62) - 1)
struct guid audit_id_make(int64_t row);

/* False when it is not the id of any event. */
bool audit_id_read(const struct guid *id, int64_t *row) MUST_CHECK;

#endif
