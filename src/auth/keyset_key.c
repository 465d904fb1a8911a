#include "auth/keyset_key.h"

#include <openssl/err.h>
#include <stdlib.h>

#include "auth/base64url.h"
#include "auth/token_header.h"
#include "auth/token_json.h"
#include "base/memory.h"

/* 65537 has three bytes; more than eight only slow verification down. */
#define RSA_EXPONENT_BYTES_AT_MOST 8
#define P256_COORDINATE_BYTES 32

/* A base64url member of at most size bytes, without the zero bytes in front; the number of bytes,
 * or 0 when it is not that. */
static size_t read_number(const json_t *object, const char *name, uint8_t *bytes, size_t size) {
    struct slice text = token_json_member(object, name);
    if (text.length == 0 || BASE64URL_DECODED_SIZE(text.length) > size ||
        !base64url_decode(text, bytes))
        return 0;
    size_t length = BASE64URL_DECODED_SIZE(text.length);
    size_t zeros = 0;
    while (zeros < length && bytes[zeros] == 0)
        zeros++;
    memmove(bytes, bytes + zeros, length - zeros);
    return length - zeros;
}

static size_t count_bits(const uint8_t *bytes, size_t length) {
    size_t bits = length * 8;
    for (unsigned mask = 0x80; length > 0 && mask > 0 && (bytes[0] & mask) == 0; mask >>= 1)
        bits--;
    return bits;
}

/* An exponent of 1 would make every signature right, an even one none. */
static const char *check_rsa(const json_t *object) {
    uint8_t modulus[KEYSET_RSA_BITS_AT_MOST / 8];
    uint8_t exponent[RSA_EXPONENT_BYTES_AT_MOST];
    size_t length = read_number(object, "n", modulus, sizeof modulus);
    if (count_bits(modulus, length) < KEYSET_RSA_BITS_AT_LEAST)
        return "RSA keys need 2048 to 8192 bits";
    length = read_number(object, "e", exponent, sizeof exponent);
    if (length == 0 || (exponent[length - 1] & 1U) == 0 || (length == 1 && exponent[0] < 3))
        return "the RSA exponent is not an odd number above 1";
    return NULL;
}

static const char *check_ec(const json_t *object) {
    uint8_t coordinate[P256_COORDINATE_BYTES];
    if (!slice_equals(token_json_member(object, "crv"), SLICE("P-256")))
        return "the curve is not P-256";
    if (read_number(object, "x", coordinate, sizeof coordinate) == 0 ||
        read_number(object, "y", coordinate, sizeof coordinate) == 0)
        return "a coordinate is missing";
    return NULL;
}

static bool array_holds(const json_t *array, struct slice wanted) {
    for (size_t i = 0; i < json_array_size(array); i++) {
        struct slice text = {0};
        if (token_json_text(json_array_get(array, i), &text) && slice_equals(text, wanted))
            return true;
    }
    return false;
}

static const char *check_purpose(const json_t *object, unsigned *algorithms) {
    const json_t *use = json_object_get(object, "use");
    const json_t *operations = json_object_get(object, "key_ops");
    const json_t *algorithm = json_object_get(object, "alg");
    struct slice text = {0};
    if (use != NULL && !slice_equals(token_json_member(object, "use"), SLICE("sig")))
        return "its use is not sig";
    if (operations != NULL && !array_holds(operations, SLICE("verify")))
        return "its key_ops do not hold verify";
    if (algorithm != NULL)
        *algorithms &= token_json_text(algorithm, &text) ? token_algorithm_parse(text) : 0;
    return *algorithms == 0 ? "its alg is not accepted or does not fit its kty" : NULL;
}

/* The public members alone: whatever else the document holds does not get into memory that lasts.
 */
static cjose_jwk_t *import_public(const json_t *object) {
    static const char *const members[] = {"kty", "n", "e", "crv", "x", "y"};
    json_t *bare = json_object();
    cjose_err problem;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        json_t *value = json_object_get(object, members[i]);
        if (value != NULL)
            (void)json_object_set(bare, members[i], value);
    }
    cjose_jwk_t *jwk = cjose_jwk_import_json(bare, &problem);
    json_decref(bare);
    if (jwk == NULL)
        ERR_clear_error();
    return jwk;
}

/* Entra marks keys with the issuer that they are for; where that holds a tenant's GUID, the key is
 * good for that tenant only. */
static void read_tenant(const json_t *object, struct keyset_key *key) {
    struct slice rest = token_json_member(object, "issuer");
    struct slice segment = {0};
    while (!key->has_tenant && slice_cut(&rest, '/', &segment))
        key->has_tenant = guid_parse(segment, &key->tenant);
}

static bool read_kid(const json_t *object, struct keyset_key *key) {
    const json_t *kid = json_object_get(object, "kid");
    struct slice text = {0};
    if (kid == NULL)
        return true;
    if (!token_json_text(kid, &text) || text.length > TOKEN_KID_BYTES_AT_MOST)
        return false;
    key->kid = memory_copy_string(text.data);
    key->kid_length = text.length;
    return true;
}

const char *keyset_key_parse(const json_t *object, struct keyset_key *key) {
    struct slice type = token_json_member(object, "kty");
    const char *problem = NULL;
    *key = (struct keyset_key){0};
    if (slice_equals(type, SLICE("RSA"))) {
        key->algorithms = (unsigned)ISSUER_RS256 | (unsigned)ISSUER_PS256;
        problem = check_rsa(object);
    } else if (slice_equals(type, SLICE("EC"))) {
        key->algorithms = ISSUER_ES256;
        problem = check_ec(object);
    } else {
        problem = "its kty is not RSA or EC";
    }
    if (problem == NULL)
        problem = check_purpose(object, &key->algorithms);
    if (problem == NULL && !read_kid(object, key))
        problem = "its kid is not a string of at most 256 bytes";
    if (problem != NULL)
        return problem;
    key->jwk = import_public(object);
    if (key->jwk == NULL) {
        keyset_key_free(key);
        return "its numbers are not a public key";
    }
    read_tenant(object, key);
    return NULL;
}

void keyset_key_free(struct keyset_key *key) {
    free(key->kid);
    if (key->jwk != NULL)
        (void)cjose_jwk_release(key->jwk);
    *key = (struct keyset_key){0};
}
