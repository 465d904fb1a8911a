/* What the service needs of a store: commands that change state and queries that read it.
 *
 * The service owns this interface; src/store/ implements it, once for each engine. A command is one
 * whole use case, so that an engine can run it in one transaction, and a distributed one in one
 * round trip. Every command writes its audit event in the same transaction, but for those by which
 * followers keep their places.
 *
 * Ownership: the caller fills in a command or query, hands it over, and must not touch it or the
 * memory it points to (nor the arena) until its complete function is called with it, always on the
 * thread of the loop that it names. A failed command has changed nothing, as far as
 * ERROR_UNAVAILABLE lets anybody say so. */
#ifndef MUSTER_SERVICE_STORE_PORT_H
#define MUSTER_SERVICE_STORE_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/guid.h"
#include "base/instant.h"
#include "domain/audit.h"
#include "domain/device.h"
#include "domain/device_name.h"
#include "domain/listing.h"
#include "domain/profile.h"
#include "domain/revision.h"
#include "domain/tenant.h"
#include "domain/token.h"
#include "domain/token_notice.h"

/* What the service holds a profile to that only its whole can show, such as that its code fits a QR
 * code: called by the store, on its thread and within the transaction, with the profile as it will
 * be, before anything is written. An error refuses the command. Must not block. */
struct store_profile_rule {
    struct error (*check)(const void *context, const struct profile *profile, struct arena *arena);
    const void *context;
};

enum store_command_kind {
    STORE_TENANT_ADD,
    STORE_TENANT_SET_LICENSED,
    STORE_PROFILE_CREATE,
    STORE_PROFILE_UPDATE,
    STORE_PROFILE_DELETE,
    STORE_TOKEN_CREATE,
    STORE_TOKEN_REVOKE,
    STORE_DEVICE_ENROLL,
    STORE_DEVICE_LEAVE,
    STORE_DEVICE_RETIRE,
    STORE_DEVICE_DELETE,
    STORE_AUDIT_APPEND,
    STORE_TOKEN_NOTICE,
    STORE_FOLLOWER_OPEN,
    STORE_FOLLOWER_ADVANCE,
    STORE_FOLLOWER_SKIP,
};

/* Somebody who reads the audit from one event to the next, and whose position the store keeps. */
struct store_follower {
    const char *name;
    int64_t position; /* the row behind which it goes on */
    uint32_t parts;   /* what it is done with of the next row: bits, as it numbers them */
};

/* A revocation ends all of a profile's tokens, but looks at so many of the newest only to tell how
 * many of them were live: at least 1 if any token was. */
#define STORE_REVOKED_TOKENS_COUNTED_AT_MOST 100

/* Why a device was refused, for the audit and the metrics; the device is told none of it. */
enum enroll_refusal {
    ENROLL_ACCEPTED = 0,
    ENROLL_TOKEN_UNKNOWN,
    ENROLL_TOKEN_EXPIRED,
    ENROLL_TOKEN_REPLACED,
    ENROLL_TOKEN_REVOKED,
    ENROLL_TOKEN_USED_UP,
    ENROLL_PROFILE_DELETED,
    ENROLL_TENANT_UNLICENSED,
};

struct store_command {
    enum store_command_kind kind;
    size_t loop; /* whose thread completes it */
    void (*complete)(struct store_command *command);
    void *context;              /* the caller's */
    struct arena *arena;        /* where texts of the result are put */
    instant now;                /* of the change; a store may move it on to when it runs */
    struct audit_actor actor;   /* who changes it */
    struct guid tenant;         /* account id; of Graph commands and AUDIT_APPEND */
    struct store_command *next; /* the store's */

    /* Of a command on a profile that is there: checked together with the change. NULL: none. */
    const struct precondition *precondition;

    /* Result: ERROR_NONE, or
     *   ERROR_FORBIDDEN    the tenant is unknown or has no active licence (Graph commands only;
     *                      tenant commands work on any tenant)
     *   ERROR_NOT_FOUND    no such profile, device, tenant or follower, or it belongs to another
     *                      tenant
     *   ERROR_INVALID      the profile's rule refused it; what the rule said
     *   ERROR_CONFLICT     TENANT_ADD of an account id that is there already
     *   ERROR_PRECONDITION_FAILED  the precondition does not hold for the profile as it is
     *   ERROR_UNAVAILABLE  the change could not be made durable (disk full, I/O error). Nothing of
     *                      it is seen; only if a sync failed and the machine stops before the store
     *                      has overwritten what it wrote may all of it be there afterwards
     *   ERROR_INTERNAL     the engine failed at this command alone; nothing of it is kept */
    struct error error;

    union {
        struct {
            struct slice name;
            bool licensed;
            struct tenant result; /* in the arena */
        } tenant_add;
        struct {
            bool licensed;
        } tenant_set_licensed;
        struct {
            enum profile_set set;
            struct guid id; /* of the new profile */
            struct profile_changes changes;
            struct store_profile_rule rule; /* check may be NULL */
            struct profile result;
        } profile_create;
        struct {
            enum profile_set set;
            struct guid id;
            struct profile_changes changes;
            struct store_profile_rule rule; /* check may be NULL */
            struct profile result;          /* as it is after the change */
        } profile_update;
        struct {
            enum profile_set set;
            struct guid id;
        } profile_delete;
        struct {
            enum profile_set set;
            struct guid profile_id;
            uint8_t nonce[TOKEN_NONCE_SIZE];
            int32_t validity_seconds;
            int64_t max_enrollments; /* 0: no limit */
            int32_t overlap_seconds; /* how long the replaced one stays live; 0: not at all */
            bool wants_result;       /* fill in result, too */
            struct profile result;   /* as it is after the change */
        } token_create;
        struct {
            enum profile_set set;
            struct guid profile_id;
        } token_revoke; /* ends every live token of the profile; succeeds when there is none */
        struct {
            int64_t token_id;
            uint8_t token_nonce[TOKEN_NONCE_SIZE];
            struct guid device_id; /* given to the device if it is new */
            uint8_t credential_nonce[DEVICE_CREDENTIAL_NONCE_SIZE];
            struct device_description description;
            uint64_t name_random[DEVICE_NAME_RANDOM_COUNT]; /* for the profile's template */
            /* error is ERROR_NONE for a refusal, too: the refusal is an outcome, kept in the
             * audit. */
            enum enroll_refusal refusal;
            bool is_new;          /* was not known to the tenant before */
            struct device result; /* only when accepted */
        } device_enroll;
        struct {
            int64_t device_row;
            uint8_t credential_nonce[DEVICE_CREDENTIAL_NONCE_SIZE];
        } device_leave; /* ERROR_UNAUTHENTICATED when the credential is not live */
        struct {
            struct guid id;
        } device_retire; /* succeeds again on a device that is not enrolled any more */
        struct {
            struct guid id;
        } device_delete;
        struct {
            enum audit_activity activity;
            struct slice operation; /* what was asked; may be empty */
            struct slice reason;    /* a constant, or a text without secrets */
            int64_t unrecorded; /* how many more of the kind went by without an event; 0: none */
        } audit_append;
        struct {
            struct token_notice *notices; /* result: what was given, in this order */
            size_t count;
        } token_notice; /* writes an event of nobody's for each that is due and not given yet */
        struct {
            struct store_follower *followers; /* result: their positions */
            size_t count;
        } follower_open; /* a new one begins at the present; those not named are forgotten */
        struct store_follower follower_advance; /* never goes back; an unknown one stays so */
        struct {
            struct store_follower place; /* behind what is given up; ERROR_NOT_FOUND: no such one */
            struct guid event;           /* what is given up: its id and type as the follower has
                                            them, when it happened */
            const char *type;
            instant at;
            struct slice reason; /* why it could not be passed on */
        } follower_skip;         /* of command's tenant; all zero: nobody's */
    };
};

enum store_query_kind {
    STORE_TENANT_GET,
    STORE_TENANT_LIST,
    STORE_PROFILE_GET,
    STORE_PROFILE_LIST,
    STORE_DEVICE_GET,
    STORE_DEVICE_GET_BY_CREDENTIAL,
    STORE_DEVICE_LIST,
    STORE_AUDIT_GET,
    STORE_AUDIT_LIST,
    STORE_AUDIT_FOLLOW,
    STORE_TOKEN_LIST_NEW,
    STORE_TOKEN_LIST_CURRENT,
};

/* Rows that one STORE_AUDIT_FOLLOW or STORE_TOKEN_LIST_* looks at, at most, so that none of them
 * holds up a checkpoint. */
#define STORE_ROWS_FOLLOWED_AT_MOST 10000

/* An event of any tenant. */
struct store_event {
    struct audit_record record;
    struct guid tenant; /* account id; all zero: nobody's */
};

/* Rows that one STORE_AUDIT_LIST without an order looks at, at most: there need not be an index by
 * tenant, which would cost every change, so a query walks back over all tenants' events. */
#define STORE_AUDIT_ROWS_VISITED_AT_MOST 20000

struct store_query {
    enum store_query_kind kind;
    size_t loop;
    void (*complete)(
        struct store_query *query); /* may be called before the store's query returns */
    void *context;
    struct arena *arena; /* where results are put */
    struct guid tenant;  /* account id; only rows of this tenant are seen. All zero: in AUDIT_LIST
                            without an order or a count, the events that are no tenant's. FOLLOW and
                            TOKEN_LIST_* see all */
    struct store_query *next;

    struct error error; /* ERROR_NONE, ERROR_NOT_FOUND, ERROR_UNAUTHENTICATED (credential),
                           ERROR_INVALID (a listing that costs too much), ERROR_UNAVAILABLE */
    union {
        struct {
            struct tenant result;
        } tenant_get;
        struct {
            struct tenant *results;
            size_t count;
        } tenant_list; /* all, in the order in which they were added */
        struct {
            enum profile_set set;
            struct guid id;
            struct profile result;
        } profile_get;
        struct {
            enum profile_set set;
            const struct listing *listing; /* fields are of enum profile_field */
            struct profile *results;
            size_t count;
            struct listing_end end;
        } profile_list;
        struct {
            struct guid id;
            struct device result;
        } device_get;
        struct {
            int64_t device_row;
            uint8_t credential_nonce[DEVICE_CREDENTIAL_NONCE_SIZE];
            struct device result;
        } device_get_by_credential;
        struct {
            const struct listing *listing; /* fields are of enum device_field */
            struct device *results;
            size_t count;
            struct listing_end end;
        } device_list;
        struct {
            int64_t row;
            struct audit_record result;
        } audit_get;
        struct {
            const struct listing *listing; /* fields are of enum audit_field */
            struct audit_record *results;
            size_t count; /* may be 0 although there are more further back */
            struct listing_end end;
        } audit_list;
        struct {
            int64_t after;       /* a row, which need not be there any more */
            uint64_t activities; /* bit a: events of activity a are wanted */
            size_t limit;
            struct store_event *results; /* in the order in which they happened */
            size_t count;
            int64_t through; /* nothing that is wanted lies behind after, up to and with this row,
                                but the results */
            int64_t newest;  /* row; 0: there is none */
            int64_t missed;  /* rows behind after that are deleted by now */
        } audit_follow;
        struct {
            int64_t after; /* a token's id */
            instant until;
            int64_t warning_seconds;
            struct token_timing *results; /* of those made since of which something becomes before
                                             until */
            size_t count;
            int64_t through; /* as above */
            int64_t newest;
        } token_list_new;
        struct {
            int64_t after; /* a profile's row */
            instant until;
            int64_t warning_seconds;
            struct token_timing *results; /* of current tokens which have not ended, and of which
                                             something is to be told before until */
            size_t count;
            size_t warned;   /* profiles from after to through whose current token was told to be
                                about to expire, and has not been told to have expired */
            int64_t through; /* as above */
            int64_t newest;
        } token_list_current;
    };
};

/* How a store hands completed commands back: called on the store's thread, once for each loop that
 * has any in a batch, with a list linked by next. The implementation wakes the loop, which calls
 * complete for each, in order. */
struct store_completions {
    void (*deliver)(struct store_completions *completions, size_t loop,
                    struct store_command *first);
};

struct store {
    /* Queues a command. Any thread; does not block. */
    void (*submit)(struct store *store, struct store_command *command);

    /* Runs a query. Called on the thread of query->loop; must not block on other queries. */
    void (*query)(struct store *store, struct store_query *query);

    /* Whether changes can be made durable at present; false says why. Any thread. */
    bool (*is_ready)(struct store *store, struct error *reason);

    /* Finishes all that was queued, delivers it and gives everything back. No loop may submit any
     * more. */
    void (*close)(struct store *store);
};

#endif
