#include "device/refusal_limiter.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/debt_table.h"
#include "base/memory.h"

#define MINUTE (60 * INSTANT_TICKS_PER_SECOND)
/* What an address may owe at most: its allowance, and once more as much. */
#define DEBT_AT_MOST (2 * MINUTE)
#define NETWORK_SIZE 8

/* The part of an address that stands for one guest. */
struct network {
    uint8_t family; /* 4 or 6 */
    uint8_t bytes[NETWORK_SIZE];
};

struct refusal_limiter {
    instant interval;      /* in which one refusal is won back; 0: no limit */
    pthread_mutex_t mutex; /* over what follows */
    struct refusal_limiter_counts counts;
    struct debt_table *debts; /* by network */
};

struct refusal_limiter *refusal_limiter_open(int per_minute, const struct random_source *random) {
    struct refusal_limiter *limiter = memory_allocate_zeroed(1, sizeof *limiter);
    limiter->interval = per_minute == 0 ? 0 : MINUTE / per_minute;
    limiter->debts =
        debt_table_open(REFUSAL_LIMITER_ADDRESSES, sizeof(struct network), DEBT_AT_MOST, random);
    (void)pthread_mutex_init(&limiter->mutex, NULL);
    return limiter;
}

static bool read_network(struct slice address, struct network *network) {
    char text[INET6_ADDRSTRLEN];
    uint8_t bytes[sizeof(struct in6_addr)] = {0};
    *network = (struct network){0};
    if (address.length == 0 || address.length >= sizeof text)
        return false;
    memcpy(text, address.data, address.length);
    text[address.length] = '\0';
    if (inet_pton(AF_INET, text, bytes) == 1)
        network->family = 4;
    else if (inet_pton(AF_INET6, text, bytes) == 1)
        network->family = 6;
    memcpy(network->bytes, bytes, sizeof network->bytes);
    return network->family != 0;
}

int refusal_limiter_wait(struct refusal_limiter *limiter, struct slice address, instant now) {
    struct network network;
    if (limiter->interval == 0 || !read_network(address, &network))
        return 0;
    (void)pthread_mutex_lock(&limiter->mutex);
    instant wait = debt_table_owed(limiter->debts, &network, now) - (MINUTE - limiter->interval);
    if (wait > 0)
        limiter->counts.slowed++;
    (void)pthread_mutex_unlock(&limiter->mutex);
    if (wait <= 0)
        return 0;
    return (int)((wait + INSTANT_TICKS_PER_SECOND - 1) / INSTANT_TICKS_PER_SECOND);
}

void refusal_limiter_note(struct refusal_limiter *limiter, struct slice address, instant now) {
    struct network network;
    bool is_limited = limiter->interval != 0 && read_network(address, &network);
    (void)pthread_mutex_lock(&limiter->mutex);
    limiter->counts.refused++;
    if (is_limited)
        debt_table_add(limiter->debts, &network, limiter->interval, now);
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
