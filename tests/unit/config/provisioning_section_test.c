/* Section [provisioning]: every key, the preset of --dev, and what contradicts itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config_kit.h"

#define DIGEST "0123456789abcdefghijklmnopqrstuvwxyzABCDEFE"
#define CUSTOM "[provisioning]\npreset = custom\ncomponent-name = com.example.dpc/.Admin\n"

static struct config *load(const char *file, const char *const *flags) {
    struct config *config = NULL;
    assert_ok(kit_load(file, NULL, flags, &config));
    return config;
}

static enum provisioning_preset preset_of(const char *file, const char *const *flags) {
    struct config *config = load(file, flags);
    enum provisioning_preset preset = config->provisioning.preset;
    config_free(config);
    return preset;
}

static void only_dev_names_a_controller_by_itself(void **state) {
    (void)state;
    assert_int_equal(preset_of(NULL, FLAGS("--dev")), PROVISIONING_PRESET_CLOUD_DPC);
    assert_int_equal(preset_of(NULL, NULL), PROVISIONING_PRESET_UNSET);
    assert_int_equal(preset_of("[provisioning]\nlocale = de_DE\n", FLAGS("--dev")),
                     PROVISIONING_PRESET_CLOUD_DPC);
}

static void what_the_operator_names_holds_in_dev_too(void **state) {
    (void)state;
    assert_int_equal(preset_of("[provisioning]\npreset = none\n", FLAGS("--dev")),
                     PROVISIONING_PRESET_NONE);
    assert_int_equal(preset_of("[provisioning]\npreset = testDpc\n", FLAGS("--dev")),
                     PROVISIONING_PRESET_TEST_DPC);
    assert_int_equal(
        preset_of("[provisioning]\ncomponent-name = com.example.dpc/.Admin\n", FLAGS("--dev")),
        PROVISIONING_PRESET_UNSET);
}

static void every_key_of_the_controller_is_taken(void **state) {
    (void)state;
    struct config *config = load(CUSTOM "download-location = https://mdm.example.com/dpc.apk\n"
                                        "package-checksum = " DIGEST "\n"
                                        "token-key = example.TOKEN\n"
                                        "admin-extras = {\"site\": \"K\xC3\xB6ln\"}\n"
                                        "server-url = https://muster.example.com\n"
                                        "server-pin = " DIGEST "\n",
                                 NULL);
    const struct provisioning_settings *settings = &config->provisioning;
    assert_int_equal(settings->preset, PROVISIONING_PRESET_CUSTOM);
    assert_slice(settings->component_name, "com.example.dpc/.Admin");
    assert_slice(settings->download_location, "https://mdm.example.com/dpc.apk");
    assert_slice(settings->package_checksum, DIGEST);
    assert_slice(settings->token_key, "example.TOKEN");
    assert_slice(settings->admin_extras, "{\"site\": \"K\xC3\xB6ln\"}");
    assert_slice(settings->server_url, "https://muster.example.com");
    assert_slice(settings->server_pin, DIGEST);
    config_free(config);
    config = load(CUSTOM "signature-checksum = " DIGEST "\n", NULL);
    assert_slice(config->provisioning.signature_checksum, DIGEST);
    config_free(config);
}

static void every_key_of_the_device_is_taken(void **state) {
    (void)state;
    struct config *config = load("[provisioning]\nleave-all-system-apps-enabled = true\n"
                                 "skip-encryption = false\nlocale = de_DE\n"
                                 "time-zone = Europe/Berlin\n",
                                 NULL);
    const struct provisioning_settings *settings = &config->provisioning;
    assert_int_equal(settings->leave_all_system_apps_enabled, PROVISIONING_CHOICE_YES);
    assert_int_equal(settings->skip_encryption, PROVISIONING_CHOICE_NO);
    assert_slice(settings->locale, "de_DE");
    assert_slice(settings->time_zone, "Europe/Berlin");
    config_free(config);
}

static void every_key_of_the_network_is_taken(void **state) {
    (void)state;
    struct config *config = load("[provisioning]\nwifi-ssid = Lager\nwifi-security-type = WPA\n"
                                 "wifi-password = quite secret\nwifi-hidden = true\n"
                                 "wifi-proxy-host = proxy.example.com\nwifi-proxy-port = 3128\n"
                                 "wifi-proxy-bypass = a.example,b.example\n",
                                 NULL);
    const struct provisioning_settings *settings = &config->provisioning;
    assert_slice(settings->wifi_ssid, "Lager");
    assert_int_equal(settings->wifi_security_type, PROVISIONING_WIFI_SECURITY_WPA);
    assert_slice(settings->wifi_password, "quite secret");
    assert_int_equal(settings->wifi_hidden, PROVISIONING_CHOICE_YES);
    assert_slice(settings->wifi_proxy_host, "proxy.example.com");
    assert_int_equal(settings->wifi_proxy_port, 3128);
    assert_slice(settings->wifi_proxy_bypass, "a.example,b.example");
    config_free(config);
    config = load("[provisioning]\nwifi-ssid = Lager\nwifi-pac-url = https://a.example/p.pac\n"
                  "wifi-security-type = NONE\n",
                  NULL);
    assert_slice(config->provisioning.wifi_pac_url, "https://a.example/p.pac");
    config_free(config);
}

static void extras_may_go_over_many_lines(void **state) {
    (void)state;
    struct config *config = load(CUSTOM "admin-extras = {\"a\": 1,\n  \"b\": 2,\n"
                                        "admin-extras = \"c\": 3}\n",
                                 NULL);
    assert_slice(config->provisioning.admin_extras, "{\"a\": 1,\n\"b\": 2,\n\"c\": 3}");
    config_free(config);
}

static void what_is_wrong_is_named_with_file_line_and_key(void **state) {
    (void)state;
    static const struct {
        const char *file;
        const char *message;
    } cases[] = {
        {"[provisioning]\nnonsense = 1\n",
         "FILE:2: [provisioning] nonsense: There is no provisioning setting 'nonsense'."},
        {"[provisioning]\ncomponentName = a.b/.C\n",
         "FILE:2: [provisioning] has no key 'componentName'"},
        {"[provisioning]\nwifi--ssid = x\n", "FILE:2: [provisioning] has no key 'wifi--ssid'"},
        {"[provisioning]\nlocale- = x\n", "FILE:2: [provisioning] has no key 'locale-'"},
        {"[provisioning]\npreset = mine\n",
         "FILE:2: [provisioning] preset: 'preset' must be none, cloudDpc, testDpc, headwind or "
         "custom."},
        {"[provisioning]\npreset = none\npreset = none\n",
         "FILE:3: [provisioning] 'preset' is given twice"},
        {"[provisioning]\nlocale =\n[server]\n[provisioning]\nlocale = de\n",
         "FILE:5: [provisioning] 'locale' is given twice"},
        {"[server]\n[provisioning]\nlocale = German\n",
         "FILE:2: [provisioning] locale: 'locale' must"},
        {"\n[provisioning]\npreset = headwind\n", "FILE:2: [provisioning] download-location: "},
        {CUSTOM "wifi-ssid = a\nwifi-security-type = WPA\nwifi-password = short\n",
         "FILE:1: [provisioning] wifi-password: 'wifiPassword' must have 8 to 63 bytes, or "
         "64 hexadecimal digits, with WPA; 5 were given."},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct config *config = NULL;
        struct error error = kit_load(cases[i].file, NULL, NULL, &config);
        config_free(config);
        assert_int_equal(error.code, ERROR_INVALID);
        const char *place = strchr(error.message, ':');
        assert_non_null(place);
        const char *expected = cases[i].message + strlen("FILE");
        if (strncmp(place, expected, strlen(expected)) != 0)
            fail_msg("'%s' instead of '%s'", error.message, cases[i].message);
    }
}

static void a_refusal_does_not_show_the_wifi_password(void **state) {
    (void)state;
    struct config *config = NULL;
    struct error error = kit_load(CUSTOM "wifi-password = quite secret\n", NULL, NULL, &config);
    config_free(config);
    assert_int_equal(error.code, ERROR_INVALID);
    assert_null(strstr(error.message, "quite secret"));
}

static void settings_that_no_code_can_hold_are_refused_at_the_start(void **state) {
    (void)state;
    char file[8192];
    int length = snprintf(file, sizeof file, CUSTOM "admin-extras = {\"last\": 0");
    for (int i = 0; i < 17; i++)
        length += snprintf(file + length, sizeof file - (size_t)length,
                           "\n  , \"key%d\": \"%0150d\"", i, 0);
    (void)snprintf(file + length, sizeof file - (size_t)length, "}\n");
    struct config *config = NULL;
    struct error error = kit_load(file, NULL, NULL, &config);
    config_free(config);
    assert_int_equal(error.code, ERROR_INVALID);
    assert_non_null(strstr(error.message, ":1: [provisioning] "));
    assert_non_null(strstr(error.message, "2953"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_dev_names_a_controller_by_itself),
        cmocka_unit_test(what_the_operator_names_holds_in_dev_too),
        cmocka_unit_test(every_key_of_the_controller_is_taken),
        cmocka_unit_test(every_key_of_the_device_is_taken),
        cmocka_unit_test(every_key_of_the_network_is_taken),
        cmocka_unit_test(extras_may_go_over_many_lines),
        cmocka_unit_test(what_is_wrong_is_named_with_file_line_and_key),
        cmocka_unit_test(a_refusal_does_not_show_the_wifi_password),
        cmocka_unit_test(settings_that_no_code_can_hold_are_refused_at_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
