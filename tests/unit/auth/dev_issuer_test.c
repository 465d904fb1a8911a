#include "auth/dev_issuer.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/authenticator.h"
#include "auth/bearer.h"
#include "auth/token_forge.h"
#include "auth/token_json.h"
#include "domain/permission.h"
#include "test.h"

#define NOW (INSTANT_UNIX_EPOCH + FORGE_NOW * INSTANT_TICKS_PER_SECOND)

struct place {
    char directory[32];
    char key[64];
    char keys[64];
};

static struct place make_place(void) {
    struct place place;
    (void)snprintf(place.directory, sizeof place.directory, "/tmp/muster-dev-XXXXXX");
    assert_non_null(mkdtemp(place.directory));
    (void)snprintf(place.key, sizeof place.key, "%s/" DEV_ISSUER_KEY_FILE, place.directory);
    (void)snprintf(place.keys, sizeof place.keys, "%s/" DEV_ISSUER_KEYS_FILE, place.directory);
    return place;
}

static void clear_place(const struct place *place) {
    (void)unlink(place->key);
    (void)unlink(place->keys);
    /* Nothing else was left behind. */
    assert_int_equal(rmdir(place->directory), 0);
}

static struct dev_token_request make_request(void) {
    struct dev_token_request request = {.expires_in = 3600};
    assert_true(guid_parse(SLICE(FORGE_TENANT), &request.tenant));
    return request;
}

static struct buffer sign(const struct dev_issuer *issuer,
                          const struct dev_token_request *request) {
    struct buffer header = {0};
    struct still_random random = still_random_make(7);
    buffer_append_string(&header, "Bearer ");
    assert_ok(dev_issuer_sign_token(issuer, request, &random.source, NOW, &header));
    return header;
}

static json_t *read_claims(const struct buffer *header) {
    struct slice token;
    struct compact_jws jws;
    assert_ok(bearer_parse(buffer_slice(header), &token));
    assert_ok(bearer_split(token, &jws));
    json_t *claims = token_json_decode(jws.payload);
    assert_non_null(claims);
    return claims;
}

static void the_key_is_made_once_and_kept_from_others(void **state) {
    (void)state;
    struct place place = make_place();
    struct stat first;
    struct stat second;
    struct dev_issuer *issuer = NULL;
    assert_ok(dev_issuer_open(place.directory, &issuer));
    dev_issuer_close(issuer);
    assert_int_equal(stat(place.key, &first), 0);
    assert_int_equal(first.st_mode & 07777, 0600);
    assert_ok(dev_issuer_open(place.directory, &issuer));
    dev_issuer_close(issuer);
    assert_int_equal(stat(place.key, &second), 0);
    assert_int_equal(first.st_ino, second.st_ino);
    clear_place(&place);
}

static void the_published_keys_hold_no_private_member(void **state) {
    (void)state;
    struct place place = make_place();
    struct dev_issuer *issuer = NULL;
    assert_ok(dev_issuer_open(place.directory, &issuer));
    json_t *document = json_load_file(place.keys, 0, NULL);
    const json_t *key = json_array_get(json_object_get(document, "keys"), 0);
    static const char *const expected[] = {"kty", "kid", "n", "e", "use", "alg"};
    for (size_t i = 0; i < COUNT_OF(expected); i++)
        assert_non_null(json_object_get(key, expected[i]));
    assert_int_equal(json_object_size(key), COUNT_OF(expected));
    json_decref(document);
    dev_issuer_close(issuer);
    clear_place(&place);
}

static void a_key_that_others_may_read_is_refused(void **state) {
    (void)state;
    struct place place = make_place();
    struct dev_issuer *issuer = NULL;
    assert_ok(dev_issuer_open(place.directory, &issuer));
    dev_issuer_close(issuer);
    assert_int_equal(chmod(place.key, 0640), 0);
    assert_error(dev_issuer_open(place.directory, &issuer), ERROR_INVALID);
    assert_null(issuer);
    clear_place(&place);
}

static void a_damaged_key_is_named_and_not_replaced(void **state) {
    (void)state;
    static const char *const texts[] = {"", "{", "{}",
                                        "{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"x\"}"};
    struct place place = make_place();
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct dev_issuer *issuer = NULL;
        FILE *file = fopen(place.key, "w");
        assert_non_null(file);
        assert_true(fputs(texts[i], file) >= 0);
        assert_int_equal(fclose(file), 0);
        assert_int_equal(chmod(place.key, 0600), 0);
        struct error error = dev_issuer_open(place.directory, &issuer);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_non_null(strstr(error.message, place.key));
        struct stat status;
        assert_int_equal(stat(place.key, &status), 0);
        assert_int_equal(status.st_size, strlen(texts[i]));
    }
    clear_place(&place);
}

static void a_directory_that_is_not_there_is_an_error(void **state) {
    (void)state;
    struct dev_issuer *issuer = NULL;
    assert_error(dev_issuer_open("/tmp/muster-no-such-directory", &issuer), ERROR_INTERNAL);
}

static void a_token_looks_like_entras(void **state) {
    (void)state;
    static const struct {
        const char *claim;
        const char *value;
    } texts[] = {
        {"ver", "2.0"},
        {"aud", "00000003-0000-0000-c000-000000000000"},
        {"iss", "https://dev.muster.invalid/" FORGE_TENANT "/v2.0"},
        {"tid", FORGE_TENANT},
        {"preferred_username", "jane"},
        {"scp", "A B"},
        {"uti", "BwcHBwcHBwcHBwcHBwcHBw"},
    };
    struct place place = make_place();
    struct dev_issuer *issuer = NULL;
    struct dev_token_request request = make_request();
    request.user = "jane";
    request.scopes = "A B";
    assert_ok(dev_issuer_open(place.directory, &issuer));
    struct buffer header = sign(issuer, &request);
    json_t *claims = read_claims(&header);
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_slice(token_json_member(claims, texts[i].claim), texts[i].value);
    assert_int_equal(json_integer_value(json_object_get(claims, "iat")), FORGE_NOW);
    assert_int_equal(json_integer_value(json_object_get(claims, "nbf")), FORGE_NOW);
    assert_int_equal(json_integer_value(json_object_get(claims, "exp")), FORGE_NOW + 3600);
    struct guid oid;
    assert_true(guid_parse(token_json_member(claims, "oid"), &oid));
    assert_non_null(json_object_get(claims, "sub"));
    assert_non_null(json_object_get(claims, "azp"));
    json_decref(claims);
    buffer_free(&header);
    dev_issuer_close(issuer);
    clear_place(&place);
}

static void an_expired_token_was_valid_once(void **state) {
    (void)state;
    struct place place = make_place();
    struct dev_issuer *issuer = NULL;
    struct dev_token_request request = make_request();
    request.expires_in = -120;
    assert_ok(dev_issuer_open(place.directory, &issuer));
    struct buffer header = sign(issuer, &request);
    json_t *claims = read_claims(&header);
    int64_t expires = json_integer_value(json_object_get(claims, "exp"));
    assert_int_equal(expires, FORGE_NOW - 120);
    assert_true(json_integer_value(json_object_get(claims, "nbf")) < expires);
    assert_true(json_integer_value(json_object_get(claims, "iat")) < expires);
    json_decref(claims);
    buffer_free(&header);
    dev_issuer_close(issuer);
    clear_place(&place);
}

static void a_user_has_the_same_object_every_time(void **state) {
    (void)state;
    struct place place = make_place();
    struct dev_issuer *issuer = NULL;
    struct dev_token_request request = make_request();
    assert_ok(dev_issuer_open(place.directory, &issuer));
    struct buffer headers[3];
    json_t *claims[3];
    headers[0] = sign(issuer, &request);
    headers[1] = sign(issuer, &request);
    request.user = "somebody else";
    headers[2] = sign(issuer, &request);
    for (size_t i = 0; i < COUNT_OF(headers); i++)
        claims[i] = read_claims(&headers[i]);
    assert_true(json_equal(json_object_get(claims[0], "oid"), json_object_get(claims[1], "oid")));
    assert_false(json_equal(json_object_get(claims[0], "oid"), json_object_get(claims[2], "oid")));
    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        json_decref(claims[i]);
        buffer_free(&headers[i]);
    }
    dev_issuer_close(issuer);
    clear_place(&place);
}

static void requests_that_make_no_sense_are_refused(void **state) {
    (void)state;
    struct place place = make_place();
    struct dev_issuer *issuer = NULL;
    struct buffer token = {0};
    char long_text[DEV_ISSUER_TEXT_AT_MOST + 2];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    struct dev_token_request requests[6];
    for (size_t i = 0; i < COUNT_OF(requests); i++)
        requests[i] = make_request();
    requests[0].application = requests[0].personal = true;
    requests[1].user = long_text;
    requests[2].scopes = long_text;
    requests[3].user = "\xFF";
    requests[4].expires_in = INT64_MAX;
    requests[5].expires_in = INT64_MIN;
    assert_ok(dev_issuer_open(place.directory, &issuer));
    for (size_t i = 0; i < COUNT_OF(requests); i++)
        assert_error(dev_issuer_sign_token(issuer, &requests[i], &system_random, NOW, &token),
                     ERROR_INVALID);
    assert_int_equal(token.length, 0);
    dev_issuer_close(issuer);
    clear_place(&place);
}

struct believed_case {
    struct dev_token_request request;
    enum principal_kind kind;
    bool personal;
    unsigned permissions;
};

/* By the same way as any issuer's: the settings, the file, the authenticator. */
static void its_tokens_are_believed_like_any_issuers(void **state) {
    (void)state;
    struct place place = make_place();
    struct dev_issuer *issuer = NULL;
    struct authenticator *authenticator = NULL;
    struct still_clock clock = still_clock_make(NOW);
    assert_ok(dev_issuer_open(place.directory, &issuer));
    const struct authenticator_options options = {.issuers = dev_issuer_settings(issuer),
                                                  .issuer_count = 1,
                                                  .loops = 1,
                                                  .cache_entries = 1,
                                                  .clock = &clock.clock};
    assert_ok(authenticator_open(&options, &authenticator));
    struct believed_case cases[] = {
        {make_request(), PRINCIPAL_DELEGATED, false, PERMISSION_CONFIGURATION_READ_WRITE},
        {make_request(), PRINCIPAL_APPLICATION, false, PERMISSION_CONFIGURATION_READ_WRITE},
        {make_request(), PRINCIPAL_DELEGATED, true, PERMISSION_CONFIGURATION_READ_WRITE},
        {make_request(), PRINCIPAL_DELEGATED, false,
         PERMISSION_CONFIGURATION_READ | PERMISSION_APPS_READ},
    };
    cases[1].request.application = true;
    cases[2].request.personal = true;
    cases[3].request.scopes =
        "DeviceManagementConfiguration.Read.All  DeviceManagementApps.Read.All";
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct principal principal;
        struct buffer header = sign(issuer, &cases[i].request);
        assert_ok(authenticator_check(authenticator, 0, buffer_slice(&header), NOW, &principal));
        assert_int_equal(principal.kind, cases[i].kind);
        assert_int_equal(principal.personal, cases[i].personal);
        assert_int_equal(principal.permissions, cases[i].permissions);
        assert_string_not_equal(principal.subject, "");
        buffer_free(&header);
    }
    authenticator_close(authenticator);
    dev_issuer_close(issuer);
    clear_place(&place);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_key_is_made_once_and_kept_from_others),
        cmocka_unit_test(the_published_keys_hold_no_private_member),
        cmocka_unit_test(a_key_that_others_may_read_is_refused),
        cmocka_unit_test(a_damaged_key_is_named_and_not_replaced),
        cmocka_unit_test(a_directory_that_is_not_there_is_an_error),
        cmocka_unit_test(a_token_looks_like_entras),
        cmocka_unit_test(an_expired_token_was_valid_once),
        cmocka_unit_test(a_user_has_the_same_object_every_time),
        cmocka_unit_test(requests_that_make_no_sense_are_refused),
        cmocka_unit_test(its_tokens_are_believed_like_any_issuers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
