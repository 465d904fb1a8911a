/* What settings may say, how a profile overrides the server, and what a preset brings. */
#include "provisioning/settings.h"

#include "test.h"

#define DIGEST "0123456789abcdefghijklmnopqrstuvwxyzABCDEFE"
#define APK "https://mdm.example.com/dpc.apk"

struct assignment {
    const char *name;
    const char *value;
};

#define ASSIGNMENTS_AT_MOST 6

static struct provisioning_settings settings_of(const struct assignment *assignments) {
    struct provisioning_settings settings = {0};
    for (size_t i = 0; i < ASSIGNMENTS_AT_MOST && assignments[i].name != NULL; i++)
        assert_ok(provisioning_settings_set(&settings, slice_from_string(assignments[i].name),
                                            slice_from_string(assignments[i].value)));
    return settings;
}

#define SETTINGS(...) settings_of((const struct assignment[ASSIGNMENTS_AT_MOST]){__VA_ARGS__})

static void every_preset_passes_with_what_it_leaves_to_the_operator(void **state) {
    (void)state;
    static const struct assignment accepted[][ASSIGNMENTS_AT_MOST] = {
        {{NULL, NULL}},
        {{"preset", "none"}},
        {{"preset", "cloudDpc"}},
        {{"preset", "TESTDPC"}},
        {{"preset", "headwind"}, {"downloadLocation", APK}, {"packageChecksum", DIGEST}},
        {{"preset", "custom"},
         {"componentName", "com.example.dpc/.Admin"},
         {"serverUrl", "https://muster.example.com"},
         {"serverPin", DIGEST "="}},
        {{"componentName", "com.example.dpc/com.example.dpc.Admin$Inner_2"}},
    };
    for (size_t i = 0; i < COUNT_OF(accepted); i++) {
        struct provisioning_settings settings = settings_of(accepted[i]);
        assert_ok(provisioning_settings_check(&settings));
    }
}

static void what_the_wizard_takes_is_accepted(void **state) {
    (void)state;
    static const struct assignment accepted[][ASSIGNMENTS_AT_MOST] = {
        {{"locale", "de_DE"}},
        {{"locale", "de"}},
        {{"locale", "zh_Hans_CN"}},
        {{"locale", "es_419"}},
        {{"timeZone", "Europe/Berlin"}},
        {{"timeZone", "America/Argentina/Buenos_Aires"}},
        {{"timeZone", "Etc/GMT+1"}},
        {{"timeZone", "UTC"}},
        {{"preset", "cloudDpc"}, {"downloadLocation", "http://mdm.example.com:8080/a?b=c"}},
        {{"wifiSsid", "Caf\xC3\xA9"}},
        {{"wifiSsid", "12345678901234567890123456789012"}, {"wifiSecurityType", "none"}},
        {{"wifiSsid", "a"}, {"wifiSecurityType", "WPA"}, {"wifiPassword", "12345678"}},
        {{"wifiSsid", "a"},
         {"wifiSecurityType", "wpa"},
         {"wifiPassword", "123456789012345678901234567890123456789012345678901234567890123"}},
        {{"wifiSsid", "a"},
         {"wifiSecurityType", "WPA"},
         {"wifiPassword", "0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789ABCDEF"}},
        {{"wifiSsid", "a"}, {"wifiSecurityType", "WEP"}, {"wifiPassword", "12345"}},
        {{"wifiSsid", "a"},
         {"wifiSecurityType", "WEP"},
         {"wifiPassword", "0123456789abcDEF0123456789"}},
        {{"wifiSsid", "a"},
         {"wifiHidden", "true"},
         {"wifiProxyHost", "proxy.example.com"},
         {"wifiProxyPort", "3128"},
         {"wifiProxyBypass", "localhost,example.com"}},
        {{"wifiSsid", "a"}, {"wifiPacUrl", "http://proxy.example.com/proxy.pac"}},
        {{"adminExtras", "{}"}},
        {{"adminExtras", "{\"a\": \"b\",\n \"c\": 1, \"d\": true, \"e\": \"\"}"}},
        {{"serverUrl", "http://127.0.0.1:8080/"}},
        {{"serverUrl", "http://[::1]:8080"}},
    };
    for (size_t i = 0; i < COUNT_OF(accepted); i++) {
        struct provisioning_settings settings = settings_of(accepted[i]);
        struct error error = provisioning_settings_check(&settings);
        if (error_is_set(&error))
            fail_msg("%s = %s: %s", accepted[i][0].name, accepted[i][0].value, error.message);
    }
}

struct refusal {
    const char *target;
    const char *reason;
    struct assignment assignments[ASSIGNMENTS_AT_MOST];
};

static void check_refusals(const struct refusal *refusals, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct refusal *refusal = &refusals[i];
        struct provisioning_settings settings = settings_of(refusal->assignments);
        struct error error = provisioning_settings_check(&settings);
        if (error.code != ERROR_INVALID || strcmp(error.target, refusal->target) != 0 ||
            strstr(error.message, refusal->reason) == NULL)
            fail_msg("case %zu (%s): code %d, target '%s': %s", i, refusal->target, (int)error.code,
                     error.target, error.message);
    }
}

static void a_component_that_does_not_parse_is_refused(void **state) {
    (void)state;
    static const char *const components[] = {
        "com.example.dpc",
        "com.example.dpc/",
        "/.Admin",
        "com.example.dpc/.",
        "com.example.dpc/Admin",
        "dpc/.Admin",
        "com.example.dpc/.A/.B",
        "com..dpc/.Admin",
        "com.example.1dpc/.Admin",
        "com.example.dpc/.Ad min",
        "com.example.dpc /.Admin",
        ".com.example/.Admin",
        "com.example.dpc/com.example.",
        "com.example.d\xC3\xA4/.Admin",
    };
    for (size_t i = 0; i < COUNT_OF(components); i++) {
        struct provisioning_settings settings = SETTINGS({"componentName", components[i]});
        struct error error = provisioning_settings_check(&settings);
        if (error.code != ERROR_INVALID || strcmp(error.target, "componentName") != 0)
            fail_msg("accepted: %s", components[i]);
    }
    static const struct refusal refusals[] = {
        {"componentName", "is missing", {{"preset", "custom"}}},
        {"componentName", "is missing", {{"preset", "cloudDpc"}, {"componentName", ""}}},
    };
    check_refusals(refusals, COUNT_OF(refusals));
}

static void a_download_needs_exactly_one_good_checksum(void **state) {
    (void)state;
    static const struct refusal refusals[] = {
        {"packageChecksum",
         "exclude each other",
         {{"preset", "cloudDpc"}, {"signatureChecksum", DIGEST}, {"packageChecksum", DIGEST}}},
        {"signatureChecksum",
         "needs a checksum",
         {{"componentName", "a.b/.C"}, {"downloadLocation", "https://example.com/a.apk"}}},
        {"signatureChecksum",
         "needs a checksum",
         {{"componentName", "a.b/.C"}, {"downloadLocation", "http://example.com/a.apk"}}},
        {"signatureChecksum",
         "needs a checksum",
         {{"preset", "testDpc"}, {"signatureChecksum", ""}}},
        {"downloadLocation", "is missing", {{"preset", "headwind"}}},
        {"downloadLocation",
         "https or http",
         {{"preset", "cloudDpc"}, {"downloadLocation", "ftp://example.com/a.apk"}}},
        {"downloadLocation",
         "https or http",
         {{"preset", "cloudDpc"}, {"downloadLocation", "https://example.com/a b.apk"}}},
        {"downloadLocation",
         "https or http",
         {{"preset", "cloudDpc"}, {"downloadLocation", "https:///a.apk"}}},
        {"downloadLocation",
         "https or http",
         {{"preset", "cloudDpc"}, {"downloadLocation", "https://exa\"mple.com/a.apk"}}},
    };
    check_refusals(refusals, COUNT_OF(refusals));
}

static void a_checksum_is_a_sha_256_in_url_safe_base64(void **state) {
    (void)state;
    static const char *const digests[] = {
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEF",    /* 42 */
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFEE",  /* 44 */
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFE==", /* too much padding */
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFF",   /* left-over bits */
        "+123456789abcdefghijklmnopqrstuvwxyzABCDEFE",   /* not URL-safe */
        "/123456789abcdefghijklmnopqrstuvwxyzABCDEFE",
        "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12", /* SHA-1 */
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    };
    static const char *const names[] = {"signatureChecksum", "packageChecksum", "serverPin"};
    for (size_t i = 0; i < COUNT_OF(digests); i++) {
        for (size_t k = 0; k < COUNT_OF(names); k++) {
            struct provisioning_settings settings = SETTINGS({names[k], digests[i]});
            struct error error = provisioning_settings_check(&settings);
            if (error.code != ERROR_INVALID || strcmp(error.target, names[k]) != 0)
                fail_msg("accepted as %s: %s", names[k], digests[i]);
        }
    }
}

static void a_network_that_cannot_be_joined_is_refused(void **state) {
    (void)state;
    static const struct refusal refusals[] = {
        {"wifiSsid", "'wifiPassword' needs", {{"wifiPassword", "12345678"}}},
        {"wifiSsid", "'wifiSecurityType' needs", {{"wifiSecurityType", "NONE"}}},
        {"wifiSsid", "'wifiHidden' needs", {{"wifiHidden", "false"}}},
        {"wifiSsid",
         "'wifiProxyHost' needs",
         {{"wifiProxyHost", "example.com"}, {"wifiProxyPort", "80"}}},
        {"wifiSsid", "'wifiPacUrl' needs", {{"wifiPacUrl", "https://example.com"}}},
        {"wifiSsid", "at most 32", {{"wifiSsid", "123456789012345678901234567890123"}}},
        {"wifiSecurityType", "WPA or WEP", {{"wifiSsid", "a"}, {"wifiPassword", "12345678"}}},
        {"wifiSecurityType",
         "open network",
         {{"wifiSsid", "a"}, {"wifiSecurityType", "NONE"}, {"wifiPassword", "12345678"}}},
        {"wifiPassword",
         "8 to 63",
         {{"wifiSsid", "a"}, {"wifiSecurityType", "WPA"}, {"wifiPassword", "1234567"}}},
        {"wifiPassword", "8 to 63", {{"wifiSsid", "a"}, {"wifiSecurityType", "WPA"}}},
        {"wifiPassword",
         "8 to 63",
         {{"wifiSsid", "a"},
          {"wifiSecurityType", "WPA"},
          {"wifiPassword", "123456789012345678901234567890123456789012345678901234567890123g"}}},
        {"wifiPassword",
         "64 hexadecimal digits",
         {{"wifiSsid", "a"},
          {"wifiSecurityType", "WPA"},
          {"wifiPassword", "12345678901234567890123456789012345678901234567890123456789012345"}}},
        {"wifiPassword",
         "WEP key",
         {{"wifiSsid", "a"}, {"wifiSecurityType", "WEP"}, {"wifiPassword", "1234567"}}},
        {"wifiPassword",
         "WEP key",
         {{"wifiSsid", "a"}, {"wifiSecurityType", "WEP"}, {"wifiPassword", "123456789x"}}},
        {"wifiSecurityType", "EAP needs", {{"wifiSsid", "a"}, {"wifiSecurityType", "EAP"}}},
        {"wifiSsid", "control", {{"wifiSsid", "a\nb"}}},
        {"wifiSsid", "UTF-8", {{"wifiSsid", "a\xFF"}}},
    };
    check_refusals(refusals, COUNT_OF(refusals));
}

static void a_proxy_is_whole_or_absent(void **state) {
    (void)state;
    static const struct refusal refusals[] = {
        {"wifiProxyPort", "need each other", {{"wifiSsid", "a"}, {"wifiProxyHost", "a.b"}}},
        {"wifiProxyPort", "need each other", {{"wifiSsid", "a"}, {"wifiProxyPort", "80"}}},
        {"wifiProxyBypass", "needs", {{"wifiSsid", "a"}, {"wifiProxyBypass", "a.b"}}},
        {"wifiProxyHost",
         "without scheme",
         {{"wifiSsid", "a"}, {"wifiProxyHost", "http://a.b"}, {"wifiProxyPort", "80"}}},
        {"wifiPacUrl",
         "exclude each other",
         {{"wifiSsid", "a"},
          {"wifiProxyHost", "a.b"},
          {"wifiProxyPort", "80"},
          {"wifiPacUrl", "https://a.b"}}},
        {"wifiPacUrl", "https or http", {{"wifiSsid", "a"}, {"wifiPacUrl", "a.b"}}},
    };
    check_refusals(refusals, COUNT_OF(refusals));
}

static void locale_and_time_zone_have_their_form(void **state) {
    (void)state;
    static const struct assignment refused[] = {
        {"locale", "de-DE"},     {"locale", "DE_DE"},           {"locale", "de_de"},
        {"locale", "german"},    {"locale", "de_DE_"},          {"locale", "de_"},
        {"locale", "zh_Hans"},   {"locale", "de_DE.UTF-8"},     {"locale", "d"},
        {"timeZone", "+02:00"},  {"timeZone", "Europe/"},       {"timeZone", "/Europe"},
        {"timeZone", "a/b/c/d"}, {"timeZone", "Europe Berlin"}, {"timeZone", "GMT+02:00"},
    };
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct provisioning_settings settings = SETTINGS(refused[i]);
        struct error error = provisioning_settings_check(&settings);
        if (error.code != ERROR_INVALID || strcmp(error.target, refused[i].name) != 0)
            fail_msg("accepted: %s", refused[i].value);
    }
}

static void a_server_address_that_would_show_the_token_is_refused(void **state) {
    (void)state;
    static const struct refusal refusals[] = {
        {"serverUrl", "https", {{"serverUrl", "http://muster.example.com"}}},
        {"serverUrl", "https", {{"serverUrl", "http://localhost.example.com"}}},
        {"serverUrl", "https", {{"serverUrl", "muster.example.com"}}},
    };
    check_refusals(refusals, COUNT_OF(refusals));
}

static void extras_that_android_cannot_carry_are_refused(void **state) {
    (void)state;
    static const struct refusal refusals[] = {
        {"tokenKey", "must not be empty", {{"preset", "cloudDpc"}, {"tokenKey", ""}}},
        {"tokenKey", "control", {{"tokenKey", "a\tb"}}},
        {"adminExtras", "one JSON object", {{"adminExtras", "[]"}}},
        {"adminExtras", "one JSON object", {{"adminExtras", "{\"a\": }"}}},
        {"adminExtras", "one JSON object", {{"adminExtras", "{\"a\": 1, \"a\": 2}"}}},
        {"adminExtras", "one JSON object", {{"adminExtras", "{\"a\": \"\\u0000\"}"}}},
        {"adminExtras", "UTF-8", {{"adminExtras", "{\"a\": \"\xC3\"}"}}},
        {"adminExtras", "names of 1 to", {{"adminExtras", "{\"\": 1}"}}},
        {"adminExtras", "names of 1 to", {{"adminExtras", "{\"a\\n\": 1}"}}},
        {"adminExtras", "'a' is something else", {{"adminExtras", "{\"a\": null}"}}},
        {"adminExtras", "'a' is something else", {{"adminExtras", "{\"a\": 1.5}"}}},
        {"adminExtras", "'a' is something else", {{"adminExtras", "{\"a\": []}"}}},
        {"adminExtras", "'a' is something else", {{"adminExtras", "{\"a\": {}}"}}},
        {"adminExtras",
         "must not hold 'muster.ENROLLMENT_TOKEN'",
         {{"componentName", "a.b/.C"}, {"adminExtras", "{\"muster.ENROLLMENT_TOKEN\": \"x\"}"}}},
        {"adminExtras",
         "must not hold 'my.token'",
         {{"preset", "cloudDpc"},
          {"tokenKey", "my.token"},
          {"adminExtras", "{\"my.token\": \"x\"}"}}},
        {"adminExtras",
         "must not hold 'muster.SERVER_URL'",
         {{"componentName", "a.b/.C"},
          {"serverUrl", "https://a.b"},
          {"adminExtras", "{\"muster.SERVER_URL\": \"x\"}"}}},
        {"adminExtras",
         "must not hold 'muster.SERVER_PIN'",
         {{"componentName", "a.b/.C"},
          {"serverPin", DIGEST},
          {"adminExtras", "{\"muster.SERVER_PIN\": \"x\"}"}}},
    };
    check_refusals(refusals, COUNT_OF(refusals));
}

static void a_text_has_a_limit(void **state) {
    (void)state;
    char text[PROVISIONING_EXTRAS_AT_MOST + 2];
    memset(text, 'a', sizeof text);
    static const struct {
        const char *name;
        size_t at_most;
    } limits[] = {{"componentName", 255},   {"downloadLocation", 2000}, {"tokenKey", 128},
                  {"adminExtras", 2900},    {"wifiPassword", 255},      {"serverUrl", 2000},
                  {"wifiProxyBypass", 2000}};
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        struct provisioning_settings settings = {0};
        assert_ok(provisioning_settings_set(
            &settings, slice_from_string(limits[i].name),
            (struct slice){.data = text, .length = limits[i].at_most + 1}));
        struct error error = provisioning_settings_check(&settings);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_string_equal(error.target, limits[i].name);
        assert_non_null(strstr(error.message, "at most"));
    }
}

static void a_refusal_never_shows_a_secret(void **state) {
    (void)state;
    struct provisioning_settings settings =
        SETTINGS({"wifiSsid", "a"}, {"wifiSecurityType", "WPA"}, {"wifiPassword", "hush"});
    struct error error = provisioning_settings_check(&settings);
    assert_string_equal(error.target, "wifiPassword");
    assert_null(strstr(error.message, "hush"));
    settings = SETTINGS({"adminExtras", "{\"a\": \"hush\", \"b\": hush}"});
    error = provisioning_settings_check(&settings);
    assert_string_equal(error.target, "adminExtras");
    assert_null(strstr(error.message, "hush"));
}

static void a_value_that_a_member_cannot_take_is_refused_when_it_is_set(void **state) {
    (void)state;
    static const struct assignment refused[] = {
        {"preset", "intune"},       {"wifiSecurityType", "WPA3"}, {"wifiHidden", "yes"},
        {"skipEncryption", "TRUE"}, {"wifiProxyPort", "0"},       {"wifiProxyPort", "65536"},
        {"wifiProxyPort", "x"},
    };
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct provisioning_settings settings = {0};
        struct error error = provisioning_settings_set(
            &settings, slice_from_string(refused[i].name), slice_from_string(refused[i].value));
        assert_int_equal(error.code, ERROR_INVALID);
        assert_string_equal(error.target, refused[i].name);
    }
    struct provisioning_settings settings = {0};
    assert_error(provisioning_settings_set(&settings, SLICE("colour"), SLICE("red")),
                 ERROR_INVALID);
}

static void an_empty_value_unsets_what_is_no_text(void **state) {
    (void)state;
    struct provisioning_settings settings =
        SETTINGS({"preset", ""}, {"wifiSecurityType", ""}, {"wifiHidden", ""},
                 {"wifiProxyPort", ""}, {"locale", ""});
    assert_int_equal(settings.preset, PROVISIONING_PRESET_UNSET);
    assert_int_equal(settings.wifi_security_type, PROVISIONING_WIFI_SECURITY_UNSET);
    assert_int_equal(settings.wifi_hidden, PROVISIONING_CHOICE_UNSET);
    assert_int_equal(settings.wifi_proxy_port, 0);
    assert_non_null(settings.locale.data);
}

static void a_profile_overrides_the_server_member_by_member(void **state) {
    (void)state;
    struct provisioning_settings server =
        SETTINGS({"preset", "cloudDpc"}, {"locale", "de_DE"}, {"timeZone", "Europe/Berlin"},
                 {"skipEncryption", "true"}, {"wifiSsid", "lobby"}, {"adminExtras", "{\"a\":1}"});
    struct provisioning_settings profile =
        SETTINGS({"locale", "fr_FR"}, {"skipEncryption", "false"}, {"timeZone", ""});
    struct provisioning_settings merged = provisioning_settings_merge(&server, &profile);
    assert_int_equal(merged.preset, PROVISIONING_PRESET_CLOUD_DPC);
    assert_slice(merged.locale, "fr_FR");
    assert_non_null(merged.time_zone.data);
    assert_int_equal(merged.time_zone.length, 0);
    assert_int_equal(merged.skip_encryption, PROVISIONING_CHOICE_NO);
    assert_slice(merged.wifi_ssid, "lobby");
    assert_slice(merged.admin_extras, "{\"a\":1}");
}

static void a_profile_without_settings_has_the_servers(void **state) {
    (void)state;
    struct provisioning_settings server =
        SETTINGS({"preset", "headwind"}, {"downloadLocation", APK}, {"packageChecksum", DIGEST},
                 {"wifiSsid", "a"}, {"wifiProxyHost", "b.c"}, {"wifiProxyPort", "80"});
    struct provisioning_settings nothing = {0};
    struct provisioning_settings merged = provisioning_settings_merge(&server, &nothing);
    assert_memory_equal(&merged, &server, sizeof merged);
    merged = provisioning_settings_merge(&nothing, &server);
    assert_memory_equal(&merged, &server, sizeof merged);
}

static void another_preset_takes_nothing_of_the_old_controller(void **state) {
    (void)state;
    struct provisioning_settings server =
        SETTINGS({"preset", "headwind"}, {"downloadLocation", APK}, {"packageChecksum", DIGEST},
                 {"adminExtras", "{\"a\":1}"}, {"tokenKey", "my.token"}, {"locale", "de_DE"});
    server.server_url = SLICE("https://muster.example.com");
    struct provisioning_settings profile = SETTINGS({"preset", "testDpc"});
    struct provisioning_settings merged = provisioning_settings_merge(&server, &profile);
    merged = provisioning_settings_resolve(&merged);
    assert_ok(provisioning_settings_check(&merged));
    assert_slice(merged.download_location, "https://testdpc-latest-apk.appspot.com/preview");
    assert_int_equal(merged.package_checksum.length, 0);
    assert_slice(merged.token_key, "muster.ENROLLMENT_TOKEN");
    assert_int_equal(merged.admin_extras.length, 0);
    assert_slice(merged.locale, "de_DE");
    assert_slice(merged.server_url, "https://muster.example.com");
    profile = SETTINGS({"preset", "headwind"});
    merged = provisioning_settings_merge(&server, &profile);
    assert_slice(merged.download_location, APK);
    assert_slice(merged.token_key, "my.token");
}

static void a_profiles_checksum_replaces_the_servers_of_either_kind(void **state) {
    (void)state;
    struct provisioning_settings server = SETTINGS(
        {"componentName", "a.b/.C"}, {"downloadLocation", APK}, {"signatureChecksum", DIGEST});
    struct provisioning_settings profile = SETTINGS({"packageChecksum", DIGEST});
    struct provisioning_settings merged = provisioning_settings_merge(&server, &profile);
    assert_null(merged.signature_checksum.data);
    assert_slice(merged.package_checksum, DIGEST);
    assert_ok(provisioning_settings_check(&merged));
}

static void another_network_takes_no_password_of_the_servers(void **state) {
    (void)state;
    struct provisioning_settings server =
        SETTINGS({"wifiSsid", "a"}, {"wifiSecurityType", "WPA"}, {"wifiPassword", "12345678"},
                 {"wifiHidden", "true"}, {"wifiProxyHost", "b.c"}, {"wifiProxyPort", "80"});
    struct provisioning_settings profile = SETTINGS({"wifiSsid", "guests"});
    struct provisioning_settings merged = provisioning_settings_merge(&server, &profile);
    struct provisioning_settings expected = SETTINGS({"wifiSsid", "guests"});
    assert_memory_equal(&merged, &expected, sizeof merged);
    profile = SETTINGS({"wifiSsid", ""});
    merged = provisioning_settings_merge(&server, &profile);
    assert_ok(provisioning_settings_check(&merged));
    assert_null(merged.wifi_password.data);
    profile = SETTINGS({"wifiPassword", "another one"});
    merged = provisioning_settings_merge(&server, &profile);
    assert_slice(merged.wifi_ssid, "a");
    assert_slice(merged.wifi_password, "another one");
}

static void another_way_to_a_proxy_replaces_the_servers(void **state) {
    (void)state;
    struct provisioning_settings server =
        SETTINGS({"wifiSsid", "a"}, {"wifiProxyHost", "b.c"}, {"wifiProxyPort", "80"},
                 {"wifiProxyBypass", "d.e"});
    struct provisioning_settings profile = SETTINGS({"wifiPacUrl", "https://b.c/proxy.pac"});
    struct provisioning_settings merged = provisioning_settings_merge(&server, &profile);
    assert_ok(provisioning_settings_check(&merged));
    assert_slice(merged.wifi_ssid, "a");
    assert_null(merged.wifi_proxy_host.data);
    assert_int_equal(merged.wifi_proxy_port, 0);
}

static void resolving_brings_the_presets_facts_and_drops_padding(void **state) {
    (void)state;
    struct provisioning_settings settings =
        SETTINGS({"preset", "testDpc"}, {"serverPin", DIGEST "="});
    struct provisioning_settings resolved = provisioning_settings_resolve(&settings);
    assert_slice(resolved.component_name,
                 "com.afwsamples.testdpc/com.afwsamples.testdpc.DeviceAdminReceiver");
    assert_slice(resolved.signature_checksum, "gJD2YwtOiWJHkSMkkIfLRlj-quNqG1fb6v100QmzM9w");
    assert_slice(resolved.server_pin, DIGEST);
    settings = SETTINGS({"preset", "cloudDpc"}, {"packageChecksum", DIGEST});
    resolved = provisioning_settings_resolve(&settings);
    assert_int_equal(resolved.signature_checksum.length, 0);
    settings = SETTINGS({"preset", "cloudDpc"}, {"downloadLocation", ""}, {"tokenKey", ""});
    resolved = provisioning_settings_resolve(&settings);
    struct provisioning_settings again = provisioning_settings_resolve(&resolved);
    assert_memory_equal(&again, &resolved, sizeof again);
    assert_int_equal(resolved.download_location.length, 0);
}

static void a_controller_is_named_by_preset_or_component(void **state) {
    (void)state;
    struct provisioning_settings settings = {0};
    assert_false(provisioning_settings_name_controller(&settings));
    settings = SETTINGS({"preset", "none"}, {"componentName", "a.b/.C"});
    assert_false(provisioning_settings_name_controller(&settings));
    settings = SETTINGS({"componentName", "a.b/.C"});
    assert_true(provisioning_settings_name_controller(&settings));
    assert_int_equal(provisioning_settings_resolve(&settings).preset, PROVISIONING_PRESET_CUSTOM);
    settings = SETTINGS({"preset", "cloudDpc"});
    assert_true(provisioning_settings_name_controller(&settings));
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_preset_passes_with_what_it_leaves_to_the_operator),
        cmocka_unit_test(what_the_wizard_takes_is_accepted),
        cmocka_unit_test(a_component_that_does_not_parse_is_refused),
        cmocka_unit_test(a_download_needs_exactly_one_good_checksum),
        cmocka_unit_test(a_checksum_is_a_sha_256_in_url_safe_base64),
        cmocka_unit_test(a_network_that_cannot_be_joined_is_refused),
        cmocka_unit_test(a_proxy_is_whole_or_absent),
        cmocka_unit_test(locale_and_time_zone_have_their_form),
        cmocka_unit_test(a_server_address_that_would_show_the_token_is_refused),
        cmocka_unit_test(extras_that_android_cannot_carry_are_refused),
        cmocka_unit_test(a_text_has_a_limit),
        cmocka_unit_test(a_refusal_never_shows_a_secret),
        cmocka_unit_test(a_value_that_a_member_cannot_take_is_refused_when_it_is_set),
        cmocka_unit_test(an_empty_value_unsets_what_is_no_text),
        cmocka_unit_test(a_profile_overrides_the_server_member_by_member),
        cmocka_unit_test(a_profile_without_settings_has_the_servers),
        cmocka_unit_test(another_preset_takes_nothing_of_the_old_controller),
        cmocka_unit_test(a_profiles_checksum_replaces_the_servers_of_either_kind),
        cmocka_unit_test(another_network_takes_no_password_of_the_servers),
        cmocka_unit_test(another_way_to_a_proxy_replaces_the_servers),
        cmocka_unit_test(resolving_brings_the_presets_facts_and_drops_padding),
        cmocka_unit_test(a_controller_is_named_by_preset_or_component),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
