/* What only an androidDeviceOwnerEnrollmentProfile holds, and the names of its devices. */
#include "domain/device_name.h"
#include "domain/device_owner.h"
#include "domain/profile.h"

#include "test.h"

static struct error check(enum device_owner_member member, struct slice text) {
    struct profile_changes changes = {0};
    changes.owner.given = 1U << member;
    changes.owner.to.values[member].text = text;
    return profile_changes_check(&changes, false);
}

static void a_new_profile_has_graphs_defaults(void **state) {
    (void)state;
    struct device_owner_settings settings = device_owner_defaults();
    static const struct {
        enum device_owner_member member;
        const char *text;
    } expected[] = {
        {DEVICE_OWNER_ENROLLMENT_MODE, "corporateOwnedDedicatedDevice"},
        {DEVICE_OWNER_ENROLLMENT_TOKEN_TYPE, "default"},
        {DEVICE_OWNER_ROLE_SCOPE_TAG_IDS, "0"},
        {DEVICE_OWNER_CONFIGURE_WIFI, "true"},
        {DEVICE_OWNER_WIFI_SECURITY_TYPE, "none"},
        {DEVICE_OWNER_WIFI_HIDDEN, "false"},
        {DEVICE_OWNER_IS_TEAMS_DEVICE_PROFILE, "false"},
    };
    for (size_t i = 0; i < COUNT_OF(expected); i++)
        assert_slice(device_owner_describe(expected[i].member, &settings), expected[i].text);
    assert_null(settings.values[DEVICE_OWNER_WIFI_SSID].text.data);
    assert_null(settings.values[DEVICE_OWNER_WIFI_PASSWORD].text.data);
    assert_null(settings.values[DEVICE_OWNER_DEVICE_NAME_TEMPLATE].text.data);
}

static void a_type_of_token_goes_with_the_modes_that_its_reference_names(void **state) {
    (void)state;
    /* By mode: default, shared mode, staging. */
    static const bool goes[DEVICE_OWNER_MODE_COUNT][DEVICE_OWNER_TOKEN_TYPE_COUNT] = {
        [DEVICE_OWNER_MODE_DEDICATED] = {true, true, false},
        [DEVICE_OWNER_MODE_FULLY_MANAGED] = {true, false, true},
        [DEVICE_OWNER_MODE_WORK_PROFILE] = {true, false, true},
        [DEVICE_OWNER_MODE_AOSP_USERLESS] = {true, false, false},
        [DEVICE_OWNER_MODE_AOSP_USER_ASSOCIATED] = {true, false, false},
    };
    for (int mode = 0; mode < DEVICE_OWNER_MODE_COUNT; mode++) {
        for (int type = 0; type < DEVICE_OWNER_TOKEN_TYPE_COUNT; type++) {
            struct device_owner_settings settings = device_owner_defaults();
            settings.values[DEVICE_OWNER_ENROLLMENT_MODE].number = mode;
            settings.values[DEVICE_OWNER_ENROLLMENT_TOKEN_TYPE].number = type;
            struct error error = device_owner_settings_check(&settings);
            assert_int_equal(error.code, goes[mode][type] ? ERROR_NONE : ERROR_INVALID);
            if (!goes[mode][type])
                assert_string_equal(error.target, "enrollmentTokenType");
        }
    }
}

static void texts_have_their_limits(void **state) {
    (void)state;
    static const char long_text[] =
        "0123456789012345678901234567890123456789012345678901234567890123456789";
    static const struct {
        enum device_owner_member member;
        size_t at_most;
        const char *limit;
    } limits[] = {
        {DEVICE_OWNER_WIFI_SSID, 32, "at most 32 bytes; 33 were given"},
        {DEVICE_OWNER_WIFI_PASSWORD, 64, "at most 64 bytes; 65 were given"},
        {DEVICE_OWNER_DEVICE_NAME_TEMPLATE, 63, "at most 63 characters; 64 were given"},
    };
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        struct slice text = {.data = long_text, .length = limits[i].at_most};
        assert_ok(check(limits[i].member, text));
        text.length++;
        struct error error = check(limits[i].member, text);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_string_equal(error.target, device_owner_member_name(limits[i].member));
        assert_non_null(strstr(error.message, limits[i].limit));
        assert_null(strstr(error.message, "0123"));
    }
    assert_ok(
        check(DEVICE_OWNER_DEVICE_NAME_TEMPLATE, SLICE("ÄÖÜ-ÄÖÜ-ÄÖÜ-ÄÖÜ-ÄÖÜ-ÄÖÜ-ÄÖÜ-ÄÖÜ-ÄÖÜ")));
}

static void scope_tags_are_ids_and_not_too_many(void **state) {
    (void)state;
    assert_ok(check(DEVICE_OWNER_ROLE_SCOPE_TAG_IDS, SLICE("")));
    assert_ok(check(DEVICE_OWNER_ROLE_SCOPE_TAG_IDS, SLICE("0")));
    assert_ok(check(DEVICE_OWNER_ROLE_SCOPE_TAG_IDS, SLICE("0\n17\nRole Scope Tag Ids value")));
    char many[2 * (DEVICE_OWNER_SCOPE_TAGS_AT_MOST + 1)];
    for (size_t i = 0; i < sizeof many; i++)
        many[i] = i % 2 == 0 ? '7' : '\n';
    struct slice tags = {.data = many, .length = 2 * DEVICE_OWNER_SCOPE_TAGS_AT_MOST - 1};
    assert_ok(check(DEVICE_OWNER_ROLE_SCOPE_TAG_IDS, tags));
    tags.length += 2;
    assert_error(check(DEVICE_OWNER_ROLE_SCOPE_TAG_IDS, tags), ERROR_INVALID);
    assert_error(check(DEVICE_OWNER_ROLE_SCOPE_TAG_IDS, SLICE("a\tb")), ERROR_INVALID);
    assert_error(check(DEVICE_OWNER_ROLE_SCOPE_TAG_IDS, SLICE("a\n\nb")), ERROR_INVALID);
}

static void a_template_holds_no_fields_but_the_known_ones(void **state) {
    (void)state;
    static const char *const accepted[] = {
        "",
        "Till",
        "Device Name Template value",
        "{{SERIAL}}{{serialLast4Digits}}{{ENROLLMENTDATETIME}}",
        "{{USERNAME}}-{{DEVICETYPE}}-{{UPNPREFIX}}",
        "{{rand:1}}{{RAND:9}}",
        "{SERIAL} } }} { ",
    };
    static const char *const refused[] = {
        "{{serial number}}", "{{rand:0}}", "{{rand:10}}", "{{rand:}}",  "{{rand}}",
        "{{rand:x}}",        "{{}}",       "a{{",         "a{{SERIAL}", "{{ SERIAL }}",
        "{{{SERIAL}}}",      "tab\tname",  "\x7F",
    };
    for (size_t i = 0; i < COUNT_OF(accepted); i++)
        assert_ok(device_name_template_check(slice_from_string(accepted[i])));
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct error error = device_name_template_check(slice_from_string(refused[i]));
        if (error.code != ERROR_INVALID || strcmp(error.target, "deviceNameTemplate") != 0)
            fail_msg("accepted: %s", refused[i]);
    }
}

static const struct device_name_facts facts = {
    .serial = {.data = "R58M12345", .length = sizeof "R58M12345" - 1},
    .enrolled = INSTANT_UNIX_EPOCH + INSTANT_TICKS_PER_SECOND * 3661 + 5,
    .device_type = "AndroidForWork",
    .random = {UINT64_MAX, 7, 10, 1234567890123, 0, 42},
};

static void a_name_is_the_template_with_its_fields_filled_in(void **state) {
    (void)state;
    static const struct {
        const char *template_text;
        const char *name;
    } cases[] = {
        {"", ""},
        {"Till", "Till"},
        {"Till {x} }}", "Till {x} }}"},
        {"{{SERIAL}}", "R58M12345"},
        {"a-{{serial}}-{{SerialLast4Digits}}-z", "a-R58M12345-2345-z"},
        {"{{ENROLLMENTDATETIME}}", "19700101T010101Z"},
        {"{{DEVICETYPE}}/{{SERIAL}}", "AndroidForWork/R58M12345"},
        {"{{USERNAME}}{{UPNPREFIX}}", ""},
        {"{{rand:3}}", "615"},
        {"{{rand:1}}-{{RAND:3}}-{{rand:2}}-{{rand:9}}-{{rand:1}}-{{rand:5}}",
         "5-007-10-567890123-0-00042"},
        {"{{nothing}}", "{{nothing}}"},
        {"{{SERIAL}", "{{SERIAL}"},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_slice(device_name_make(slice_from_string(cases[i].template_text), &facts, &arena),
                     cases[i].name);
    arena_free(&arena);
}

static void the_last_four_are_characters_and_a_short_serial_is_taken_whole(void **state) {
    (void)state;
    struct arena arena = {0};
    struct device_name_facts other = facts;
    other.serial = SLICE("Nr. Ä12Ö");
    assert_slice(device_name_make(SLICE("{{SERIALLAST4DIGITS}}"), &other, &arena), "Ä12Ö");
    other.serial = SLICE("12");
    assert_slice(device_name_make(SLICE("{{SERIALLAST4DIGITS}}"), &other, &arena), "12");
    arena_free(&arena);
}

static void a_name_ends_at_its_limit_with_a_whole_character(void **state) {
    (void)state;
    struct arena arena = {0};
    struct device_name_facts other = facts;
    char serial[DEVICE_NAME_BYTES_AT_MOST + 1];
    memset(serial, 'x', sizeof serial);
    memcpy(serial + DEVICE_NAME_BYTES_AT_MOST - 1, "\xC3\x84", 2);
    other.serial = (struct slice){.data = serial, .length = sizeof serial};
    struct slice name = device_name_make(SLICE("{{SERIAL}}{{SERIAL}}"), &other, &arena);
    assert_int_equal(name.length, DEVICE_NAME_BYTES_AT_MOST - 1);
    assert_int_equal(name.data[name.length - 1], 'x');
    arena_free(&arena);
}

static void aosp_devices_are_told_from_those_with_google(void **state) {
    (void)state;
    assert_string_equal(device_owner_device_type(DEVICE_OWNER_MODE_DEDICATED), "AndroidForWork");
    assert_string_equal(device_owner_device_type(DEVICE_OWNER_MODE_AOSP_USERLESS), "AndroidAOSP");
    assert_string_equal(device_owner_device_type(DEVICE_OWNER_MODE_AOSP_USER_ASSOCIATED),
                        "AndroidAOSP");
}

static void only_a_password_is_a_secret(void **state) {
    (void)state;
    for (int i = 0; i < DEVICE_OWNER_MEMBER_COUNT; i++)
        assert_int_equal(device_owner_member_is_secret((enum device_owner_member)i),
                         i == DEVICE_OWNER_WIFI_PASSWORD);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_profile_has_graphs_defaults),
        cmocka_unit_test(a_type_of_token_goes_with_the_modes_that_its_reference_names),
        cmocka_unit_test(texts_have_their_limits),
        cmocka_unit_test(scope_tags_are_ids_and_not_too_many),
        cmocka_unit_test(a_template_holds_no_fields_but_the_known_ones),
        cmocka_unit_test(a_name_is_the_template_with_its_fields_filled_in),
        cmocka_unit_test(the_last_four_are_characters_and_a_short_serial_is_taken_whole),
        cmocka_unit_test(a_name_ends_at_its_limit_with_a_whole_character),
        cmocka_unit_test(aosp_devices_are_told_from_those_with_google),
        cmocka_unit_test(only_a_password_is_a_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
