#include "auth/keyset.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "auth/keyset_key.h"
#include "base/memory.h"

#define DIGEST_SIZE 32

struct keyset {
    atomic_size_t references;
    uint8_t digest[DIGEST_SIZE]; /* SHA-256 of the document */
    size_t count;
    struct keyset_key *keys;
};

static void add_key(struct keyset *keyset, const json_t *object, const char *issuer,
                    struct log *log) {
    const char *problem = keyset_key_parse(object, &keyset->keys[keyset->count]);
    if (problem == NULL)
        keyset->count++;
    else
        LOG(log, LOG_LEVEL_DEBUG, "issuer key skipped", log_string("issuer", issuer),
            log_string("reason", problem));
}

static struct error read_document(struct slice document, json_t **root, const json_t **keys) {
    *root = NULL;
    if (document.length > KEYSET_BYTES_AT_MOST)
        return error_make(ERROR_INVALID, "holds more than %u bytes", KEYSET_BYTES_AT_MOST);
    *root = document.length == 0
                ? NULL
                : json_loadb(document.data, document.length, JSON_REJECT_DUPLICATES, NULL);
    *keys = json_object_get(*root, "keys");
    if (!json_is_array(*keys))
        return error_make(ERROR_INVALID, "is not a JSON Web Key Set");
    if (json_array_size(*keys) > KEYSET_KEYS_AT_MOST)
        return error_make(ERROR_INVALID, "holds more than %d keys", KEYSET_KEYS_AT_MOST);
    return error_none();
}

struct error keyset_parse(struct slice document, const char *issuer, struct log *log,
                          struct keyset **keyset) {
    json_t *root = NULL;
    const json_t *keys = NULL;
    *keyset = NULL;
    struct error error = read_document(document, &root, &keys);
    if (!error_is_set(&error)) {
        struct keyset *made = memory_allocate_zeroed(1, sizeof *made);
        made->keys = memory_allocate_zeroed(json_array_size(keys), sizeof *made->keys);
        atomic_init(&made->references, 1);
        for (size_t i = 0; i < json_array_size(keys); i++)
            add_key(made, json_array_get(keys, i), issuer, log);
        if (EVP_Digest(document.data, document.length, made->digest, NULL, EVP_sha256(), NULL) == 1)
            *keyset = made;
        else {
            keyset_release(made);
            error = error_make(ERROR_INTERNAL, "cannot be hashed: OpenSSL offers no SHA-256");
        }
    }
    json_decref(root);
    return error;
}

struct keyset *keyset_reference(struct keyset *keyset) {
    (void)atomic_fetch_add_explicit(&keyset->references, 1, memory_order_relaxed);
    return keyset;
}

void keyset_release(struct keyset *keyset) {
    if (keyset == NULL ||
        atomic_fetch_sub_explicit(&keyset->references, 1, memory_order_acq_rel) > 1)
        return;
    for (size_t i = 0; i < keyset->count; i++)
        keyset_key_free(&keyset->keys[i]);
    free(keyset->keys);
    free(keyset);
}

size_t keyset_count(const struct keyset *keyset) {
    return keyset->count;
}

bool keyset_equals(const struct keyset *a, const struct keyset *b) {
    return a != NULL && b != NULL && memcmp(a->digest, b->digest, sizeof a->digest) == 0;
}

const struct keyset_key *keyset_find(const struct keyset *keyset, struct slice kid,
                                     enum issuer_algorithm algorithm) {
    for (size_t i = 0; i < keyset->count; i++) {
        const struct keyset_key *key = &keyset->keys[i];
        struct slice own = {.data = key->kid, .length = key->kid_length};
        if (key->kid != NULL && (key->algorithms & (unsigned)algorithm) != 0 &&
            slice_equals(own, kid))
            return key;
    }
    return NULL;
}

const struct keyset_key *keyset_find_only(const struct keyset *keyset,
                                          enum issuer_algorithm algorithm) {
    const struct keyset_key *only = NULL;
    for (size_t i = 0; i < keyset->count; i++) {
        if ((keyset->keys[i].algorithms & (unsigned)algorithm) == 0)
            continue;
        if (only != NULL)
            return NULL;
        only = &keyset->keys[i];
    }
    return only;
}
