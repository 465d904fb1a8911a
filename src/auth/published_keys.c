#include "auth/published_keys.h"

#include <stdlib.h>

#include "base/memory.h"

void published_keys_open(struct published_keys *published) {
    atomic_init(&published->generation, 0);
    atomic_init(&published->usable, false);
    atomic_init(&published->fetched, INSTANT_NEVER);
    (void)pthread_mutex_init(&published->mutex, NULL);
    published->keys = NULL;
    published->authorization_endpoint = NULL;
}

bool published_keys_set(struct published_keys *published, struct keyset *keys, instant now) {
    struct keyset *old = keys;
    bool changed = false;
    atomic_store_explicit(&published->fetched, now, memory_order_relaxed);
    (void)pthread_mutex_lock(&published->mutex);
    if (!keyset_equals(published->keys, keys)) {
        old = published->keys;
        published->keys = keys;
        atomic_store_explicit(&published->usable, keyset_count(keys) > 0, memory_order_relaxed);
        (void)atomic_fetch_add_explicit(&published->generation, 1, memory_order_release);
        changed = true;
    }
    (void)pthread_mutex_unlock(&published->mutex);
    keyset_release(old);
    return changed;
}

void published_keys_look(struct published_keys *published, struct published_keys_view *view) {
    if (published_keys_generation(published) == view->generation)
        return;
    keyset_release(view->keys);
    (void)pthread_mutex_lock(&published->mutex);
    view->keys = keyset_reference(published->keys);
    view->generation = published_keys_generation(published);
    (void)pthread_mutex_unlock(&published->mutex);
}

void published_keys_forget(struct published_keys_view *view) {
    keyset_release(view->keys);
    *view = (struct published_keys_view){0};
}

void published_keys_set_authorization_endpoint(struct published_keys *published,
                                               const char *endpoint) {
    char *copy = memory_copy_string(endpoint);
    (void)pthread_mutex_lock(&published->mutex);
    char *old = published->authorization_endpoint;
    published->authorization_endpoint = copy;
    (void)pthread_mutex_unlock(&published->mutex);
    free(old);
}

struct slice published_keys_find_authorization_endpoint(struct published_keys *published,
                                                        struct arena *arena) {
    (void)pthread_mutex_lock(&published->mutex);
    struct slice found = slice_from_string(published->authorization_endpoint);
    if (found.data != NULL)
        found = arena_copy(arena, found);
    (void)pthread_mutex_unlock(&published->mutex);
    return found;
}

void published_keys_close(struct published_keys *published) {
    free(published->authorization_endpoint);
    published->authorization_endpoint = NULL;
    keyset_release(published->keys);
    published->keys = NULL;
    (void)pthread_mutex_destroy(&published->mutex);
}
