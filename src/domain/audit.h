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
};

/* The numbers are stored. */
enum audit_actor_kind {
    AUDIT_ACTOR_USER = 1,        /* delegated */
    AUDIT_ACTOR_APPLICATION = 2, /* application token */
    AUDIT_ACTOR_DEVICE = 3,
    AUDIT_ACTOR_OPERATOR = 4, /* over the administration socket */
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

#endif
