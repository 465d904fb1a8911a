/* Settings as JSON: what a profile may hold, and what is shown of it. */
#include "provisioning/settings_json.h"

#include <string.h>

#include "base/utf8.h"
#include "test.h"

static int open_arena(void **state) {
    static struct arena arena;
    *state = &arena;
    return 0;
}

static int free_arena(void **state) {
    arena_free(*state);
    return 0;
}

static void every_type_is_taken_and_null_sets_nothing(void **state) {
    struct provisioning_settings settings;
    assert_ok(provisioning_settings_parse_json(
        SLICE("{\"preset\":\"custom\",\"componentName\":\"a.b/.C\",\"adminExtras\":{\"n\":[1]},"
              "\"wifiHidden\":true,\"skipEncryption\":false,\"wifiProxyPort\":3128,"
              "\"wifiSecurityType\":\"wpa\",\"locale\":null,\"tokenKey\":\"\"}"),
        *state, &settings));
    assert_int_equal(settings.preset, PROVISIONING_PRESET_CUSTOM);
    assert_slice(settings.component_name, "a.b/.C");
    assert_slice(settings.admin_extras, "{\"n\":[1]}");
    assert_int_equal(settings.wifi_hidden, PROVISIONING_CHOICE_YES);
    assert_int_equal(settings.skip_encryption, PROVISIONING_CHOICE_NO);
    assert_int_equal(settings.wifi_proxy_port, 3128);
    assert_int_equal(settings.wifi_security_type, PROVISIONING_WIFI_SECURITY_WPA);
    assert_null(settings.locale.data);
    assert_non_null(settings.token_key.data);
    assert_int_equal(settings.token_key.length, 0);
}

static void a_value_of_another_type_is_refused(void **state) {
    static const struct {
        const char *json;
        const char *target;
        const char *expected;
    } cases[] = {
        {"{\"wifiSsid\":12345}", "wifiSsid", "a string"},
        {"{\"wifiPassword\":12345678}", "wifiPassword", "a string"},
        {"{\"tokenKey\":true}", "tokenKey", "a string"},
        {"{\"locale\":{\"language\":\"de\"}}", "locale", "a string"},
        {"{\"locale\":[]}", "locale", "a string"},
        {"{\"preset\":4}", "preset", "a string"},
        {"{\"wifiSecurityType\":false}", "wifiSecurityType", "a string"},
        {"{\"wifiHidden\":\"true\"}", "wifiHidden", "true or false"},
        {"{\"skipEncryption\":1}", "skipEncryption", "true or false"},
        {"{\"wifiProxyPort\":\"80\"}", "wifiProxyPort", "a whole number"},
        {"{\"wifiProxyPort\":80.0}", "wifiProxyPort", "a whole number"},
        {"{\"wifiProxyPort\":-1}", "wifiProxyPort", "a number from 1 to 65535"},
        {"{\"wifiProxyPort\":65536}", "wifiProxyPort", "a number from 1 to 65535"},
        {"{\"adminExtras\":\"{}\"}", "adminExtras", "an object"},
        {"{\"adminExtras\":[1]}", "adminExtras", "an object"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct provisioning_settings settings;
        struct error error =
            provisioning_settings_parse_json(slice_from_string(cases[i].json), *state, &settings);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_string_equal(error.target, cases[i].target);
        assert_non_null(strstr(error.message, cases[i].expected));
        assert_null(strstr(error.message, "12345"));
    }
}

static void a_name_that_is_none_is_refused_whatever_its_value(void **state) {
    static const char *const texts[] = {"{\"Locale\":\"de\"}", "{\"Locale\":null}",
                                        "{\"Locale\":[]}"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct provisioning_settings settings;
        struct error error =
            provisioning_settings_parse_json(slice_from_string(texts[i]), *state, &settings);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_string_equal(error.target, "Locale");
        assert_string_equal(error.message, "There is no provisioning setting 'Locale'.");
    }
}

/* The cut falls within a character for one of two neighbours. */
static void a_long_name_is_cut_at_a_character(void **state) {
    for (size_t shift = 0; shift < 3; shift++) {
        struct slice text =
            arena_format(*state, "{\"%.*s%s\":1}", (int)shift, "xx",
                         "\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC"
                         "\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC"
                         "\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC"
                         "\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC\u20AC");
        struct provisioning_settings settings;
        struct error error = provisioning_settings_parse_json(text, *state, &settings);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_true(utf8_is_valid(slice_from_string(error.target)));
        assert_true(utf8_is_valid(slice_from_string(error.message)));
    }
}

static void what_is_no_object_is_refused(void **state) {
    static const char *const texts[] = {
        "", "null", "[]", "\"x\"", "{\"locale\":\"de\"", "{\"locale\":\"de\",\"locale\":\"fr\"}"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct provisioning_settings settings;
        assert_error(
            provisioning_settings_parse_json(slice_from_string(texts[i]), *state, &settings),
            ERROR_INVALID);
    }
}

static void all_but_the_wifi_password_is_shown(void **state) {
    struct slice shown = provisioning_settings_show_json(
        SLICE("{\"wifiSsid\":\"a\",\"wifiPassword\":\"quite secret\",\"adminExtras\":{\"b\":1}}"),
        *state);
    assert_slice(shown, "{\"wifiSsid\":\"a\",\"adminExtras\":{\"b\":1}}");
    assert_null(provisioning_settings_show_json(SLICE("[1]"), *state).data);
    assert_null(provisioning_settings_show_json(SLICE("quite secret"), *state).data);
}

#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, open_arena, free_arena)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_ARENA(every_type_is_taken_and_null_sets_nothing),
        WITH_ARENA(a_value_of_another_type_is_refused),
        WITH_ARENA(a_name_that_is_none_is_refused_whatever_its_value),
        WITH_ARENA(a_long_name_is_cut_at_a_character),
        WITH_ARENA(what_is_no_object_is_refused),
        WITH_ARENA(all_but_the_wifi_password_is_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
