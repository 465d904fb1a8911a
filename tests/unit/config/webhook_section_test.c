/* Sections [webhook NAME]: every key, what is required, and what is refused. */
#include <stdio.h>
#include <stdlib.h>

#include "config/config_kit.h"
#include "webhook/webhook_event.h"

#define URL "url = https://hooks.example.org/x\n"
#define SECRET "secret-file = /etc/muster/a.secret\n"
#define MINIMAL "[webhook a]\n" URL SECRET

static void a_webhook_needs_an_address_and_a_secret(void **state) {
    (void)state;
    struct config *config = NULL;
    assert_ok(kit_load(MINIMAL, NULL, NULL, &config));
    assert_int_equal(config->webhook_count, 1);
    const struct webhook_settings *webhook = &config->webhooks[0];
    assert_string_equal(webhook->name, "a");
    assert_string_equal(webhook->url, "https://hooks.example.org/x");
    assert_string_equal(webhook->secret_file, "/etc/muster/a.secret");
    assert_null(webhook->ca_file);
    assert_int_equal(webhook->events, WEBHOOK_EVENTS_ALL);
    assert_int_equal(webhook->timeout_seconds, 10);
    assert_int_equal(webhook->keep_days, 7);
    config_free(config);
}

static void every_key_of_a_webhook_is_taken(void **state) {
    (void)state;
    struct config *config = NULL;
    assert_ok(kit_load(MINIMAL "ca-file = /etc/ca.pem\n"
                               "events = token.expiring, device.enrolled token.expired\n"
                               "timeout-seconds = 60\n"
                               "keep-days = 36500\n"
                               "[webhook b-2.c_D]\n" URL SECRET "timeout-seconds = 1\n"
                               "keep-days = 1\n",
                       NULL, NULL, &config));
    const struct webhook_settings *webhook = &config->webhooks[0];
    assert_string_equal(webhook->ca_file, "/etc/ca.pem");
    assert_int_equal(webhook->events, 1U << WEBHOOK_TOKEN_EXPIRING | 1U << WEBHOOK_DEVICE_ENROLLED |
                                          1U << WEBHOOK_TOKEN_EXPIRED);
    assert_int_equal(webhook->timeout_seconds, 60);
    assert_int_equal(webhook->keep_days, 36500);
    assert_int_equal(config->webhook_count, 2);
    assert_string_equal(config->webhooks[1].name, "b-2.c_D");
    assert_int_equal(config->webhooks[1].timeout_seconds, 1);
    assert_int_equal(config->webhooks[1].keep_days, 1);
    config_free(config);
}

static void what_is_wrong_is_named_with_its_place(void **state) {
    (void)state;
    static const struct {
        const char *file;
        const char *message;
    } cases[] = {
        {"[webhook ]\n", "FILE:1: [webhook NAME] needs a name of 1 to 64 letters, digits, '.', '_' "
                         "and '-'; it is ''"},
        {"[webhook a b]\n", "FILE:1: [webhook NAME] needs a name of 1 to 64 letters, digits, '.', "
                            "'_' and '-'; it is 'a b'"},
        {"[webhook .]\n",
         "FILE:1: [webhook .] needs another name: '.' and '..' mean something else "
         "in the path of an address"},
        {"[webhook ..]\n", "FILE:1: [webhook ..] needs another name: '.' and '..' mean something "
                           "else in the path of an address"},
        {MINIMAL MINIMAL, "FILE:4: [webhook a] is given twice"},
        {"[webhook a]\nkey = x\n", "FILE:2: [webhook a] has no key 'key'"},
        {"[webhook a]\n" URL URL, "FILE:3: [webhook a] 'url' is given twice"},
        {"[webhook a]\nurl =\n", "FILE:2: [webhook a] 'url' must be an https address"},
        {"[webhook a]\n" SECRET, "FILE:1: [webhook a] needs 'url', the https address that events "
                                 "are sent to, or 'url-file', a file that holds it"},
        {MINIMAL "url-file = /etc/muster/a.url\n",
         "FILE:1: [webhook a] has 'url' and 'url-file': keep one of them"},
        {"[webhook a]\nurl-file =\n", "FILE:2: [webhook a] 'url-file' must be a path; it is ''"},
        {"[webhook a]\n" URL,
         "FILE:1: [webhook a] needs 'secret-file', with which its events are signed"},
        {"[webhook a]\nsecret-file =\n", "FILE:2: [webhook a] 'secret-file' must be a path; it is "
                                         "''"},
        {MINIMAL "events = token.made\n",
         "FILE:4: [webhook a] 'events' must be names of events, parted by blanks; see "
         "docs/webhooks.md; it is 'token.made'"},
        {MINIMAL "events =\n", "FILE:4: [webhook a] 'events' must be names of events, parted by "
                               "blanks; see docs/webhooks.md; it is ''"},
        {MINIMAL "timeout-seconds = 0\n",
         "FILE:4: [webhook a] 'timeout-seconds' must be a whole number from 1 to 60; it is '0'"},
        {MINIMAL "timeout-seconds = 61\n",
         "FILE:4: [webhook a] 'timeout-seconds' must be a whole number from 1 to 60; it is '61'"},
        {MINIMAL "keep-days = 0\n",
         "FILE:4: [webhook a] 'keep-days' must be a whole number from 1 to 36500; it is '0'"},
        {MINIMAL "keep-days = 36501\n",
         "FILE:4: [webhook a] 'keep-days' must be a whole number from 1 to 36500; it is '36501'"},
        {"[webhook a]\nurl = ftp://example.org/\n" SECRET,
         "FILE:1: [webhook a] 'url' must be an https address"},
        {"[webhook a]\nurl = https://u:p@example.org/\n" SECRET,
         "FILE:1: [webhook a] 'url' must not hold a user, a password or a fragment"},
        {"[webhook a]\nurl = http://example.org/\n" SECRET,
         "FILE:1: [webhook a] 'url' must be https: what goes by http can be read and forged on the "
         "way (http is fine for localhost only)"},
        {"[webhook a]\nurl = http://localhost:1/\n" SECRET,
         "FILE:1: [webhook a] 'url' must be https: http to this machine is for --dev only"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        kit_assert_refused(cases[i].file, NULL, NULL, cases[i].message);
}

static void an_address_may_lie_in_a_file(void **state) {
    (void)state;
    struct config *config = NULL;
    assert_ok(kit_load("[webhook a]\nurl-file = /etc/muster/a.url\n" SECRET, NULL, NULL, &config));
    assert_null(config->webhooks[0].url);
    assert_string_equal(config->webhooks[0].url_file, "/etc/muster/a.url");
    assert_false(config->webhooks[0].takes_plain_http);
    config_free(config);
    assert_ok(kit_load("[webhook a]\nurl-file = /etc/muster/a.url\n" SECRET, NULL, FLAGS("--dev"),
                       &config));
    assert_true(config->webhooks[0].takes_plain_http);
    config_free(config);
}

static void http_to_this_machine_is_for_development(void **state) {
    (void)state;
    static const char *const dev[] = {"--dev", NULL};
    struct config *config = NULL;
    assert_ok(kit_load("[webhook a]\nurl = http://127.0.0.1:8081/\n" SECRET, NULL, dev, &config));
    config_free(config);
    kit_assert_refused("[webhook a]\nurl = http://192.0.2.1/\n" SECRET, NULL, dev,
                       "FILE:1: [webhook a] 'url' must be https: what goes by http can be read and "
                       "forged on the way (http is fine for localhost only)");
}

static void there_may_be_sixteen(void **state) {
    (void)state;
    char file[4096] = "";
    size_t length = 0;
    for (int i = 0; i <= CONFIG_WEBHOOKS_AT_MOST; i++)
        length +=
            (size_t)snprintf(file + length, sizeof file - length, "[webhook w%d]\n" URL SECRET, i);
    kit_assert_refused(file, NULL, NULL, "FILE:49: there are more than 16 webhooks");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_webhook_needs_an_address_and_a_secret),
        cmocka_unit_test(every_key_of_a_webhook_is_taken),
        cmocka_unit_test(what_is_wrong_is_named_with_its_place),
        cmocka_unit_test(an_address_may_lie_in_a_file),
        cmocka_unit_test(http_to_this_machine_is_for_development),
        cmocka_unit_test(there_may_be_sixteen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
