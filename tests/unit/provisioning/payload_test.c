/* What exactly a QR code, the zero-touch portal and Knox are told. */
#include "provisioning/payload.h"

#include <stdio.h>

#include "provisioning/payload_template.h"
#include "provisioning/picture.h"

#include "test.h"

#define DIGEST "0123456789abcdefghijklmnopqrstuvwxyzABCDEFE"

static const struct provisioning_settings cloud_dpc = {.preset = PROVISIONING_PRESET_CLOUD_DPC};

/* The expected text has '@' for what every key of the platform begins with. */
static void assert_payload(const struct provisioning_settings *settings,
                           enum provisioning_format format, const char *expected) {
    struct buffer whole = {0};
    for (const char *at = expected; *at != '\0'; at++) {
        if (*at == '@')
            buffer_append_string(&whole, "android.app.extra.PROVISIONING_");
        else
            buffer_append_byte(&whole, *at);
    }
    buffer_append_byte(&whole, '\0');
    struct buffer out = {0};
    assert_ok(provisioning_settings_check(settings));
    assert_ok(provisioning_payload_write(settings, format, SLICE("ABCDEFGHIJKLMNOPQRST"), &out));
    assert_slice(buffer_slice(&out), whole.data);
    buffer_clear(&out);
    struct payload_template made;
    assert_ok(payload_template_make(settings, format, &made));
    assert_true(payload_template_write(&made, SLICE("ABCDEFGHIJKLMNOPQRST"), &out));
    assert_slice(buffer_slice(&out), whole.data);
    payload_template_free(&made);
    buffer_free(&whole);
    buffer_free(&out);
}

/* Without the shorthand, as Intune's page prints it. */
static void cloud_dpc_is_told_what_intune_tells_it(void **state) {
    (void)state;
    assert_payload(&cloud_dpc, PROVISIONING_FORMAT_QR,
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
    assert_payload(&cloud_dpc, PROVISIONING_FORMAT_ZERO_TOUCH,
                   "{\"@DEVICE_ADMIN_COMPONENT_NAME\":"
                   "\"com.google.android.apps.work.clouddpc/.receivers.CloudDeviceAdminReceiver\","
                   "\"@DEVICE_ADMIN_SIGNATURE_CHECKSUM\":"
                   "\"I5YvS0O5hXY46mb01BlRjq4oJJGs2kuUcHvVkAPEXlg\","
                   "\"@ADMIN_EXTRAS_BUNDLE\":"
                   "{\"com.google.android.apps.work.clouddpc.EXTRA_ENROLLMENT_TOKEN\":"
                   "\"ABCDEFGHIJKLMNOPQRST\"}}");
}

static void knox_gets_only_the_bundle(void **state) {
    (void)state;
    assert_payload(&cloud_dpc, PROVISIONING_FORMAT_KNOX,
                   "{\"com.google.android.apps.work.clouddpc.EXTRA_ENROLLMENT_TOKEN\":"
                   "\"ABCDEFGHIJKLMNOPQRST\"}");
}

static void test_dpc_is_told_token_and_server(void **state) {
    (void)state;
    struct provisioning_settings settings = {.preset = PROVISIONING_PRESET_TEST_DPC,
                                             .server_url = SLICE("https://muster.example.com")};
    assert_payload(&settings, PROVISIONING_FORMAT_QR,
                   "{\"@DEVICE_ADMIN_COMPONENT_NAME\":"
                   "\"com.afwsamples.testdpc/com.afwsamples.testdpc.DeviceAdminReceiver\","
                   "\"@DEVICE_ADMIN_SIGNATURE_CHECKSUM\":"
                   "\"gJD2YwtOiWJHkSMkkIfLRlj-quNqG1fb6v100QmzM9w\","
                   "\"@DEVICE_ADMIN_PACKAGE_DOWNLOAD_LOCATION\":"
                   "\"https://testdpc-latest-apk.appspot.com/preview\","
                   "\"@ADMIN_EXTRAS_BUNDLE\":{"
                   "\"muster.ENROLLMENT_TOKEN\":\"ABCDEFGHIJKLMNOPQRST\","
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
    assert_payload(&settings, PROVISIONING_FORMAT_QR,
                   "{\"@DEVICE_ADMIN_COMPONENT_NAME\":"
                   "\"com.hmdm.launcher/com.hmdm.launcher.AdminReceiver\","
                   "\"@DEVICE_ADMIN_PACKAGE_CHECKSUM\":\"" DIGEST "\","
                   "\"@DEVICE_ADMIN_PACKAGE_DOWNLOAD_LOCATION\":"
                   "\"https://hmdm.example.com/files/hmdm.apk\","
                   "\"@LEAVE_ALL_SYSTEM_APPS_ENABLED\":true,"
                   "\"@ADMIN_EXTRAS_BUNDLE\":{"
                   "\"com.hmdm.DEVICE_ID\":\"ABCDEFGHIJKLMNOPQRST\","
                   "\"com.hmdm.BASE_URL\":\"https://hmdm.example.com\"}}");
    assert_payload(&settings, PROVISIONING_FORMAT_KNOX,
                   "{\"com.hmdm.DEVICE_ID\":\"ABCDEFGHIJKLMNOPQRST\","
                   "\"com.hmdm.BASE_URL\":\"https://hmdm.example.com\"}");
}

static struct provisioning_settings everything(void) {
    return (struct provisioning_settings){
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
}

#define BEFORE_DOWNLOAD                                                                            \
    "{\"@DEVICE_ADMIN_COMPONENT_NAME\":\"com.example.dpc/.Admin\","                                \
    "\"@DEVICE_ADMIN_SIGNATURE_CHECKSUM\":\"" DIGEST "\","
#define BEHIND_DOWNLOAD                                                                            \
    "\"@LEAVE_ALL_SYSTEM_APPS_ENABLED\":false,\"@SKIP_ENCRYPTION\":true,"                          \
    "\"@LOCALE\":\"de_DE\",\"@TIME_ZONE\":\"Europe/Berlin\","                                      \
    "\"@WIFI_SSID\":\"Lobby \\\"1\\\"\",\"@WIFI_SECURITY_TYPE\":\"WPA\","                          \
    "\"@WIFI_PASSWORD\":\"back\\\\slash\",\"@WIFI_HIDDEN\":true,"                                  \
    "\"@WIFI_PROXY_HOST\":\"proxy.example.com\",\"@WIFI_PROXY_PORT\":3128,"                        \
    "\"@WIFI_PROXY_BYPASS\":\"example.org\",\"@ADMIN_EXTRAS_BUNDLE\":{"                            \
    "\"muster.ENROLLMENT_TOKEN\":\"ABCDEFGHIJKLMNOPQRST\","                                        \
    "\"muster.SERVER_URL\":\"https://muster.example.com\","                                        \
    "\"muster.SERVER_PIN\":\"" DIGEST "\",\"z\":\"1\",\"a\":-2,\"b\":false,\"c\":true}}"

static void ones_own_controller_is_told_everything_in_a_fixed_order(void **state) {
    (void)state;
    struct provisioning_settings settings = everything();
    assert_payload(&settings, PROVISIONING_FORMAT_QR,
                   BEFORE_DOWNLOAD "\"@DEVICE_ADMIN_PACKAGE_DOWNLOAD_LOCATION\":"
                                   "\"https://example.com/dpc.apk\"," BEHIND_DOWNLOAD);
    assert_payload(&settings, PROVISIONING_FORMAT_ZERO_TOUCH, BEFORE_DOWNLOAD BEHIND_DOWNLOAD);
}

static void a_proxy_may_be_found_by_its_script(void **state) {
    (void)state;
    struct provisioning_settings settings = {.component_name = SLICE("a.b/.C"),
                                             .wifi_ssid = SLICE("a"),
                                             .wifi_pac_url = SLICE("https://a.b/proxy.pac")};
    assert_payload(&settings, PROVISIONING_FORMAT_QR,
                   "{\"@DEVICE_ADMIN_COMPONENT_NAME\":\"a.b/.C\",\"@WIFI_SSID\":\"a\","
                   "\"@WIFI_PAC_URL\":\"https://a.b/proxy.pac\",\"@ADMIN_EXTRAS_BUNDLE\":{"
                   "\"muster.ENROLLMENT_TOKEN\":\"ABCDEFGHIJKLMNOPQRST\"}}");
}

static void a_token_goes_under_the_key_that_is_asked_for(void **state) {
    (void)state;
    struct provisioning_settings settings = {.component_name = SLICE("a.b/.C"),
                                             .token_key = SLICE("my \"token\"")};
    assert_payload(&settings, PROVISIONING_FORMAT_KNOX,
                   "{\"my \\\"token\\\"\":\"ABCDEFGHIJKLMNOPQRST\"}");
}

static void characters_beyond_ascii_become_escapes(void **state) {
    (void)state;
    struct provisioning_settings settings = {
        .component_name = SLICE("a.b/.C"),
        .admin_extras = SLICE("{\"\xC3\xA9\": \"\xE2\x82\xAC \xF0\x9F\x98\x80\x7F\"}")};
    assert_payload(&settings, PROVISIONING_FORMAT_KNOX,
                   "{\"muster.ENROLLMENT_TOKEN\":\"ABCDEFGHIJKLMNOPQRST\","
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

static void a_template_takes_no_token_that_json_would_escape(void **state) {
    (void)state;
    struct payload_template made;
    struct buffer out = {0};
    assert_ok(payload_template_make(&cloud_dpc, PROVISIONING_FORMAT_QR, &made));
    assert_false(payload_template_write(&made, SLICE("A\"B"), &out));
    assert_false(payload_template_write(&made, SLICE("\xC3\xA4"), &out));
    assert_int_equal(out.length, 0);
    payload_template_free(&made);
    const struct provisioning_settings none = {.preset = PROVISIONING_PRESET_NONE};
    assert_error(payload_template_make(&none, PROVISIONING_FORMAT_QR, &made), ERROR_CONFLICT);
    assert_false(payload_template_write(&made, SLICE("AB"), &out));
    payload_template_free(&made);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(cloud_dpc_is_told_what_intune_tells_it),
        cmocka_unit_test(the_zero_touch_portal_gets_the_same_without_the_download),
        cmocka_unit_test(knox_gets_only_the_bundle),
        cmocka_unit_test(test_dpc_is_told_token_and_server),
        cmocka_unit_test(headwind_is_told_its_build_and_its_extras),
        cmocka_unit_test(ones_own_controller_is_told_everything_in_a_fixed_order),
        cmocka_unit_test(a_proxy_may_be_found_by_its_script),
        cmocka_unit_test(a_token_goes_under_the_key_that_is_asked_for),
        cmocka_unit_test(characters_beyond_ascii_become_escapes),
        cmocka_unit_test(without_a_controller_there_is_no_payload),
        cmocka_unit_test(unchecked_settings_leave_the_output_alone),
        cmocka_unit_test(a_template_takes_no_token_that_json_would_escape),
        cmocka_unit_test(a_content_that_fits_to_the_byte_is_accepted_and_one_more_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
