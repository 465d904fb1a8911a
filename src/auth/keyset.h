/* The public keys of one issuer, as a JSON Web Key Set says them (RFC 7517).
 *
 * Immutable once parsed and shared by counting references: the keys thread makes it, loops hold on
 * to it while they verify. Any thread. */
#ifndef MUSTER_AUTH_KEYSET_H
#define MUSTER_AUTH_KEYSET_H

#include <cjose/cjose.h>
#include <stdbool.h>
#include <stddef.h>

#include "auth/issuer.h"
#include "base/error.h"
#include "base/guid.h"
#include "base/log.h"
#include "base/slice.h"

#define KEYSET_BYTES_AT_MOST (1024U * 1024U)
#define KEYSET_KEYS_AT_MOST 100
#define KEYSET_RSA_BITS_AT_LEAST 2048
#define KEYSET_RSA_BITS_AT_MOST 8192

struct keyset;

/* Parses a JWKS document and gives it one reference. A key that cannot be used is skipped with a
 * line in the log at level debug: another type or curve, RSA below 2048 bits, use other than sig,
 * key_ops without verify, alg of another kind. Private members are not read. issuer is for the log.
 * Errors: ERROR_INVALID, as the end of a sentence that begins with where the document came from,
 * when it is no JWKS or too large. A set without a usable key is no error. */
struct error keyset_parse(struct slice document, const char *issuer, struct log *log,
                          struct keyset **keyset) MUST_CHECK;

/* One more reference. */
struct keyset *keyset_reference(struct keyset *keyset);

/* One reference less; the last one frees it. keyset may be NULL. */
void keyset_release(struct keyset *keyset);

size_t keyset_count(const struct keyset *keyset);

/* Whether both were parsed from the same bytes. Either may be NULL. */
bool keyset_equals(const struct keyset *a, const struct keyset *b);

struct keyset_key {
    char *kid; /* NULL when the key has none */
    size_t kid_length;
    unsigned algorithms; /* bits of enum issuer_algorithm that fit the key */
    cjose_jwk_t *jwk;    /* public */
    /* A key that Entra publishes for one tenant only, such as that of personal accounts. */
    bool has_tenant;
    struct guid tenant;
};

/* The key of that kid for the algorithm, or NULL. */
const struct keyset_key *keyset_find(const struct keyset *keyset, struct slice kid,
                                     enum issuer_algorithm algorithm);

/* The only key that fits the algorithm, for a token without a kid; NULL when there are none or
 * several. */
const struct keyset_key *keyset_find_only(const struct keyset *keyset,
                                          enum issuer_algorithm algorithm);

#endif
