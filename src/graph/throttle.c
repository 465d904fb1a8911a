#include "graph/throttle.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/debt_table.h"
#include "base/memory.h"

#define STRIPES 16

/* In the order in which they are reported: the widest first. */
enum limit_kind {
    LIMIT_TENANT_CALLS,
    LIMIT_APPLICATION_CALLS,
    LIMIT_TENANT_CHANGES,
    LIMIT_APPLICATION_CHANGES,
    LIMIT_COUNT,
};

struct key {
    uint8_t kind;
    uint8_t tenant[sizeof(struct guid)];
    char application[PRINCIPAL_TEXT_SIZE]; /* filled up with NUL bytes; none with a tenant's */
};

struct limit {
    int calls;        /* 0: none */
    instant interval; /* in which one call is won back */
};

struct stripe {
    _Alignas(64) pthread_mutex_t mutex; /* over the rest */
    struct debt_table *used;
    uint64_t refused;
};

struct throttle {
    struct limit limits[LIMIT_COUNT];
    int span_seconds;
    instant span;
    struct stripe stripes[STRIPES];
};

static bool is_of_tenant(enum limit_kind kind) {
    return kind == LIMIT_TENANT_CALLS || kind == LIMIT_TENANT_CHANGES;
}

static bool is_of_changes(enum limit_kind kind) {
    return kind >= LIMIT_TENANT_CHANGES;
}

struct throttle *throttle_open(const struct throttle_limits *limits,
                               const struct random_source *random) {
    const int calls[LIMIT_COUNT] = {
        [LIMIT_TENANT_CALLS] = limits->calls_per_tenant,
        [LIMIT_APPLICATION_CALLS] = limits->calls_per_application,
        [LIMIT_TENANT_CHANGES] = limits->changes_per_tenant,
        [LIMIT_APPLICATION_CHANGES] = limits->changes_per_application,
    };
    struct throttle *throttle = aligned_alloc(_Alignof(struct throttle), sizeof *throttle);
    if (throttle == NULL)
        abort();
    memset(throttle, 0, sizeof *throttle);
    throttle->span_seconds = limits->span_seconds;
    throttle->span = limits->span_seconds * INSTANT_TICKS_PER_SECOND;
    for (size_t i = 0; i < LIMIT_COUNT; i++) {
        throttle->limits[i].calls = calls[i];
        throttle->limits[i].interval = calls[i] == 0 ? 0 : throttle->span / calls[i];
    }
    for (size_t i = 0; i < STRIPES; i++) {
        (void)pthread_mutex_init(&throttle->stripes[i].mutex, NULL);
        throttle->stripes[i].used =
            debt_table_open(THROTTLE_KEYS / STRIPES, sizeof(struct key), throttle->span, random);
    }
    return throttle;
}

/* GUIDs of tenants are random: any byte of theirs parts them evenly. */
static struct stripe *find_stripe(struct throttle *throttle, const struct guid *tenant) {
    return &throttle->stripes[tenant->bytes[sizeof tenant->bytes - 1] % STRIPES];
}

static struct key make_key(enum limit_kind kind, const struct principal *principal) {
    struct key key = {.kind = (uint8_t)kind};
    memcpy(key.tenant, principal->tenant.bytes, sizeof key.tenant);
    if (!is_of_tenant(kind))
        memcpy(key.application, principal->application,
               strnlen(principal->application, sizeof key.application));
    return key;
}

/* Looks at all limits before any is used. Returns how long to wait, and for which. */
static instant find_wait(const struct throttle *throttle, const struct stripe *stripe,
                         const struct key keys[static LIMIT_COUNT], bool is_change, instant now,
                         enum limit_kind *reached) {
    instant longest = 0;
    for (enum limit_kind i = 0; i < LIMIT_COUNT; i++) {
        const struct limit *limit = &throttle->limits[i];
        if (limit->calls == 0 || (is_of_changes(i) && !is_change))
            continue;
        instant wait =
            debt_table_owed(stripe->used, &keys[i], now) - (throttle->span - limit->interval);
        if (wait > longest) {
            longest = wait;
            *reached = i;
        }
    }
    return longest;
}

bool throttle_take(struct throttle *throttle, const struct principal *principal, bool is_change,
                   instant now, struct throttle_refusal *refusal) {
    struct stripe *stripe = find_stripe(throttle, &principal->tenant);
    enum limit_kind reached = LIMIT_TENANT_CALLS;
    struct key keys[LIMIT_COUNT];
    for (enum limit_kind i = 0; i < LIMIT_COUNT; i++)
        keys[i] = make_key(i, principal);
    (void)pthread_mutex_lock(&stripe->mutex);
    instant wait = find_wait(throttle, stripe, keys, is_change, now, &reached);
    for (enum limit_kind i = 0; i < LIMIT_COUNT && wait == 0; i++) {
        if (throttle->limits[i].calls > 0 && (is_change || !is_of_changes(i)))
            debt_table_add(stripe->used, &keys[i], throttle->limits[i].interval, now);
    }
    if (wait > 0)
        stripe->refused++;
    (void)pthread_mutex_unlock(&stripe->mutex);
    if (wait == 0)
        return true;
    *refusal = (struct throttle_refusal){
        .wait_seconds = (int)((wait + INSTANT_TICKS_PER_SECOND - 1) / INSTANT_TICKS_PER_SECOND),
        .of_tenant = is_of_tenant(reached),
        .of_changes = is_of_changes(reached),
        .limit = throttle->limits[reached].calls,
    };
    return false;
}

uint64_t throttle_count(struct throttle *throttle) {
    uint64_t refused = 0;
    for (size_t i = 0; i < STRIPES; i++) {
        (void)pthread_mutex_lock(&throttle->stripes[i].mutex);
        refused += throttle->stripes[i].refused;
        (void)pthread_mutex_unlock(&throttle->stripes[i].mutex);
    }
    return refused;
}

void throttle_close(struct throttle *throttle) {
    if (throttle == NULL)
        return;
    for (size_t i = 0; i < STRIPES; i++) {
        debt_table_close(throttle->stripes[i].used);
        (void)pthread_mutex_destroy(&throttle->stripes[i].mutex);
    }
    free(throttle);
}
