/* What exactly a QR code, the zero-touch portal and Knox are told. */
#include "provisioning/payload.h"

#include <stdio.h>

#include "provisioning/picture.h"

#include "test.h"

#define DIGEST "0123456789abcdefghijklmnopqrstuvwxyzABCDEFE"
#define KEY(suffix) "\"android.app.extra.PROVISIONING_" suffix "\":"

static const struct provisioning_settings cloud_dpc = {.preset = PROVISIONING_PRESET_CLOUD_DPC};

static void assert_payload(const struct provisioning_settings *settings,
                           enum provisioning_format format, const char *token,
                           const char *expected) {
    struct buffer out = {0};
    assert_ok(provisioning_settings_check(settings));
    assert_ok(provisioning_payload_write(settings, format, slice_from_string(token), &out));
    assert_slice(buffer_slice(&out), expected);
    buffer_free(&out);
}

static void cloud_dpc_is_told_what_intune_tells_it(void **state) {
    (void)state;
    assert_payload(&cloud_dpc, PROVISIONING_FORMAT_QR, "ABCDEFGHIJKLMNOPQRST",
                   "{\"android.app.extra.PROVISIONING_DEVICE_ADMIN_COMPONENT_NAME\":"
                   "\"com.google.android.apps.work.clouddpc/.receivers.CloudDeviceAdminReceiver\","
                   "\"android.app.extra.PROVISIONING_DEVICE_ADMIN_SIGNATURE_CHECKSUM\":"
                   "\"I5YvS0O5hXY46mb01BlRjq4oJJGs2kuUcHvVkAPEXlg\","
                   "\"android.app.extra.PROVISIONING_DEVICE_ADMIN_PACKAGE_DOWNLOAD_LOCATION\":"
                   "\"https://play.google.com/managed/downloadManagingApp?identifier=setup\","
                   "\"android.app.extra.PROVISIONING_ADMIN_EXTRAS_BUNDLE\":"
                   "{\"com.google.android.apps.work.clouddpc.EXTRA_ENROLLMENT_TOKEN\":"
                   "\"ABCDEFGHIJKLMNOPQRST\"}}");
}

static void the_zero_touch_portal_gets_the_same_without_the_download(void **state) {
    (void)state;
    assert_payload(
        &cloud_dpc, PROVISIONING_FORMAT_ZERO_TOUCH, "ABC",
        "{" KEY(
            "DEVICE_ADMIN_COMPONENT_NAME") "\"com.google.android.apps.work.clouddpc/"
                                           ".receivers.CloudDeviceAdminReceiver\"," KEY(
                                               "DEVICE"
                                               "_ADMIN"
                                               "_SIGNA"
                                               "TURE_"
                                               "CHECKS"
                                               "UM") "\"I5YvS0O5hXY46mb01BlRjq4oJJGs2kuUcHvVkAPEXlg"
                                                     "\"," KEY("ADMIN_EXTRAS_BUNDLE") "{\"com."
                                                                                      "google."
                                                                                      "android."
                                                                                      "apps.work."
                                                                                      "clouddpc."
                                                                                      "EXTRA_"
                                                                                      "ENROLLMENT_"
                                                                                      "TOKEN\":"
                                                                                      "\"ABC\"}}");
}

static void knox_gets_only_the_bundle(void **state) {
    (void)state;
    assert_payload(&cloud_dpc, PROVISIONING_FORMAT_KNOX, "ABC",
                   "{\"com.google.android.apps.work.clouddpc.EXTRA_ENROLLMENT_TOKEN\":\"ABC\"}");
}

static void test_dpc_is_told_token_and_server(void **state) {
    (void)state;
    struct provisioning_settings settings = {.preset = PROVISIONING_PRESET_TEST_DPC,
                                             .server_url = SLICE("https://muster.example.com")};
    assert_payload(&settings, PROVISIONING_FORMAT_QR, "ABC",
                   "{" KEY("DEVICE_ADMIN_COMPONENT_NAME") "\"com.afwsamples.testdpc/"
                                                          "com.afwsamples.testdpc."
                                                          "DeviceAdminReceiver\"," KEY(
                                                              "DEVICE_"
                                                              "ADMIN_"
                                                              "SIGNATURE_"
                                                              "CHECKSUM") "\"gJD2YwtOiWJHkSMkkIfLRl"
                                                                          "j-"
                                                                          "quNqG1fb6v100QmzM9w\""
                                                                          "," KEY("DEVICE_ADMIN_"
                                                                                  "PACKAGE_"
                                                                                  "DOWNLOAD_"
                                                                                  "LOCATION") "\"ht"
                                                                                              "tps:"
                                                                                              "//"
                                                                                              "test"
                                                                                              "dpc-"
                                                                                              "late"
                                                                                              "st-"
                                                                                              "apk."
                                                                                              "apps"
                                                                                              "pot."
                                                                                              "com/"
                                                                                              "prev"
                                                                                              "iew"
                                                                                              "\""
                                                                                              "," KEY(
                                                                                                  "ADMIN_"
                                                                                                  "EXTRAS_"
                                                                                                  "BUNDLE") "{\"muster.ENROLLMENT_TOKEN\":\"ABC\","
                                                                                                            "\"muster.SERVER_URL\":\"https://muster.example.com\"}}");
}

static void headwind_is_told_its_build_and_its_extras(void **state) {
    (void)state;
    struct provisioning_settings settings = {
        .preset = PROVISIONING_PRESET_HEADWIND,
        .download_location = SLICE("https://hmdm.example.com/files/hmdm.apk"),
        .package_checksum = SLICE(DIGEST),
        .admin_extras = SLICE("{\"com.hmdm.BASE_URL\": \"https://hmdm.example.com\"}"),
        .leave_all_system_apps_enabled = PROVISIONING_CHOICE_YES,
        .server_url = SLICE("https://muster.example.com")};
    const char *expected = "{" KEY(
        "DEVICE_ADMIN_COMPONENT_NAME") "\"com.hmdm.launcher/"
                                       "com.hmdm.launcher."
                                       "AdminReceiver\"," KEY(
                                           "DEVICE_ADMIN_"
                                           "PACKAGE_"
                                           "CHECKSUM") "\"" DIGEST
                                                       "\"," KEY(
                                                           "DEVICE_ADMIN_PACKAGE_DOWNLOAD_"
                                                           "LOCATION") "\"https://"
                                                                       "hmdm.example.com/"
                                                                       "files/"
                                                                       "hmdm.apk\"," KEY(
                                                                           "LE"
                                                                           "AV"
                                                                           "E_"
                                                                           "AL"
                                                                           "L_"
                                                                           "SY"
                                                                           "ST"
                                                                           "EM"
                                                                           "_A"
                                                                           "PP"
                                                                           "S_"
                                                                           "EN"
                                                                           "AB"
                                                                           "LE"
                                                                           "D") "true," KEY("ADMIN_"
                                                                                            "EXTRAS"
                                                                                            "_BUNDL"
                                                                                            "E") "{"
                                                                                                 "\"com.hmdm.DEVICE_ID\":\"ABC\","
                                                                                                 "\"com.hmdm.BASE_URL\":\"https://hmdm.example.com\"}}";
    assert_payload(&settings, PROVISIONING_FORMAT_QR, "ABC", expected);
    assert_payload(
        &settings, PROVISIONING_FORMAT_KNOX, "ABC",
        "{\"com.hmdm.DEVICE_ID\":\"ABC\",\"com.hmdm.BASE_URL\":\"https://hmdm.example.com\"}");
}

static void ones_own_controller_is_told_everything_in_a_fixed_order(void **state) {
    (void)state;
    struct provisioning_settings settings = {
        .preset = PROVISIONING_PRESET_CUSTOM,
        .component_name = SLICE("com.example.dpc/.Admin"),
        .download_location = SLICE("https://example.com/dpc.apk"),
        .signature_checksum = SLICE(DIGEST "="),
        .server_url = SLICE("https://muster.example.com"),
        .server_pin = SLICE(DIGEST "="),
        .admin_extras = SLICE("{ \"z\": \"1\", \"a\": -2, \"b\": false,\n\"c\": true }"),
        .leave_all_system_apps_enabled = PROVISIONING_CHOICE_NO,
        .skip_encryption = PROVISIONING_CHOICE_YES,
        .locale = SLICE("de_DE"),
        .time_zone = SLICE("Europe/Berlin"),
        .wifi_ssid = SLICE("Lobby \"1\""),
        .wifi_security_type = PROVISIONING_WIFI_SECURITY_WPA,
        .wifi_password = SLICE("back\\slash"),
        .wifi_hidden = PROVISIONING_CHOICE_YES,
        .wifi_proxy_host = SLICE("proxy.example.com"),
        .wifi_proxy_port = 3128,
        .wifi_proxy_bypass = SLICE("example.org"),
    };
#define BEFORE                                                                                     \
    KEY("DEVICE_ADMIN_COMPONENT_NAME")                                                             \
    "\"com.example.dpc/.Admin\"," KEY("DEVICE_ADMIN_SIGNATURE_CHECKSUM") "\"" DIGEST "\","
#define AFTER                                                                                                                                                                                                                                                                             \
    KEY("LEAVE_ALL_SYSTEM_APPS_ENABLED")                                                                                                                                                                                                                                                  \
    "false," KEY("SKIP_ENCRYPTION") "true," KEY(                                                                                                                                                                                                                                          \
        "LOCALE") "\"de_DE\"," KEY("TIME_ZONE") "\"Europe"                                                                                                                                                                                                                                \
                                                "/Berlin"                                                                                                                                                                                                                                 \
                                                "\"," KEY("WIFI_SSID") "\"Lobby \\\"1\\\"\"," KEY("WIFI_SECURITY_TYPE") "\"WPA\"," KEY("WIFI_PASSWORD") "\"back\\\\slash\"," KEY(                                                                                                         \
                                                    "WIFI_HIDDEN") "true," KEY("WIFI"                                                                                                                                                                                                     \
                                                                               "_PRO"                                                                                                                                                                                                     \
                                                                               "XY_"                                                                                                                                                                                                      \
                                                                               "HOS"                                                                                                                                                                                                      \
                                                                               "T") "\"proxy."                                                                                                                                                                                            \
                                                                                    "example."                                                                                                                                                                                            \
                                                                                    "com\"," KEY("WIFI_PROXY_PORT") "3128," KEY("WIFI_PROXY_BYPASS") "\"example.org\"," KEY("ADMIN_EXTRAS_BUNDLE") "{\"muster.ENROLLMENT_TOKEN\":\"ABC\","                                                \
                                                                                                                                                                                                   "\"muster.SERVER_URL\":\"https://muster.example.com\",\"muster.SERVER_PIN\":\"" DIGEST \
                                                                                                                                                                                                   "\","                                                                                  \
                                                                                                                                                                                                   "\"z\":\"1\",\"a\":-2,\"b\":false,\"c\":true}}"
    assert_payload(
        &settings, PROVISIONING_FORMAT_QR, "ABC",
        "{" BEFORE KEY(
            "DEVICE_ADMIN_PACKAGE_DOWNLOAD_LOCATION") "\"https://example.com/dpc.apk\"," AFTER);
    assert_payload(&settings, PROVISIONING_FORMAT_ZERO_TOUCH, "ABC", "{" BEFORE AFTER);
}

static void a_token_goes_under_the_key_that_is_asked_for(void **state) {
    (void)state;
    struct provisioning_settings settings = {.component_name = SLICE("a.b/.C"),
                                             .token_key = SLICE("my \"token\"")};
    assert_payload(&settings, PROVISIONING_FORMAT_KNOX, "ABC", "{\"my \\\"token\\\"\":\"ABC\"}");
}

static void characters_beyond_ascii_become_escapes(void **state) {
    (void)state;
    struct provisioning_settings settings = {
        .component_name = SLICE("a.b/.C"),
        .admin_extras = SLICE("{\"\xC3\xA9\": \"\xE2\x82\xAC \xF0\x9F\x98\x80\x7F\"}")};
    assert_payload(&settings, PROVISIONING_FORMAT_KNOX, "ABC",
                   "{\"muster.ENROLLMENT_TOKEN\":\"ABC\","
                   "\"\\u00e9\":\"\\u20ac \\ud83d\\ude00\\u007f\"}");
}

static void without_a_controller_there_is_no_payload(void **state) {
    (void)state;
    struct provisioning_settings settings = {.wifi_ssid = SLICE("a")};
    struct buffer out = {0};
    assert_error(provisioning_payload_write(&settings, PROVISIONING_FORMAT_QR, SLICE("ABC"), &out),
                 ERROR_CONFLICT);
    assert_int_equal(out.length, 0);
    assert_ok(provisioning_payload_check_size(&settings, 26));
    buffer_free(&out);
}

static void unchecked_settings_leave_the_output_alone(void **state) {
    (void)state;
    const struct provisioning_settings broken[] = {
        {.component_name = SLICE("a.b/.C"), .admin_extras = SLICE("[]")},
        {.component_name = SLICE("a.b/.C"), .token_key = SLICE("")},
        {.component_name = SLICE("a.b/.C"), .wifi_ssid = SLICE("\xFF")},
        {.component_name = SLICE("a.b/.C"), .wifi_ssid = SLICE("\xF0\x9F")},
    };
    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        struct buffer out = {0};
        buffer_append_string(&out, "before");
        assert_error(
            provisioning_payload_write(&broken[i], PROVISIONING_FORMAT_QR, SLICE("ABC"), &out),
            ERROR_INVALID);
        assert_slice(buffer_slice(&out), "before");
        buffer_free(&out);
    }
}

static size_t content_size(const struct provisioning_settings *settings) {
    struct buffer out = {0};
    assert_ok(provisioning_payload_write(settings, PROVISIONING_FORMAT_QR, SLICE(""), &out));
    size_t size = out.length;
    buffer_free(&out);
    return size;
}

static void a_content_that_fits_to_the_byte_is_accepted_and_one_more_is_not(void **state) {
    (void)state;
    char extras[PROVISIONING_EXTRAS_AT_MOST];
    struct provisioning_settings settings = cloud_dpc;
    settings.admin_extras = SLICE("{\"a\":\"\"}");
    size_t room = PROVISIONING_PICTURE_CONTENT_AT_MOST - content_size(&settings) - 26;
    int length = snprintf(extras, sizeof extras, "{\"a\":\"%0*d\"}", (int)room, 0);
    settings.admin_extras = (struct slice){.data = extras, .length = (size_t)length};
    assert_int_equal(content_size(&settings) + 26, PROVISIONING_PICTURE_CONTENT_AT_MOST);
    assert_ok(provisioning_settings_check(&settings));
    assert_ok(provisioning_payload_check_size(&settings, 26));
    struct error error = provisioning_payload_check_size(&settings, 27);
    assert_int_equal(error.code, ERROR_INVALID);
    assert_non_null(strstr(error.message, "2954"));
    assert_non_null(strstr(error.message, "2953"));
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(cloud_dpc_is_told_what_intune_tells_it),
        cmocka_unit_test(the_zero_touch_portal_gets_the_same_without_the_download),
        cmocka_unit_test(knox_gets_only_the_bundle),
        cmocka_unit_test(test_dpc_is_told_token_and_server),
        cmocka_unit_test(headwind_is_told_its_build_and_its_extras),
        cmocka_unit_test(ones_own_controller_is_told_everything_in_a_fixed_order),
        cmocka_unit_test(a_token_goes_under_the_key_that_is_asked_for),
        cmocka_unit_test(characters_beyond_ascii_become_escapes),
        cmocka_unit_test(without_a_controller_there_is_no_payload),
        cmocka_unit_test(unchecked_settings_leave_the_output_alone),
        cmocka_unit_test(a_content_that_fits_to_the_byte_is_accepted_and_one_more_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
