/* One issuer's current keys, and what else discovery says of it, handed from the keys thread to the
 * loops.
 *
 * A generation counts the changes. A loop keeps a reference of its own and looks at the generation
 * (one atomic load) at every token; only after a change does it take the lock. */
#ifndef MUSTER_AUTH_PUBLISHED_KEYS_H
#define MUSTER_AUTH_PUBLISHED_KEYS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "auth/keyset.h"
#include "base/arena.h"
#include "base/instant.h"

struct published_keys {
    _Atomic uint64_t generation; /* 0: never published */
    atomic_bool usable;          /* at least one key */
    _Atomic instant fetched;     /* when they last were, changed or not */
    pthread_mutex_t mutex;
    struct keyset *keys;          /* under mutex */
    char *authorization_endpoint; /* under mutex; NULL: not discovered */
};

/* A loop's own view of them. All zero before the first use. */
struct published_keys_view {
    uint64_t generation;
    struct keyset *keys; /* NULL until something was published */
};

void published_keys_open(struct published_keys *published);

/* Takes over the caller's reference to keys that were fetched now. Returns false when these are the
 * keys that are published already. Keys thread. */
bool published_keys_set(struct published_keys *published, struct keyset *keys, instant now);

/* Copies the endpoint that discovery named. Keys thread. */
void published_keys_set_authorization_endpoint(struct published_keys *published,
                                               const char *endpoint);

/* A copy in the arena; a NULL pointer while none is known. Any thread. */
struct slice published_keys_find_authorization_endpoint(struct published_keys *published,
                                                        struct arena *arena);

static inline uint64_t published_keys_generation(struct published_keys *published) {
    return atomic_load_explicit(&published->generation, memory_order_acquire);
}

/* Brings a view up to date. The view's thread. */
void published_keys_look(struct published_keys *published, struct published_keys_view *view);

void published_keys_forget(struct published_keys_view *view);

/* No view may be brought up to date any more. */
void published_keys_close(struct published_keys *published);

#endif
