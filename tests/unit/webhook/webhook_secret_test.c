/* Secrets in their files, and the signatures made with them. */
#include "webhook/webhook_secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

#define SECRET "0123456789abcdef0123456789abcdef"
#define OTHER "ffffffffffffffffffffffffffffffff"
#define PATH_TEMPLATE "/tmp/muster-secret-XXXXXX"

static struct error read_text(const char *text, mode_t mode, struct webhook_secrets *secrets) {
    char path[] = PATH_TEMPLATE;
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    assert_int_equal(fchmod(file, mode), 0);
    assert_int_equal(close(file), 0);
    struct error error = webhook_secrets_read(path, secrets);
    assert_int_equal(unlink(path), 0);
    return error;
}

/* The codes are those that "openssl dgst -sha256 -hmac" gives. */
static void a_signature_is_over_time_and_body(void **state) {
    (void)state;
    struct webhook_secrets secrets = {.count = 0};
    struct buffer out = {0};
    assert_ok(read_text(SECRET "\n", 0600, &secrets));
    webhook_secrets_sign(&secrets, 1764000000, SLICE("{\"type\":\"token.created\"}"), &out);
    assert_slice(buffer_slice(&out),
                 "t=1764000000,v1="
                 "aac22e1fa7e34a4c49bc24ef47f94f1a058d2ec3aaef03abecf63f8c83e69ebe");
    buffer_free(&out);
}

static void two_secrets_give_two_codes_while_one_replaces_the_other(void **state) {
    (void)state;
    struct webhook_secrets secrets = {.count = 0};
    struct buffer out = {0};
    assert_ok(read_text(OTHER "\n" SECRET, 0400, &secrets));
    webhook_secrets_sign(&secrets, 1764000000, SLICE("{\"type\":\"token.created\"}"), &out);
    assert_slice(buffer_slice(&out),
                 "t=1764000000,v1="
                 "fee39d060024a144c2e0eae75cbe819a8d77637bd84a3929460be85ba4e98db7"
                 ",v1="
                 "aac22e1fa7e34a4c49bc24ef47f94f1a058d2ec3aaef03abecf63f8c83e69ebe");
    buffer_free(&out);
}

static void a_file_that_is_no_secret_is_refused_and_what_was_known_stays(void **state) {
    (void)state;
    static const char *const texts[] = {"",
                                        "\n",
                                        "short\n",
                                        "0123456789abcdef0123456789abcde\n",
                                        SECRET "\r\n",
                                        SECRET " " SECRET "\n",
                                        SECRET "\n\n" SECRET "\n",
                                        SECRET "\n" SECRET "\n" SECRET "\n",
                                        SECRET "\xC3\xA9\n",
                                        "\n" SECRET "\n"};
    struct webhook_secrets secrets = {.count = 0};
    assert_ok(read_text(SECRET, 0600, &secrets));
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct error error = read_text(texts[i], 0600, &secrets);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_non_null(strstr(error.message, "a line of 32 to 256 printable ASCII characters"));
        assert_non_null(strstr(error.message, "openssl rand -hex 32"));
        assert_null(strstr(error.message, "0123456789abcdef"));
        assert_int_equal(secrets.count, 1);
        assert_int_equal(secrets.length[0], 32);
    }
    webhook_secrets_clear(&secrets);
    assert_int_equal(secrets.count, 0);
}

static void a_file_that_others_may_read_is_refused(void **state) {
    (void)state;
    struct webhook_secrets secrets = {.count = 0};
    static const mode_t modes[] = {0640, 0604, 0660, 0644};
    for (size_t i = 0; i < COUNT_OF(modes); i++) {
        struct error error = read_text(SECRET "\n", modes[i], &secrets);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_non_null(strstr(error.message, "others may read the webhook's secret"));
        assert_non_null(strstr(error.message, "chmod 600"));
    }
}

static void what_is_no_file_is_refused(void **state) {
    (void)state;
    struct webhook_secrets secrets = {.count = 0};
    struct error error = webhook_secrets_read("/nowhere/a.secret", &secrets);
    assert_string_equal(error.message, "/nowhere/a.secret: the webhook's secret cannot be read: No "
                                       "such file or directory");
    error = webhook_secrets_read("/tmp", &secrets);
    assert_string_equal(error.message, "/tmp: the webhook's secret must be a plain file");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_is_over_time_and_body),
        cmocka_unit_test(two_secrets_give_two_codes_while_one_replaces_the_other),
        cmocka_unit_test(a_file_that_is_no_secret_is_refused_and_what_was_known_stays),
        cmocka_unit_test(a_file_that_others_may_read_is_refused),
        cmocka_unit_test(what_is_no_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
