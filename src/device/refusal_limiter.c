#include "device/refusal_limiter.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define WAYS 8
#define SETS (REFUSAL_LIMITER_ADDRESSES / WAYS)
#define MINUTE (60 * INSTANT_TICKS_PER_SECOND)
/* What an address may owe at most: its allowance, and once more as much. */
#define DEBT_AT_MOST (2 * MINUTE)
#define NETWORK_SIZE 8

/* The part of an address that stands for one guest. */
struct network {
    uint8_t family; /* 4 or 6; 0: the entry is free */
    uint8_t bytes[NETWORK_SIZE];
};

struct entry {
    struct network network;
    instant paid_at; /* when all refusals are won back */
};

struct refusal_limiter {
    pthread_mutex_t mutex; /* over all below but the first two */
    instant interval;      /* in which one refusal is won back; 0: no limit */
    uint64_t seed;         /* so that nobody can choose addresses that fall into one set */
    struct refusal_limiter_counts counts;
    struct entry entries[SETS][WAYS];
};

struct refusal_limiter *refusal_limiter_open(int per_minute, const struct random_source *random) {
    struct refusal_limiter *limiter = memory_allocate_zeroed(1, sizeof *limiter);
    limiter->interval = per_minute == 0 ? 0 : MINUTE / per_minute;
    random_fill(random, &limiter->seed, sizeof limiter->seed);
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

/* The last step of SplitMix64: every bit of the input moves every bit of the result. */
static uint64_t mix(uint64_t value) {
    value = (value ^ value >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ value >> 27) * UINT64_C(0x94D049BB133111EB);
    return value ^ value >> 31;
}

static struct entry *find_set(struct refusal_limiter *limiter, const struct network *network) {
    uint64_t number = 0;
    memcpy(&number, network->bytes, sizeof number);
    return limiter->entries[mix(mix(number ^ limiter->seed) + network->family) % SETS];
}

static struct entry *find(struct refusal_limiter *limiter, const struct network *network) {
    struct entry *set = find_set(limiter, network);
    for (size_t i = 0; i < WAYS; i++) {
        if (memcmp(&set[i].network, network, sizeof *network) == 0)
            return &set[i];
    }
    return NULL;
}

static struct entry *find_or_make(struct refusal_limiter *limiter, const struct network *network) {
    struct entry *found = find(limiter, network);
    if (found != NULL)
        return found;
    struct entry *set = find_set(limiter, network);
    struct entry *least = set;
    for (size_t i = 1; i < WAYS; i++) {
        if (set[i].paid_at < least->paid_at)
            least = &set[i];
    }
    *least = (struct entry){.network = *network};
    return least;
}

/* What the entry still owes. A clock that was set back must not make it owe for as long. */
static instant owed(const struct entry *entry, instant now) {
    instant debt = entry->paid_at - now;
    if (debt < 0)
        return 0;
    return debt > DEBT_AT_MOST ? DEBT_AT_MOST : debt;
}

int refusal_limiter_wait(struct refusal_limiter *limiter, struct slice address, instant now) {
    struct network network;
    if (limiter->interval == 0 || !read_network(address, &network))
        return 0;
    instant wait = 0;
    (void)pthread_mutex_lock(&limiter->mutex);
    const struct entry *entry = find(limiter, &network);
    if (entry != NULL)
        wait = owed(entry, now) - (MINUTE - limiter->interval);
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
    if (is_limited) {
        struct entry *entry = find_or_make(limiter, &network);
        instant debt = owed(entry, now) + limiter->interval;
        entry->paid_at = now + (debt > DEBT_AT_MOST ? DEBT_AT_MOST : debt);
    }
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
    (void)pthread_mutex_destroy(&limiter->mutex);
    free(limiter);
}
