#include "device/refusal_limiter.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/debt_table.h"
#include "base/memory.h"
#include "base/network.h"

#define MINUTE (60 * INSTANT_TICKS_PER_SECOND)
/* What an address may owe at most: its allowance, and once more as much. */
#define DEBT_AT_MOST (2 * MINUTE)
/* An IPv6 address stands for its network of so many bytes. */
#define GUEST_BYTES 8

struct refusal_limiter {
    instant interval;      /* in which one refusal is won back; 0: no limit */
    pthread_mutex_t mutex; /* over what follows */
    struct refusal_limiter_counts counts;
    struct debt_table *debts; /* by guest */
};

struct refusal_limiter *refusal_limiter_open(int per_minute, const struct random_source *random) {
    struct refusal_limiter *limiter = memory_allocate_zeroed(1, sizeof *limiter);
    limiter->interval = per_minute == 0 ? 0 : MINUTE / per_minute;
    limiter->debts = debt_table_open(REFUSAL_LIMITER_ADDRESSES, sizeof(struct network_address),
                                     DEBT_AT_MOST, random);
    (void)pthread_mutex_init(&limiter->mutex, NULL);
    return limiter;
}

/* The part of an address that stands for one guest. */
static bool read_guest(struct slice address, struct network_address *guest) {
    if (!network_address_parse(address, guest))
        return false;
    if (memchr(address.data, ':', address.length) != NULL)
        memset(guest->bytes + GUEST_BYTES, 0, sizeof guest->bytes - GUEST_BYTES);
    return true;
}

int refusal_limiter_wait(struct refusal_limiter *limiter, struct slice address, instant now) {
    struct network_address guest;
    if (limiter->interval == 0 || !read_guest(address, &guest))
        return 0;
    (void)pthread_mutex_lock(&limiter->mutex);
    instant wait = debt_table_owed(limiter->debts, &guest, now) - (MINUTE - limiter->interval);
    if (wait > 0)
        limiter->counts.slowed++;
    (void)pthread_mutex_unlock(&limiter->mutex);
    if (wait <= 0)
        return 0;
    return (int)((wait + INSTANT_TICKS_PER_SECOND - 1) / INSTANT_TICKS_PER_SECOND);
}

void refusal_limiter_note(struct refusal_limiter *limiter, struct slice address, instant now) {
    struct network_address guest;
    bool is_limited = limiter->interval != 0 && read_guest(address, &guest);
    (void)pthread_mutex_lock(&limiter->mutex);
    limiter->counts.refused++;
    if (is_limited)
        debt_table_add(limiter->debts, &guest, limiter->interval, now);
    (void)pthread_mutex_unlock(&limiter->mutex);
}

struct refusal_limiter_counts refusal_limiter_count(struct refusal_limiter *limiter) {
    (void)pthread_mutex_lock(&limiter->mutex);
    struct refusal_limiter_counts counts = limiter->counts;
    (void)pthread_mutex_unlock(&limiter->mutex);
    return counts;
}

void refusal_limiter_close(struct refusal_limiter *limiter) {
    if (limiter == NULL)
        return;
    debt_table_close(limiter->debts);
    (void)pthread_mutex_destroy(&limiter->mutex);
    free(limiter);
}
