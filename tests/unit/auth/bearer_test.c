#include "auth/bearer.h"

#include <stdlib.h>
#include <string.h>

#include "auth/authenticator.h"
#include "auth/base64url.h"
#include "test.h"

#define EMPTY "Access token is empty."
#define SCHEME "Access token validation failure. The Authorization header must be: Bearer <token>."

static void the_token_is_cut_out_of_the_header(void **state) {
    (void)state;
    static const char *const values[] = {"Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c",
                                         "Bearer   a.b.c", " Bearer a.b.c\t"};
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        struct slice token;
        assert_ok(bearer_parse(slice_from_string(values[i]), &token));
        assert_slice(token, "a.b.c");
    }
}

static void a_header_without_a_token_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *value; /* NULL: no header */
        const char *refusal;
    } cases[] = {
        {NULL, EMPTY},       {"", EMPTY},
        {"  ", EMPTY},       {"Bearer", EMPTY},
        {"Bearer ", EMPTY},  {"bearer \t ", EMPTY},
        {"Basic x", SCHEME}, {"BearerX a.b.c", SCHEME},
        {"a.b.c", SCHEME},   {"Bearer\ta.b.c", SCHEME},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct slice token;
        struct error error = bearer_parse(slice_from_string(cases[i].value), &token);
        assert_int_equal(error.code, ERROR_UNAUTHENTICATED);
        assert_string_equal(error.message, cases[i].refusal);
    }
}

static void a_token_is_bounded(void **state) {
    (void)state;
    size_t length = strlen("Bearer ") + AUTHENTICATOR_TOKEN_BYTES_AT_MOST;
    char *value = malloc(length + 1);
    assert_non_null(value);
    memset(value, 'a', length + 1);
    memcpy(value, "Bearer ", strlen("Bearer "));
    struct slice token;
    assert_ok(bearer_parse((struct slice){value, length}, &token));
    assert_error(bearer_parse((struct slice){value, length + 1}, &token), ERROR_UNAUTHENTICATED);
    free(value);
}

static void a_nul_byte_does_not_end_a_token(void **state) {
    (void)state;
    static const char value[] = "Bearer a.b.c\0d";
    struct slice token;
    struct compact_jws jws;
    assert_ok(bearer_parse((struct slice){value, sizeof value - 1}, &token));
    assert_int_equal(token.length, 7);
    assert_error(bearer_split(token, &jws), ERROR_UNAUTHENTICATED);
}

static void a_compact_jws_has_three_parts(void **state) {
    (void)state;
    struct compact_jws jws;
    assert_ok(bearer_split(SLICE("aa.bb.cc"), &jws));
    assert_slice(jws.header, "aa");
    assert_slice(jws.payload, "bb");
    assert_slice(jws.signature, "cc");
}

static void no_message_repeats_the_token(void **state) {
    (void)state;
    static const char *const values[] = {"Bearer secret secret", "secret", "Bearer secret.secret",
                                         "Bearer \"secret\""};
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        struct slice token;
        struct compact_jws jws;
        struct error error = bearer_parse(slice_from_string(values[i]), &token);
        if (!error_is_set(&error))
            error = bearer_split(token, &jws);
        assert_int_equal(error.code, ERROR_UNAUTHENTICATED);
        assert_null(strstr(error.message, "secret"));
    }
}

/* The examples of RFC 4648 section 10, without padding. */
static void base64url_has_one_spelling_for_each_value(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        const char *text;
    } examples[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "-_8"}};
    for (size_t i = 0; i < COUNT_OF(examples); i++) {
        size_t size = strlen(examples[i].bytes);
        char text[16];
        uint8_t bytes[16];
        base64url_encode((const uint8_t *)examples[i].bytes, size, text);
        assert_string_equal(text, examples[i].text);
        assert_int_equal(BASE64URL_LENGTH(size), strlen(text));
        assert_int_equal(BASE64URL_DECODED_SIZE(strlen(text)), size);
        assert_true(base64url_decode(slice_from_string(text), bytes));
        assert_memory_equal(bytes, examples[i].bytes, size);
    }
    static const char *const wrong[] = {"Z", "Zh", "Zm9", "Zg==", "Zm9v\n", "+/8", "Zm 9"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        uint8_t bytes[16];
        assert_false(base64url_decode(slice_from_string(wrong[i]), bytes));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_token_is_cut_out_of_the_header),
        cmocka_unit_test(a_header_without_a_token_is_refused),
        cmocka_unit_test(a_token_is_bounded),
        cmocka_unit_test(a_nul_byte_does_not_end_a_token),
        cmocka_unit_test(a_compact_jws_has_three_parts),
        cmocka_unit_test(no_message_repeats_the_token),
        cmocka_unit_test(base64url_has_one_spelling_for_each_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
