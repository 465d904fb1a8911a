/* Addresses that events are sent to, and the files that keep them secret. */
#include "webhook/webhook_address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

#define URL "https://hooks.example.org/a-secret-path"
#define PATH_TEMPLATE "/tmp/muster-address-XXXXXX"

static struct error read_bytes(struct slice text, mode_t mode, bool takes_plain_http,
                               struct webhook_address *address) {
    char path[] = PATH_TEMPLATE;
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text.length == 0 ? "" : text.data, text.length),
                     (ssize_t)text.length);
    assert_int_equal(fchmod(file, mode), 0);
    assert_int_equal(close(file), 0);
    const struct webhook_settings settings = {
        .name = "a", .url_file = path, .takes_plain_http = takes_plain_http};
    struct error error = webhook_address_read(&settings, address);
    assert_int_equal(unlink(path), 0);
    return error;
}

static struct error read_text(const char *text, struct webhook_address *address) {
    return read_bytes(slice_from_string(text), 0600, false, address);
}

static void an_address_is_the_settings_own_or_a_files_line(void **state) {
    (void)state;
    static const char *const texts[] = {URL, URL "\n", URL "\r\n", URL " \t\n\n"};
    struct webhook_address address = {""};
    const struct webhook_settings settings = {.url = "https://hooks.example.org/"};
    assert_ok(webhook_address_read(&settings, &address));
    assert_string_equal(address.text, "https://hooks.example.org/");
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        webhook_address_clear(&address);
        assert_string_equal(address.text, "");
        assert_ok(read_text(texts[i], &address));
        assert_string_equal(address.text, URL);
    }
}

/* Longer than a line of the configuration may be: such addresses carry a signature. */
static void an_address_may_have_two_thousand_characters(void **state) {
    (void)state;
    char text[3000];
    struct webhook_address address = {""};
    memset(text, 'x', sizeof text);
    memcpy(text, URL, strlen(URL));
    assert_ok(read_bytes((struct slice){text, 2000}, 0400, false, &address));
    assert_int_equal(strlen(address.text), 2000);
    static const size_t lengths[] = {2001, 2047, 2048, 2049, sizeof text};
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        struct error error = read_bytes((struct slice){text, lengths[i]}, 0600, false, &address);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_non_null(
            strstr(error.message, "the webhook's address must not be longer than 2000 characters"));
    }
    memset(text + strlen(URL), ' ', sizeof text - strlen(URL));
    text[sizeof text - 1] = 'x';
    struct error error = read_bytes((struct slice){text, sizeof text}, 0600, false, &address);
    assert_non_null(strstr(error.message, "the webhook's address must be one line"));
    assert_int_equal(strlen(address.text), 2000);
}

static void what_is_no_address_is_refused_unrepeated_and_what_was_known_stays(void **state) {
    (void)state;
    static const struct {
        struct slice text;
        const char *message;
    } cases[] = {
        {{"", 0}, "must be one line, without blanks in it"},
        {{"\n", 1}, "must be one line, without blanks in it"},
        {{"\n" URL, sizeof URL}, "must be one line, without blanks in it"},
        {{URL "\n" URL "\n", 2 * sizeof URL}, "must be one line, without blanks in it"},
        {{URL " x", sizeof URL + 1}, "must be one line, without blanks in it"},
        {{URL "\0x", sizeof URL + 1}, "must be one line, without blanks in it"},
        {{URL "\0", sizeof URL}, "must be one line, without blanks in it"},
        {{"a-secret-path", 13}, "must be an absolute https address"},
        {{"ftp://a-secret-path/", 20}, "must be an https address"},
        {{"http://a-secret-path/", 21}, "must be https: what goes by http can be read"},
        {{"http://127.0.0.1/", 17}, "must be https: http to this machine is for --dev only"},
    };
    struct webhook_address address = {""};
    assert_ok(read_text(URL, &address));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct error error = read_bytes(cases[i].text, 0600, false, &address);
        assert_int_equal(error.code, ERROR_INVALID);
        if (strstr(error.message, cases[i].message) == NULL)
            fail_msg("%s instead of %s", error.message, cases[i].message);
        assert_non_null(strstr(error.message, ": the webhook's address "));
        assert_null(strstr(error.message, "a-secret-path"));
        assert_string_equal(address.text, URL);
    }
    assert_ok(read_bytes(SLICE("http://127.0.0.1/"), 0600, true, &address));
}

static void a_file_that_others_may_read_is_refused(void **state) {
    (void)state;
    struct webhook_address address = {""};
    struct error error = read_bytes(SLICE(URL), 0640, false, &address);
    assert_int_equal(error.code, ERROR_INVALID);
    assert_non_null(strstr(error.message, "others may read the webhook's address (mode 0640). Run: "
                                          "chmod 600 /tmp/muster-address-"));
    const struct webhook_settings none = {.url_file = "/nowhere/a.url"};
    error = webhook_address_read(&none, &address);
    assert_string_equal(error.message, "/nowhere/a.url: the webhook's address cannot be read: No "
                                       "such file or directory");
}

static void a_fifo_that_nobody_writes_to_holds_up_nobody(void **state) {
    (void)state;
    char directory[] = PATH_TEMPLATE;
    char path[64];
    struct webhook_address address = {""};
    assert_non_null(mkdtemp(directory));
    (void)snprintf(path, sizeof path, "%s/fifo", directory);
    assert_int_equal(mkfifo(path, 0600), 0);
    const struct webhook_settings settings = {.url_file = path};
    struct error error = webhook_address_read(&settings, &address);
    assert_non_null(strstr(error.message, "the webhook's address must be a plain file"));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(directory), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_the_settings_own_or_a_files_line),
        cmocka_unit_test(an_address_may_have_two_thousand_characters),
        cmocka_unit_test(what_is_no_address_is_refused_unrepeated_and_what_was_known_stays),
        cmocka_unit_test(a_file_that_others_may_read_is_refused),
        cmocka_unit_test(a_fifo_that_nobody_writes_to_holds_up_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
