/* Throttling as Intune does it: how many calls a tenant, and one application in a tenant, may make
 * in a span of time, with a smaller number of them being changes.
 *
 * Each limit is a token bucket (base/debt_table.h): as many calls at once, won back steadily over
 * the span. A call that any limit refuses uses nothing of the others, so waiting as long as the
 * answer says is enough.
 *
 * The limits hold exactly over all loops: what is used up is shared. It lies in stripes by tenant,
 * each with its lock, so that a call holds one lock for well under a microsecond, and two tenants
 * rarely the same one. Shares for each loop would need no lock, but a client's connection stays
 * with its loop: it would be throttled at a share of what it may have. Memory is bounded; where a
 * stripe is full, who has used least is forgotten. All functions: any thread. */
#ifndef MUSTER_GRAPH_THROTTLE_H
#define MUSTER_GRAPH_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/instant.h"
#include "base/random.h"
#include "domain/principal.h"

/* Pairs of a limit and whom it holds for that are remembered, at most. */
#define THROTTLE_KEYS 8192

/* Calls in the span; 0: no limit. */
struct throttle_limits {
    int span_seconds; /* at least 1 */
    int calls_per_tenant;
    int calls_per_application; /* in one tenant */
    int changes_per_tenant;
    int changes_per_application; /* in one tenant */
};

/* Which limit was reached. */
struct throttle_refusal {
    int wait_seconds; /* until one more call is free; at least 1 */
    bool of_tenant;   /* for all its applications together */
    bool of_changes;
    int limit;
};

struct throttle;

/* Ends with throttle_close. */
struct throttle *throttle_open(const struct throttle_limits *limits,
                               const struct random_source *random) __attribute__((returns_nonnull));

/* Whether the call may go on; false says why not. The application is the client id of the bearer
 * token; the tokens of a tenant that name none count as one. */
bool throttle_take(struct throttle *throttle, const struct principal *principal, bool is_change,
                   instant now, struct throttle_refusal *refusal);

/* How many calls were refused. */
uint64_t throttle_count(struct throttle *throttle);

void throttle_close(struct throttle *throttle);

#endif
