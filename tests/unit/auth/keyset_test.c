#include "auth/keyset.h"

#include <stdlib.h>
#include <string.h>

#include "auth/published_keys.h"
#include "auth/token_forge.h"
#include "base/buffer.h"
#include "test.h"

static cjose_jwk_t *rsa;
static cjose_jwk_t *ec;

static int make_keys(void **state) {
    (void)state;
    rsa = forge_rsa_key(2048);
    ec = forge_ec_key(CJOSE_JWK_EC_P_256);
    return 0;
}

static int release_keys(void **state) {
    (void)state;
    (void)cjose_jwk_release(rsa);
    (void)cjose_jwk_release(ec);
    return 0;
}

static struct keyset *parse(const char *document) {
    struct keyset *keyset = NULL;
    assert_ok(keyset_parse(slice_from_string(document), "test", NULL, &keyset));
    return keyset;
}

static size_t count_usable(char *jwk) {
    char *document = forge_jwks(jwk, NULL);
    struct keyset *keyset = parse(document);
    size_t count = keyset_count(keyset);
    keyset_release(keyset);
    free(document);
    return count;
}

static void a_key_is_found_by_its_kid_and_its_algorithm(void **state) {
    (void)state;
    char *document = forge_jwks(forge_jwk(rsa, "r", ""), forge_jwk(ec, "e", ""));
    struct keyset *keyset = parse(document);
    assert_int_equal(keyset_count(keyset), 2);
    assert_non_null(keyset_find(keyset, SLICE("r"), ISSUER_RS256));
    assert_non_null(keyset_find(keyset, SLICE("r"), ISSUER_PS256));
    assert_null(keyset_find(keyset, SLICE("r"), ISSUER_ES256));
    assert_non_null(keyset_find(keyset, SLICE("e"), ISSUER_ES256));
    assert_null(keyset_find(keyset, SLICE("R"), ISSUER_RS256));
    assert_null(keyset_find(keyset, SLICE("r\0"), ISSUER_RS256));
    assert_null(keyset_find(keyset, SLICE(""), ISSUER_RS256));
    assert_non_null(keyset_find_only(keyset, ISSUER_RS256));
    keyset_release(keyset);
    free(document);
}

static void a_key_is_used_only_for_what_it_is_meant(void **state) {
    (void)state;
    static const struct {
        const char *members;
        size_t usable;
    } cases[] = {
        {"", 1},
        {",\"use\":\"sig\"", 1},
        {",\"use\":\"enc\"", 0},
        {",\"use\":1", 0},
        {",\"alg\":\"RS256\"", 1},
        {",\"alg\":\"PS256\"", 1},
        {",\"alg\":\"ES256\"", 0},
        {",\"alg\":\"RSA-OAEP\"", 0},
        {",\"alg\":null", 0},
        {",\"key_ops\":[\"sign\",\"verify\"]", 1},
        {",\"key_ops\":[\"encrypt\"]", 0},
        {",\"key_ops\":\"verify\"", 0},
        {",\"x5c\":[\"not even looked at\"],\"x5t\":7", 1},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (count_usable(forge_jwk(rsa, "k", cases[i].members)) != cases[i].usable)
            fail_msg("%s", cases[i].members);
    }
}

static void an_algorithm_of_the_key_shuts_out_the_others(void **state) {
    (void)state;
    char *document = forge_jwks(forge_jwk(rsa, "k", ",\"alg\":\"PS256\""), NULL);
    struct keyset *keyset = parse(document);
    assert_null(keyset_find(keyset, SLICE("k"), ISSUER_RS256));
    assert_non_null(keyset_find(keyset, SLICE("k"), ISSUER_PS256));
    keyset_release(keyset);
    free(document);
}

static void weak_and_foreign_keys_are_skipped(void **state) {
    (void)state;
    cjose_jwk_t *small = forge_rsa_key(1024);
    cjose_jwk_t *large_curve = forge_ec_key(CJOSE_JWK_EC_P_384);
    cjose_jwk_t *hmac = forge_hmac_key_from_public(rsa);
    assert_int_equal(count_usable(forge_jwk(small, "k", "")), 0);
    assert_int_equal(count_usable(forge_jwk(large_curve, "k", "")), 0);
    assert_int_equal(count_usable(forge_jwk(hmac, "k", ",\"k\":\"AAAA\"")), 0);
    assert_int_equal(count_usable(forge_jwk(rsa, "k", "")), 1);
    (void)cjose_jwk_release(small);
    (void)cjose_jwk_release(large_curve);
    (void)cjose_jwk_release(hmac);
}

static void a_kid_must_be_a_text(void **state) {
    (void)state;
    assert_int_equal(count_usable(forge_jwk(rsa, NULL, "")), 1);
    assert_int_equal(count_usable(forge_jwk(rsa, NULL, ",\"kid\":7")), 0);
    assert_int_equal(count_usable(forge_jwk(rsa, NULL, ",\"kid\":null")), 0);
}

/* n of 2048 bits: 256 bytes of which the first is not zero. */
#define MODULUS                                                                                    \
    "v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_"     \
    "v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_"     \
    "v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_"     \
    "v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_vw"

static void an_exponent_that_anybody_can_sign_with_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *exponent;
        size_t usable;
    } cases[] = {{"AQAB", 1}, {"Aw", 1}, {"AQ", 0},   {"AAAAAQ", 0},           {"AA", 0},
                 {"", 0},     {"Ag", 0}, {"AQAA", 0}, {"AQABAQABAQABAQAB", 0}, {"A!", 0}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *jwk = NULL;
        assert_true(asprintf(&jwk, "{\"kty\":\"RSA\",\"n\":\"" MODULUS "\",\"e\":\"%s\"}",
                             cases[i].exponent) > 0);
        if (count_usable(jwk) != cases[i].usable)
            fail_msg("e = %s", cases[i].exponent);
    }
}

#define NUMBER "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"
#define OFF_CURVE "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" NUMBER "\",\"y\":\"" NUMBER "\"}"

static void hostile_keys_are_skipped_and_the_others_stay(void **state) {
    (void)state;
    static const char *const jwks[] = {
        "7",
        "null",
        "[]",
        "{}",
        "{\"kty\":7}",
        "{\"kty\":\"RSA\"}",
        "{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"AQAB\"}",
        "{\"kty\":\"RSA\",\"n\":7,\"e\":\"AQAB\"}",
        "{\"kty\":\"RSA\",\"n\":\"####\",\"e\":\"AQAB\"}",
        "{\"kty\":\"oct\",\"k\":\"AAAA\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"}",
        "{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AQ\",\"y\":\"AQ\"}",
        OFF_CURVE,
    };
    for (size_t i = 0; i < COUNT_OF(jwks); i++) {
        char *document = forge_jwks(strdup(jwks[i]), forge_jwk(ec, "good", ""));
        struct keyset *keyset = parse(document);
        if (keyset_count(keyset) != 1 || keyset_find(keyset, SLICE("good"), ISSUER_ES256) == NULL)
            fail_msg("%s", jwks[i]);
        keyset_release(keyset);
        free(document);
    }
}

static void what_is_no_key_set_is_refused(void **state) {
    (void)state;
    static const char *const documents[] = {"",
                                            "null",
                                            "[]",
                                            "{}",
                                            "{\"keys\":7}",
                                            "{\"keys\":{}}",
                                            "{\"keys\":[]",
                                            "<html>",
                                            "{\"keys\":[],\"keys\":[]}",
                                            "{\"keys\":[{\"kty\":\"\\u0000\"}]}"};
    for (size_t i = 0; i < COUNT_OF(documents); i++) {
        struct keyset *keyset = NULL;
        assert_error(keyset_parse(slice_from_string(documents[i]), "test", NULL, &keyset),
                     ERROR_INVALID);
        assert_null(keyset);
    }
    struct keyset *empty = parse("{\"keys\":[]}");
    assert_int_equal(keyset_count(empty), 0);
    keyset_release(empty);
}

static void a_key_set_is_bounded(void **state) {
    (void)state;
    struct buffer document = {0};
    struct keyset *keyset = NULL;
    buffer_append_string(&document, "{\"keys\":[{}");
    for (int i = 1; i < KEYSET_KEYS_AT_MOST; i++)
        buffer_append_string(&document, ",{}");
    size_t length = document.length;
    buffer_append_string(&document, "]}");
    assert_ok(keyset_parse(buffer_slice(&document), "test", NULL, &keyset));
    keyset_release(keyset);
    document.length = length;
    buffer_append_string(&document, ",{}]}");
    assert_error(keyset_parse(buffer_slice(&document), "test", NULL, &keyset), ERROR_INVALID);
    buffer_clear(&document);
    buffer_append_string(&document, "{\"keys\":[]}");
    while (document.length <= KEYSET_BYTES_AT_MOST)
        buffer_append_byte(&document, ' ');
    assert_error(keyset_parse(buffer_slice(&document), "test", NULL, &keyset), ERROR_INVALID);
    buffer_free(&document);
}

static void private_members_are_not_kept(void **state) {
    (void)state;
    char *document = forge_jwks(cjose_jwk_to_json(rsa, true, NULL), NULL);
    struct keyset *keyset = parse(document);
    const struct keyset_key *key = keyset_find_only(keyset, ISSUER_RS256);
    assert_non_null(strstr(document, "\"d\":"));
    assert_non_null(key);
    char *kept = cjose_jwk_to_json(key->jwk, true, NULL);
    assert_null(strstr(kept, "\"d\":"));
    free(kept);
    keyset_release(keyset);
    free(document);
}

static void only_a_change_makes_a_new_generation(void **state) {
    (void)state;
    struct published_keys published;
    struct published_keys_view view = {0};
    char *first = forge_jwks(forge_jwk(rsa, "a", ""), NULL);
    char *second = forge_jwks(forge_jwk(rsa, "b", ""), NULL);
    published_keys_open(&published);
    published_keys_look(&published, &view);
    assert_null(view.keys);
    assert_true(published_keys_set(&published, parse(first), 1));
    assert_false(published_keys_set(&published, parse(first), 2));
    assert_int_equal(published_keys_generation(&published), 1);
    published_keys_look(&published, &view);
    assert_true(published_keys_set(&published, parse(second), 3));
    /* The loop still holds the old set while it verifies. */
    assert_non_null(keyset_find(view.keys, SLICE("a"), ISSUER_RS256));
    published_keys_look(&published, &view);
    assert_int_equal(view.generation, 2);
    assert_null(keyset_find(view.keys, SLICE("a"), ISSUER_RS256));
    assert_non_null(keyset_find(view.keys, SLICE("b"), ISSUER_RS256));
    published_keys_forget(&view);
    published_keys_close(&published);
    free(first);
    free(second);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_found_by_its_kid_and_its_algorithm),
        cmocka_unit_test(a_key_is_used_only_for_what_it_is_meant),
        cmocka_unit_test(an_algorithm_of_the_key_shuts_out_the_others),
        cmocka_unit_test(weak_and_foreign_keys_are_skipped),
        cmocka_unit_test(a_kid_must_be_a_text),
        cmocka_unit_test(an_exponent_that_anybody_can_sign_with_is_refused),
        cmocka_unit_test(hostile_keys_are_skipped_and_the_others_stay),
        cmocka_unit_test(what_is_no_key_set_is_refused),
        cmocka_unit_test(a_key_set_is_bounded),
        cmocka_unit_test(private_members_are_not_kept),
        cmocka_unit_test(only_a_change_makes_a_new_generation),
    };
    return cmocka_run_group_tests(tests, make_keys, release_keys);
}
