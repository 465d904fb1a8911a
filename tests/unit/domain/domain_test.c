/* The rules of tokens, profiles, devices, permissions and audit events. */
#include "domain/audit.h"
#include "domain/device.h"
#include "domain/permission.h"
#include "domain/profile.h"
#include "domain/token.h"

#include "test.h"

#define NOON INSTANT_UNIX_EPOCH
#define AFTER(seconds) (NOON + (instant)(seconds)*INSTANT_TICKS_PER_SECOND)

static struct token made_at_noon(int32_t validity_seconds) {
    return (struct token){
        .id = 1, .created = NOON, .expires = token_expiry(NOON, validity_seconds)};
}

static void a_token_is_live_until_the_very_instant_of_its_expiry(void **state) {
    (void)state;
    struct token token = made_at_noon(6);
    assert_true(token_is_live_at(&token, NOON));
    assert_true(token_is_live_at(&token, AFTER(6) - 1));
    assert_false(token_is_live_at(&token, AFTER(6)));
    assert_int_equal(token_state_at(&token, AFTER(6)), TOKEN_STATE_EXPIRED);
}

static void a_replaced_token_ends_at_once_or_after_its_overlap(void **state) {
    (void)state;
    struct token token = made_at_noon(3600);
    token.end = TOKEN_REPLACED;
    token.ended = AFTER(10);
    assert_true(token_is_live_at(&token, AFTER(9)));
    assert_int_equal(token_state_at(&token, AFTER(9)), TOKEN_STATE_ACTIVE);
    assert_int_equal(token_state_at(&token, AFTER(10)), TOKEN_STATE_REPLACED);
    assert_int_equal(token_effective_expiry(&token), AFTER(10));
}

static void a_revoked_token_is_revoked_and_not_expired(void **state) {
    (void)state;
    struct token token = made_at_noon(3600);
    token.end = TOKEN_REVOKED;
    token.ended = AFTER(1);
    assert_int_equal(token_state_at(&token, AFTER(1)), TOKEN_STATE_REVOKED);
    assert_int_equal(token_state_at(&token, AFTER(7200)), TOKEN_STATE_REVOKED);
    /* Nor does a clock that stands before the revocation bring it back. */
    assert_false(token_is_live_at(&token, NOON));
    assert_int_equal(token_state_at(&token, NOON), TOKEN_STATE_REVOKED);
}

static void an_end_behind_the_expiry_changes_nothing(void **state) {
    (void)state;
    struct token token = made_at_noon(6);
    token.end = TOKEN_REPLACED;
    token.ended = AFTER(60);
    assert_int_equal(token_effective_expiry(&token), AFTER(6));
    assert_int_equal(token_state_at(&token, AFTER(6)), TOKEN_STATE_EXPIRED);
}

static void no_token_is_never_live(void **state) {
    (void)state;
    struct token token = {.expires = INSTANT_LAST};
    assert_false(token_is_live_at(&token, NOON));
}

static void the_expiry_stays_printable_near_the_end_of_time(void **state) {
    (void)state;
    assert_int_equal(token_expiry(INSTANT_LAST - 1, INT32_MAX), INSTANT_LAST);
    assert_int_equal(token_expiry(NOON, INT32_MAX), AFTER(INT32_MAX));
}

static void the_validity_is_an_int32_from_one_second(void **state) {
    (void)state;
    assert_ok(token_validity_check(1));
    assert_ok(token_validity_check(INT32_MAX));
    static const int64_t refused[] = {0, -1, INT32_MIN, (int64_t)INT32_MAX + 1, INT64_MAX};
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct error error = token_validity_check(refused[i]);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_string_equal(error.target, "tokenValidityInSeconds");
        assert_non_null(strstr(error.message, "from 1 to 2147483647"));
    }
}

static struct slice repeated(char *text, size_t count, const char *character) {
    size_t size = strlen(character);
    for (size_t i = 0; i < count; i++)
        memcpy(text + i * size, character, size);
    return (struct slice){.data = text, .length = count * size};
}

static void a_profile_needs_a_name_of_at_most_two_hundred_characters(void **state) {
    (void)state;
    char text[1000];
    struct profile_changes changes = {0};
    assert_error(profile_changes_check(&changes, true), ERROR_INVALID);
    assert_ok(profile_changes_check(&changes, false));
    changes.has_display_name = true;
    assert_error(profile_changes_check(&changes, false), ERROR_INVALID);
    changes.display_name = SLICE(" \t\n");
    assert_error(profile_changes_check(&changes, true), ERROR_INVALID);
    changes.display_name = repeated(text, 200, "\xE2\x82\xAC");
    assert_ok(profile_changes_check(&changes, true));
    changes.display_name = repeated(text, 201, "\xE2\x82\xAC");
    struct error error = profile_changes_check(&changes, true);
    assert_string_equal(error.target, "displayName");
    assert_non_null(strstr(error.message, "at most 200"));
    assert_non_null(strstr(error.message, "201"));
}

static void a_name_must_show_something_and_hold_no_control_character(void **state) {
    (void)state;
    static const struct {
        const char *name;
        const char *problem; /* NULL: none */
    } cases[] = {
        {"", "blank"},
        {" \t\r\n", "blank"},
        {"\xC2\xA0", "blank"},                  /* U+00A0 */
        {"\xE2\x80\x83", "blank"},              /* U+2003 */
        {"\xE3\x80\x80 \xE3\x80\x80", "blank"}, /* U+3000 */
        {"\xE2\x80\x8B\xE2\x80\x8D", "blank"},  /* zero width space and joiner */
        {"\xEF\xBB\xBF", "blank"},              /* U+FEFF */
        {"\xE1\x9A\x80", "blank"},              /* U+1680 */
        {"\xE3\x85\xA4", "blank"},              /* U+3164 */
        {"\xF3\xA0\x81\x81", "blank"},          /* U+E0041 */
        {"\x7F", "blank"},
        {"a\tb", "U+0009"},
        {"a\x1B[2J", "U+001B"},
        {"a\x7F", "U+007F"},
        {"\xC2\x85"
         "a",
         "U+0085"},
        {"a\xC2\x9F", "U+009F"},
        {" a ", NULL},
        {"\xC2\xA0"
         "a",
         NULL},
        {"\xC2\xA1", NULL}, /* U+00A1 */
        {"S\xC3\xBC"
         "d",
         NULL},
        {"\xE6\x97\xA5\xE6\x9C\xAC", NULL},                     /* Japanese */
        {"\xF0\x9F\x93\xB1", NULL},                             /* U+1F4F1 */
        {"\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB", NULL}, /* joined by U+200D */
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct profile_changes changes = {.has_display_name = true,
                                                .display_name = slice_from_string(cases[i].name)};
        struct error error = profile_changes_check(&changes, true);
        if (cases[i].problem == NULL)
            assert_ok(error);
        else if (strstr(error.message, cases[i].problem) == NULL)
            fail_msg("case %zu: %s", i, error.message);
        else
            assert_string_equal(error.target, "displayName");
    }
}

static void a_description_may_be_null_but_not_endless(void **state) {
    (void)state;
    char text[2000];
    struct profile_changes changes = {.has_description = true};
    assert_ok(profile_changes_check(&changes, false));
    changes.description = repeated(text, 1501, "x");
    struct error error = profile_changes_check(&changes, false);
    assert_string_equal(error.target, "description");
}

static void a_device_is_known_by_serial_number_else_imei_else_android_id(void **state) {
    (void)state;
    struct device_description description = {.android_id = SLICE("a")};
    assert_ok(device_description_check(&description));
    assert_int_equal(device_identify(&description).kind, DEVICE_IDENTITY_ANDROID_ID);
    description.imei = SLICE("i");
    assert_int_equal(device_identify(&description).kind, DEVICE_IDENTITY_IMEI);
    description.serial_number = SLICE("s");
    assert_int_equal(device_identify(&description).kind, DEVICE_IDENTITY_SERIAL_NUMBER);
    assert_slice(device_identify(&description).value, "s");
}

static void a_device_without_identity_or_with_endless_texts_is_refused(void **state) {
    (void)state;
    char text[200];
    struct device_description description = {.model = SLICE("Pixel 8")};
    struct error error = device_description_check(&description);
    assert_string_equal(error.target, "device");
    description.serial_number = repeated(text, 129, "x");
    error = device_description_check(&description);
    assert_string_equal(error.target, "serialNumber");
    description.serial_number = SLICE("");
    error = device_description_check(&description);
    assert_string_equal(error.target, "serialNumber");
}

static void permissions_are_known_by_name_in_any_case(void **state) {
    (void)state;
    assert_int_equal(permission_parse(SLICE("devicemanagementconfiguration.readwrite.all")),
                     PERMISSION_CONFIGURATION_READ_WRITE);
    assert_int_equal(permission_parse(SLICE("DeviceManagementConfiguration.ReadWrite.All ")), 0);
    assert_int_equal(permission_parse(SLICE("User.Read")), 0);
    assert_string_equal(permission_name(PERMISSION_CONFIGURATION_READ),
                        "DeviceManagementConfiguration.Read.All");
}

static void an_audit_events_id_leads_back_to_its_row(void **state) {
    (void)state;
    static const int64_t rows[] = {1, 255, INT64_C(1) << 32, AUDIT_ROW_LAST};
    char text[GUID_TEXT_SIZE];
    struct guid id = audit_id_make(0xABCDEF);
    assert_string_equal(guid_format(&id, text), "61756469-7400-8000-8000-000000abcdef");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t row = 0;
        id = audit_id_make(rows[i]);
        assert_int_equal(id.bytes[6] >> 4, 8);
        assert_int_equal(id.bytes[8] >> 6, 2);
        assert_true(audit_id_read(&id, &row));
        assert_int_equal(row, rows[i]);
    }
}

static void a_guid_that_is_no_audit_events_id_is_told_apart(void **state) {
    (void)state;
    int64_t row = 0;
    struct guid zero = audit_id_make(0);
    assert_false(audit_id_read(&zero, &row));
    for (size_t bit = 0; bit < 66; bit++) {
        struct guid id = audit_id_make(1);
        id.bytes[bit / 8] ^= (uint8_t)(0x80U >> bit % 8);
        assert_false(audit_id_read(&id, &row));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_live_until_the_very_instant_of_its_expiry),
        cmocka_unit_test(a_replaced_token_ends_at_once_or_after_its_overlap),
        cmocka_unit_test(a_revoked_token_is_revoked_and_not_expired),
        cmocka_unit_test(an_end_behind_the_expiry_changes_nothing),
        cmocka_unit_test(no_token_is_never_live),
        cmocka_unit_test(the_expiry_stays_printable_near_the_end_of_time),
        cmocka_unit_test(the_validity_is_an_int32_from_one_second),
        cmocka_unit_test(a_profile_needs_a_name_of_at_most_two_hundred_characters),
        cmocka_unit_test(a_name_must_show_something_and_hold_no_control_character),
        cmocka_unit_test(a_description_may_be_null_but_not_endless),
        cmocka_unit_test(a_device_is_known_by_serial_number_else_imei_else_android_id),
        cmocka_unit_test(a_device_without_identity_or_with_endless_texts_is_refused),
        cmocka_unit_test(permissions_are_known_by_name_in_any_case),
        cmocka_unit_test(an_audit_events_id_leads_back_to_its_row),
        cmocka_unit_test(a_guid_that_is_no_audit_events_id_is_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
