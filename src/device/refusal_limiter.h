/* Slows down who guesses at enrollment tokens or device credentials: counts refusals by network
 * address, and says how long an address that had too many of them must wait.
 *
 * An address may collect a minute's allowance of refusals at once and wins back one after the other
 * (a token bucket; here in the form of GCRA, which keeps one instant for each address). Answers
 * that are under way together are counted when they are refused, so that a crowd of honest devices
 * behind one address is never slowed; what they exceed the allowance by is owed, up to another
 * minute. An IPv6 address stands for its /64, which is what one household or machine is given.
 *
 * Memory is bounded: REFUSAL_LIMITER_ADDRESSES are remembered, in small sets; where a set is full
 * the address that waits least is forgotten. All functions: any thread. */
#ifndef MUSTER_DEVICE_REFUSAL_LIMITER_H
#define MUSTER_DEVICE_REFUSAL_LIMITER_H

#include <stdint.h>

#include "base/instant.h"
#include "base/random.h"
#include "base/slice.h"

#define REFUSAL_LIMITER_ADDRESSES 8192

struct refusal_limiter;

struct refusal_limiter_counts {
    uint64_t refused;
    uint64_t slowed;
};

/* per_minute is the allowance of one address; 0: nobody is slowed, refusals are only counted. Ends
 * with refusal_limiter_close. */
struct refusal_limiter *refusal_limiter_open(int per_minute, const struct random_source *random)
    __attribute__((returns_nonnull));

/* How many seconds the address has to wait, rounded up; 0: go ahead. A wait is counted as slowed.
 * address is an IPv4 or IPv6 address in text; what is neither is never slowed, because those who
 * share it cannot be told apart. */
int refusal_limiter_wait(struct refusal_limiter *limiter, struct slice address, instant now);

/* The address was refused. */
void refusal_limiter_note(struct refusal_limiter *limiter, struct slice address, instant now);

struct refusal_limiter_counts refusal_limiter_count(struct refusal_limiter *limiter);

void refusal_limiter_close(struct refusal_limiter *limiter);

#endif
