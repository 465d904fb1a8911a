#include "auth/token_verify.h"

#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>

#include "auth/base64url.h"
#include "auth/token_forge.h"
#include "domain/permission.h"
#include "test.h"

#define READ_WRITE "DeviceManagementConfiguration.ReadWrite.All"
#define CLAIMS_WITHOUT_TIME                                                                        \
    "\"iss\":\"" FORGE_ISSUER "\",\"aud\":\"" FORGE_AUDIENCE "\",\"tid\":\"" FORGE_TENANT          \
    "\",\"oid\":\"o\",\"scp\":\"" READ_WRITE "\""
#define CLAIMS "{" CLAIMS_WITHOUT_TIME ",\"nbf\":1720389500,\"exp\":1720389600}"
#define MALFORMED "Access token validation failure. The token is not a signed JWT."
#define BAD_HEADER "Access token validation failure. The token's header is malformed."
#define BAD_CLAIMS "Access token validation failure. The token's claims are malformed."
#define BAD_ALGORITHM "Access token validation failure. The signature algorithm is not accepted."
#define BAD_SIGNATURE "Access token validation failure. Signature is invalid."
#define BAD_ISSUER "Access token validation failure. Invalid issuer."
#define BAD_AUDIENCE "Access token validation failure. Invalid audience."
#define UNKNOWN_KEY "Access token validation failure. The signing key is unknown."
#define BAD_TENANT "Access token validation failure. The token names no tenant."
#define BAD_LETTERS                                                                                \
    "Access token validation failure. The Authorization header must hold exactly one token, "      \
    "without blanks or quotes."
#define EXPIRED "Lifetime validation failed, the token is expired."
#define EARLY "Lifetime validation failed, the token is not yet valid."

enum signer { BY_RSA, BY_OTHER_RSA, BY_EC, BY_EC_384, BY_HMAC, BY_NOBODY, SIGNER_COUNT };

struct world {
    cjose_jwk_t *keys[SIGNER_COUNT];
    struct issuer_settings issuer;
    struct published_keys_view view;
    int skew;
};

static struct world world;

static int open_world(void **state) {
    (void)state;
    world.keys[BY_RSA] = forge_rsa_key(2048);
    world.keys[BY_OTHER_RSA] = forge_rsa_key(2048);
    world.keys[BY_EC] = forge_ec_key(CJOSE_JWK_EC_P_256);
    world.keys[BY_EC_384] = forge_ec_key(CJOSE_JWK_EC_P_384);
    world.keys[BY_HMAC] = forge_hmac_key_from_public(world.keys[BY_RSA]);
    world.issuer = forge_issuer();
    char *document = forge_jwks(forge_jwk(world.keys[BY_RSA], "rsa", ",\"use\":\"sig\""),
                                forge_jwk(world.keys[BY_EC], "ec", ""));
    struct error error = keyset_parse(slice_from_string(document), "forge", NULL, &world.view.keys);
    world.view.generation = 1;
    free(document);
    return error_is_set(&error) ? -1 : 0;
}

static int close_world(void **state) {
    (void)state;
    for (size_t i = 0; i < SIGNER_COUNT; i++) {
        if (world.keys[i] != NULL)
            (void)cjose_jwk_release(world.keys[i]);
    }
    keyset_release(world.view.keys);
    return 0;
}

static struct error verify_at(const char *token, int64_t now, struct verified_token *verified,
                              size_t *missing_key) {
    const struct token_trust trust = {.issuers = &world.issuer,
                                      .keys = &world.view,
                                      .issuer_count = 1,
                                      .clock_skew_seconds = world.skew};
    return token_verify(&trust, slice_from_string(token), now, verified, missing_key);
}

static char *make_token(enum signer signer, const char *header, const char *claims) {
    return signer == BY_NOBODY ? forge_unsigned_token(header, claims, "AAAA")
                               : forge_token(world.keys[signer], header, claims);
}

static void assert_verdict(const char *what, const char *token, int64_t now, const char *refusal) {
    struct verified_token verified;
    size_t missing_key = 0;
    struct error error = verify_at(token, now, &verified, &missing_key);
    /* Left over, it would break the next TLS connection of this thread. */
    assert_int_equal(ERR_peek_error(), 0);
    if (refusal == NULL && error_is_set(&error))
        fail_msg("%s: refused: %s", what, error.message);
    if (refusal != NULL &&
        (error.code != ERROR_UNAUTHENTICATED || strcmp(error.message, refusal) != 0))
        fail_msg("%s: \"%s\" instead of \"%s\"", what, error.message, refusal);
}

struct signed_case {
    const char *what;
    enum signer signer;
    const char *header;
    const char *claims;
    const char *refusal; /* NULL: accepted */
};

#define RS "{\"alg\":\"RS256\",\"kid\":\"rsa\"}"

static const struct signed_case cases[] = {
    {"RS256", BY_RSA, RS, CLAIMS, NULL},
    {"PS256", BY_RSA, "{\"alg\":\"PS256\",\"kid\":\"rsa\"}", CLAIMS, NULL},
    {"ES256", BY_EC, "{\"alg\":\"ES256\",\"kid\":\"ec\"}", CLAIMS, NULL},
    {"typ JWT", BY_RSA, "{\"alg\":\"RS256\",\"kid\":\"rsa\",\"typ\":\"jwt\"}", CLAIMS, NULL},
    {"typ at+jwt", BY_RSA, "{\"alg\":\"RS256\",\"kid\":\"rsa\",\"typ\":\"AT+JWT\"}", CLAIMS, NULL},
    {"typ as a media type", BY_RSA,
     "{\"alg\":\"RS256\",\"kid\":\"rsa\",\"typ\":\"application/at+jwt\"}", CLAIMS, NULL},
    {"no kid, one key that fits", BY_RSA, "{\"alg\":\"RS256\"}", CLAIMS, NULL},
    {"a header that jku points elsewhere is checked with our keys", BY_RSA,
     "{\"alg\":\"RS256\",\"kid\":\"rsa\",\"jku\":\"https://evil.example/jwks\"}", CLAIMS, NULL},
    {"alg none", BY_NOBODY, "{\"alg\":\"none\"}", CLAIMS, BAD_ALGORITHM},
    {"alg None", BY_NOBODY, "{\"alg\":\"None\"}", CLAIMS, BAD_ALGORITHM},
    {"alg rs256", BY_NOBODY, "{\"alg\":\"rs256\",\"kid\":\"rsa\"}", CLAIMS, BAD_ALGORITHM},
    {"no alg", BY_NOBODY, "{\"kid\":\"rsa\"}", CLAIMS, BAD_ALGORITHM},
    {"alg no string", BY_NOBODY, "{\"alg\":[\"RS256\"],\"kid\":\"rsa\"}", CLAIMS, BAD_ALGORITHM},
    {"RS512", BY_RSA, "{\"alg\":\"RS512\",\"kid\":\"rsa\"}", CLAIMS, BAD_ALGORITHM},
    {"HMAC with the public key", BY_HMAC, "{\"alg\":\"HS256\",\"kid\":\"rsa\"}", CLAIMS,
     BAD_ALGORITHM},
    {"wrong key", BY_OTHER_RSA, RS, CLAIMS, BAD_SIGNATURE},
    {"wrong key, PS256", BY_OTHER_RSA, "{\"alg\":\"PS256\",\"kid\":\"rsa\"}", CLAIMS,
     BAD_SIGNATURE},
    {"no signature to speak of", BY_NOBODY, RS, CLAIMS, BAD_SIGNATURE},
    {"no PS256 signature to speak of", BY_NOBODY, "{\"alg\":\"PS256\",\"kid\":\"rsa\"}", CLAIMS,
     BAD_SIGNATURE},
    {"an RSA kid for ES256", BY_EC, "{\"alg\":\"ES256\",\"kid\":\"rsa\"}", CLAIMS, UNKNOWN_KEY},
    {"another curve", BY_EC_384, "{\"alg\":\"ES256\",\"kid\":\"ec\"}", CLAIMS, BAD_SIGNATURE},
    {"unknown kid", BY_RSA, "{\"alg\":\"RS256\",\"kid\":\"other\"}", CLAIMS, UNKNOWN_KEY},
    {"empty kid", BY_RSA, "{\"alg\":\"RS256\",\"kid\":\"\"}", CLAIMS, UNKNOWN_KEY},
    {"kid no string", BY_RSA, "{\"alg\":\"RS256\",\"kid\":1}", CLAIMS,
     "Access token validation failure. The token's kid is not a string of at most 256 bytes."},
    {"crit", BY_RSA, "{\"alg\":\"RS256\",\"kid\":\"rsa\",\"crit\":[\"alg\"]}", CLAIMS,
     "Access token validation failure. The token needs an extension that is not supported."},
    {"an ID token's or other type", BY_RSA,
     "{\"alg\":\"RS256\",\"kid\":\"rsa\",\"typ\":\"secevent+jwt\"}", CLAIMS,
     "Access token validation failure. The token's type is not JWT or at+jwt."},
    {"typ no string", BY_RSA, "{\"alg\":\"RS256\",\"kid\":\"rsa\",\"typ\":null}", CLAIMS,
     "Access token validation failure. The token's type is not JWT or at+jwt."},
    {"header twice the same name", BY_NOBODY, "{\"alg\":\"RS256\",\"alg\":\"none\"}", CLAIMS,
     BAD_HEADER},
    {"header no object", BY_NOBODY, "[\"RS256\"]", CLAIMS, BAD_HEADER},
    {"header no JSON", BY_NOBODY, "alg=RS256", CLAIMS, BAD_HEADER},
    {"claims no JSON", BY_RSA, RS, "iss=x", BAD_CLAIMS},
    {"claims no object", BY_RSA, RS, "[1]", BAD_CLAIMS},
    {"claims twice the same name", BY_RSA, RS,
     "{" CLAIMS_WITHOUT_TIME ",\"exp\":1,\"exp\":1720389600}", BAD_CLAIMS},
    {"claims with a NUL", BY_RSA, RS, "{\"iss\":\"\\u0000\"}", BAD_CLAIMS},
    {"claims with a number out of all range", BY_RSA, RS,
     "{" CLAIMS_WITHOUT_TIME ",\"exp\":99999999999999999999}", BAD_CLAIMS},
    {"no iss", BY_RSA, RS, "{\"exp\":1720389600}", BAD_ISSUER},
    {"iss no string", BY_RSA, RS, "{\"iss\":[\"" FORGE_ISSUER "\"],\"exp\":1720389600}",
     BAD_ISSUER},
    {"another issuer", BY_RSA, RS,
     "{\"iss\":\"https://evil.example/" FORGE_TENANT "/v2.0\",\"tid\":\"" FORGE_TENANT "\"}",
     BAD_ISSUER},
    {"the issuer with something behind it", BY_RSA, RS,
     "{\"iss\":\"" FORGE_ISSUER "/\",\"tid\":\"" FORGE_TENANT "\"}", BAD_ISSUER},
    {"the issuer in capitals", BY_RSA, RS,
     "{\"iss\":\"HTTPS://login.example.org/" FORGE_TENANT "/v2.0\",\"tid\":\"" FORGE_TENANT "\"}",
     BAD_ISSUER},
    {"tid of another tenant than the issuer's", BY_RSA, RS,
     "{\"iss\":\"" FORGE_ISSUER "\",\"tid\":\"" FORGE_PERSONAL_TENANT "\"}", BAD_ISSUER},
    {"no tid although the issuer needs it", BY_RSA, RS, "{\"iss\":\"" FORGE_ISSUER "\"}",
     BAD_ISSUER},
    {"tid no GUID", BY_RSA, RS, "{\"iss\":\"https://login.example.org/x/v2.0\",\"tid\":\"x\"}",
     BAD_ISSUER},
    {"expired", BY_RSA, RS, "{" CLAIMS_WITHOUT_TIME ",\"exp\":1720389564}", EXPIRED},
    {"not yet valid", BY_RSA, RS, "{" CLAIMS_WITHOUT_TIME ",\"nbf\":1720389565,\"exp\":1720389600}",
     EARLY},
    {"issued in the future", BY_RSA, RS,
     "{" CLAIMS_WITHOUT_TIME ",\"iat\":1720389565,\"exp\":1720389600}", EARLY},
    {"no exp", BY_RSA, RS, "{" CLAIMS_WITHOUT_TIME "}",
     "Access token validation failure. The token has no expiry."},
    {"exp no number", BY_RSA, RS, "{" CLAIMS_WITHOUT_TIME ",\"exp\":\"1720389600\"}",
     "Access token validation failure. exp, nbf and iat must be numbers."},
    {"exp a fraction", BY_RSA, RS, "{" CLAIMS_WITHOUT_TIME ",\"exp\":1720389565.5}", NULL},
    {"exp a fraction of the second that is over", BY_RSA, RS,
     "{" CLAIMS_WITHOUT_TIME ",\"exp\":1720389564.5}", EXPIRED},
    {"nbf a fraction", BY_RSA, RS,
     "{" CLAIMS_WITHOUT_TIME ",\"nbf\":1720389564.5,\"exp\":1720389600}", EARLY},
    {"exp as far as numbers go", BY_RSA, RS,
     "{" CLAIMS_WITHOUT_TIME ",\"exp\":9223372036854775807,\"nbf\":-9223372036854775808}", NULL},
    {"exp beyond all integers", BY_RSA, RS, "{" CLAIMS_WITHOUT_TIME ",\"exp\":1e300}", NULL},
    {"exp before all time", BY_RSA, RS, "{" CLAIMS_WITHOUT_TIME ",\"exp\":-1e300}", EXPIRED},
    {"nbf beyond all integers", BY_RSA, RS, "{" CLAIMS_WITHOUT_TIME ",\"exp\":1e300,\"nbf\":1e299}",
     EARLY},
    {"wrong audience", BY_RSA, RS,
     "{\"iss\":\"" FORGE_ISSUER "\",\"tid\":\"" FORGE_TENANT
     "\",\"aud\":\"https://vault.azure.net\",\"exp\":1720389600}",
     BAD_AUDIENCE},
    {"an audience that only begins right", BY_RSA, RS,
     "{\"iss\":\"" FORGE_ISSUER "\",\"tid\":\"" FORGE_TENANT "\",\"aud\":\"" FORGE_AUDIENCE
     "/\",\"exp\":1720389600}",
     BAD_AUDIENCE},
    {"no audience", BY_RSA, RS,
     "{\"iss\":\"" FORGE_ISSUER "\",\"tid\":\"" FORGE_TENANT "\",\"exp\":1720389600}",
     BAD_AUDIENCE},
    {"audience among others", BY_RSA, RS,
     "{\"iss\":\"" FORGE_ISSUER "\",\"tid\":\"" FORGE_TENANT
     "\",\"scp\":\"\",\"aud\":[1,\"x\",\"" FORGE_AUDIENCE "\"],\"exp\":1720389600}",
     NULL},
    {"no audience among several", BY_RSA, RS,
     "{\"iss\":\"" FORGE_ISSUER "\",\"tid\":\"" FORGE_TENANT
     "\",\"aud\":[\"x\",{}],\"exp\":1720389600}",
     BAD_AUDIENCE},
    {"the tenant in capitals", BY_RSA, RS,
     "{\"iss\":\"https://login.example.org/AAAAAAAA-1111-1111-1111-111111111111/v2.0\",\"tid\":"
     "\"aaaaaaaa-1111-1111-1111-111111111111\",\"aud\":\"" FORGE_AUDIENCE "\",\"exp\":1720389600}",
     NULL},
};

static void every_token_gets_its_verdict(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *token = make_token(cases[i].signer, cases[i].header, cases[i].claims);
        assert_verdict(cases[i].what, token, FORGE_NOW, cases[i].refusal);
        free(token);
    }
}

static void what_is_no_compact_jws_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *token;
        const char *refusal;
    } texts[] = {
        {"x", MALFORMED},
        {"a.b", MALFORMED},
        {"a.b.c.d", MALFORMED},
        {".b.c", MALFORMED},
        {"a..c", MALFORMED},
        {"eyJhbGciOiJub25lIn0.e30.", MALFORMED},
        {"a.b.c", BAD_HEADER},
        {"e30=.e30.AAAA", BAD_LETTERS},
        {"a.b.c a.b.c", BAD_LETTERS},
        {"e31.e30.AAAA", BAD_HEADER},
        {"e30.e30.AAAA", BAD_ALGORITHM},
        {"eyJhbGciOiJSUzI1NiJ9.!.AAAA", BAD_LETTERS},
        {"eyJhbGciOiJSUzI1NiJ9.+/+/.AAAA", BAD_CLAIMS},
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_verdict(texts[i].token, texts[i].token, FORGE_NOW, texts[i].refusal);
}

static void a_single_changed_character_breaks_the_signature(void **state) {
    (void)state;
    char *token = make_token(BY_RSA, RS, CLAIMS);
    size_t length = strlen(token);
    for (size_t i = (size_t)(strchr(token, '.') - token) + 1; i < length; i += 37) {
        char before = token[i];
        struct verified_token verified;
        size_t missing_key = 0;
        if (before == '.')
            continue;
        token[i] = before == 'A' ? 'B' : 'A';
        assert_error(verify_at(token, FORGE_NOW, &verified, &missing_key), ERROR_UNAUTHENTICATED);
        token[i] = before;
    }
    assert_verdict("unchanged", token, FORGE_NOW, NULL);
    free(token);
}

/* The same two numbers with a zero byte before each would be another spelling of the token. */
static void an_ecdsa_signature_has_64_bytes(void **state) {
    (void)state;
    uint8_t signature[64];
    uint8_t longer[66] = {0};
    char text[BASE64URL_LENGTH(sizeof longer) + 1];
    char respelled[1024];
    char *token = make_token(BY_EC, "{\"alg\":\"ES256\",\"kid\":\"ec\"}", CLAIMS);
    const char *dot = strrchr(token, '.');
    assert_true(base64url_decode(slice_from_string(dot + 1), signature));
    memcpy(longer + 1, signature, 32);
    memcpy(longer + 34, signature + 32, 32);
    base64url_encode(longer, sizeof longer, text);
    (void)snprintf(respelled, sizeof respelled, "%.*s%s", (int)(dot + 1 - token), token, text);
    assert_verdict("as signed", token, FORGE_NOW, NULL);
    assert_verdict("respelled", respelled, FORGE_NOW, BAD_SIGNATURE);
    free(token);
}

/* Zeros are no ECDSA signature (FIPS 186-5, 6.4.2): OpenSSL says so in its error queue. */
static void a_signature_of_zeros_is_refused(void **state) {
    (void)state;
    static const uint8_t zeros[64];
    char text[BASE64URL_LENGTH(sizeof zeros) + 1];
    base64url_encode(zeros, sizeof zeros, text);
    char *token = forge_unsigned_token("{\"alg\":\"ES256\",\"kid\":\"ec\"}", CLAIMS, text);
    assert_verdict("zeros", token, FORGE_NOW, BAD_SIGNATURE);
    free(token);
}

static void a_kid_has_at_most_256_bytes(void **state) {
    (void)state;
    char header[400];
    for (int length = 256; length <= 257; length++) {
        (void)snprintf(header, sizeof header, "{\"alg\":\"RS256\",\"kid\":\"%0*d\"}", length, 0);
        char *token = make_token(BY_RSA, header, CLAIMS);
        assert_verdict(header, token, FORGE_NOW,
                       length == 256 ? UNKNOWN_KEY
                                     : "Access token validation failure. The token's kid is not a "
                                       "string of at most 256 bytes.");
        free(token);
    }
}

static void the_clock_skew_counts_to_the_second(void **state) {
    (void)state;
    char *token = make_token(BY_RSA, RS, CLAIMS);
    world.skew = 60;
    assert_verdict("first", token, 1720389500 - 60, NULL);
    assert_verdict("before the first", token, 1720389500 - 61, EARLY);
    assert_verdict("last", token, 1720389600 + 59, NULL);
    assert_verdict("behind the last", token, 1720389600 + 60, EXPIRED);
    world.skew = 0;
    assert_verdict("first without skew", token, 1720389500, NULL);
    assert_verdict("before the first without skew", token, 1720389499, EARLY);
    assert_verdict("last without skew", token, 1720389599, NULL);
    assert_verdict("behind the last without skew", token, 1720389600, EXPIRED);
    free(token);
}

static void an_issuer_accepts_only_its_own_algorithms(void **state) {
    (void)state;
    char *token = make_token(BY_RSA, "{\"alg\":\"PS256\",\"kid\":\"rsa\"}", CLAIMS);
    world.issuer.algorithms = ISSUER_RS256;
    assert_verdict("PS256", token, FORGE_NOW, BAD_ALGORITHM);
    world.issuer.algorithms = ISSUER_ALGORITHMS_ALL;
    free(token);
}

static void only_an_unknown_key_asks_for_a_fetch(void **state) {
    (void)state;
    struct verified_token verified;
    size_t missing_key = 9;
    char *unknown = make_token(BY_RSA, "{\"alg\":\"RS256\",\"kid\":\"next\"}", CLAIMS);
    char *forged = make_token(BY_OTHER_RSA, RS, CLAIMS);
    assert_error(verify_at(unknown, FORGE_NOW, &verified, &missing_key), ERROR_UNAUTHENTICATED);
    assert_int_equal(missing_key, 0);
    assert_error(verify_at(forged, FORGE_NOW, &verified, &missing_key), ERROR_UNAUTHENTICATED);
    assert_int_equal(missing_key, 1);
    free(unknown);
    free(forged);
}

static void without_a_kid_two_keys_are_one_too_many(void **state) {
    (void)state;
    struct published_keys_view before = world.view;
    char *document = forge_jwks(forge_jwk(world.keys[BY_RSA], "a", ""),
                                forge_jwk(world.keys[BY_OTHER_RSA], "b", ""));
    assert_ok(keyset_parse(slice_from_string(document), "forge", NULL, &world.view.keys));
    char *token = make_token(BY_RSA, "{\"alg\":\"RS256\"}", CLAIMS);
    assert_verdict("two keys", token, FORGE_NOW, UNKNOWN_KEY);
    free(token);
    free(document);
    keyset_release(world.view.keys);
    world.view = before;
}

static void a_key_for_one_tenant_signs_for_no_other(void **state) {
    (void)state;
    struct published_keys_view before = world.view;
    char *document = forge_jwks(
        forge_jwk(world.keys[BY_RSA], "rsa",
                  ",\"issuer\":\"https://login.example.org/" FORGE_PERSONAL_TENANT "/v2.0\""),
        forge_jwk(world.keys[BY_EC], "ec",
                  ",\"issuer\":\"https://login.example.org/{tenantid}/\""));
    assert_ok(keyset_parse(slice_from_string(document), "forge", NULL, &world.view.keys));
    char *rsa = make_token(BY_RSA, RS, CLAIMS);
    char *ec = make_token(BY_EC, "{\"alg\":\"ES256\",\"kid\":\"ec\"}", CLAIMS);
    assert_verdict("of the personal tenant's key", rsa, FORGE_NOW, BAD_SIGNATURE);
    assert_verdict("of everybody's key", ec, FORGE_NOW, NULL);
    free(rsa);
    free(ec);
    free(document);
    keyset_release(world.view.keys);
    world.view = before;
}

static void before_keys_are_known_nothing_is_accepted(void **state) {
    (void)state;
    struct published_keys_view before = world.view;
    world.view = (struct published_keys_view){0};
    char *token = make_token(BY_RSA, RS, CLAIMS);
    assert_verdict("no keys", token, FORGE_NOW,
                   "Access token validation failure. The issuer's signing keys are not known "
                   "yet.");
    free(token);
    world.view = before;
}

static void a_verified_token_says_who_calls_and_how_long_it_is_good(void **state) {
    (void)state;
    struct verified_token verified;
    size_t missing_key = 0;
    char *token = make_token(BY_RSA, RS, CLAIMS);
    world.skew = 60;
    assert_ok(verify_at(token, FORGE_NOW, &verified, &missing_key));
    world.skew = 0;
    assert_int_equal(verified.principal.kind, PRINCIPAL_DELEGATED);
    assert_int_equal(verified.principal.permissions, PERMISSION_CONFIGURATION_READ_WRITE);
    assert_string_equal(verified.principal.subject, "o");
    assert_int_equal(verified.lifetime.from, 1720389500 - 60);
    assert_int_equal(verified.lifetime.until, 1720389600 + 60);
    assert_int_equal(verified.generation, 1);
    free(token);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_token_gets_its_verdict),
        cmocka_unit_test(what_is_no_compact_jws_is_refused),
        cmocka_unit_test(a_single_changed_character_breaks_the_signature),
        cmocka_unit_test(an_ecdsa_signature_has_64_bytes),
        cmocka_unit_test(a_signature_of_zeros_is_refused),
        cmocka_unit_test(a_kid_has_at_most_256_bytes),
        cmocka_unit_test(the_clock_skew_counts_to_the_second),
        cmocka_unit_test(an_issuer_accepts_only_its_own_algorithms),
        cmocka_unit_test(only_an_unknown_key_asks_for_a_fetch),
        cmocka_unit_test(without_a_kid_two_keys_are_one_too_many),
        cmocka_unit_test(a_key_for_one_tenant_signs_for_no_other),
        cmocka_unit_test(before_keys_are_known_nothing_is_accepted),
        cmocka_unit_test(a_verified_token_says_who_calls_and_how_long_it_is_good),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
