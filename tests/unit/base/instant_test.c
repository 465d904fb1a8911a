#include "base/instant.h"

#include "test.h"

static const struct {
    const char *text;
    instant value;
} pairs[] = {
    {"0001-01-01T00:00:00Z", INSTANT_NEVER},
    {"1970-01-01T00:00:00Z", INSTANT_UNIX_EPOCH},
    {"2017-01-01T00:02:43.5775965Z", INT64_C(636188257635775965)},
    {"2000-02-29T23:59:59.1Z", INT64_C(630874655991000000)},
    {"9999-12-31T23:59:59.9999999Z", INSTANT_LAST},
};

static void an_instant_is_printed_with_up_to_seven_decimals_and_no_trailing_zeros(void **state) {
    (void)state;
    char text[INSTANT_TEXT_SIZE];
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        assert_string_equal(instant_format(pairs[i].value, text), pairs[i].text);
}

static void what_is_printed_can_be_read_back(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        instant value = -1;
        assert_true(instant_parse(slice_from_string(pairs[i].text), &value));
        assert_int_equal(value, pairs[i].value);
    }
}

static void every_day_of_eight_centuries_survives_a_round_trip(void **state) {
    (void)state;
    char text[INSTANT_TEXT_SIZE];
    for (int64_t day = 0; day < 800 * 366; day++) {
        instant value = day * 86400 * INSTANT_TICKS_PER_SECOND + 1;
        instant back = -1;
        assert_true(instant_parse(slice_from_string(instant_format(value, text)), &back));
        assert_int_equal(back, value);
    }
}

static void dates_are_read_in_all_forms_that_odata_allows(void **state) {
    (void)state;
    static const char *const same[] = {
        "2024-06-01T10:00:00Z",      "2024-06-01T10:00:00z",
        "2024-06-01t10:00:00Z",      "2024-06-01T10:00Z",
        "2024-06-01T12:00:00+02:00", "2024-06-01T00:30:00-09:30",
        "2024-06-01T10:00:00.0Z",    "2024-06-01T10:00:00.000000000999Z",
    };
    for (size_t i = 0; i < COUNT_OF(same); i++) {
        instant value = 0;
        assert_true(instant_parse(slice_from_string(same[i]), &value));
        assert_int_equal(value, INT64_C(638528328000000000));
    }
}

static void what_is_not_a_date_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",
        "2024-06-01",
        "2024-06-01T10:00:00",
        "2024-02-30T10:00:00Z",
        "2023-02-29T10:00:00Z",
        "2024-13-01T10:00:00Z",
        "2024-00-01T10:00:00Z",
        "2024-06-00T10:00:00Z",
        "0000-06-01T10:00:00Z",
        "2024-06-01T24:00:00Z",
        "2024-06-01T10:60:00Z",
        "2024-06-01T10:00:60Z",
        "2024-06-01T10:00:00.Z",
        "2024-06-01T10:00:00.1234567890123Z",
        "2024-06-01T10:00:00Zx",
        "2024-06-01 10:00:00Z",
        "2024-06-01T10:00:00+24:00",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "-024-06-01T10:00:00Z",
        "+024-06-01T10:00:00Z",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        instant value = 0;
        if (instant_parse(slice_from_string(texts[i]), &value))
            fail_msg("accepted: %s", texts[i]);
    }
}

static void adding_seconds_never_leaves_the_printable_range(void **state) {
    (void)state;
    assert_int_equal(instant_add_seconds(INSTANT_LAST, 1), INSTANT_LAST);
    assert_int_equal(instant_add_seconds(INSTANT_LAST - 5, INT64_MAX), INSTANT_LAST);
    assert_int_equal(instant_add_seconds(INSTANT_NEVER, -1), INSTANT_NEVER);
    assert_int_equal(instant_add_seconds(INSTANT_LAST, INT64_MIN), INSTANT_NEVER);
    assert_int_equal(instant_add_seconds(INSTANT_UNIX_EPOCH, 6),
                     INSTANT_UNIX_EPOCH + 6 * INSTANT_TICKS_PER_SECOND);
}

static void unix_seconds_are_rounded_down(void **state) {
    (void)state;
    assert_int_equal(instant_to_unix(INSTANT_UNIX_EPOCH), 0);
    assert_int_equal(instant_to_unix(INSTANT_UNIX_EPOCH - 1), -1);
    assert_int_equal(instant_to_unix(INSTANT_UNIX_EPOCH + INSTANT_TICKS_PER_SECOND - 1), 0);
    assert_int_equal(instant_to_unix(instant_from_unix(1720389564)), 1720389564);
    assert_int_equal(instant_from_unix(INT64_MAX), INSTANT_LAST);
    assert_int_equal(instant_from_unix(INT64_MIN), INSTANT_NEVER);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_instant_is_printed_with_up_to_seven_decimals_and_no_trailing_zeros),
        cmocka_unit_test(what_is_printed_can_be_read_back),
        cmocka_unit_test(every_day_of_eight_centuries_survives_a_round_trip),
        cmocka_unit_test(dates_are_read_in_all_forms_that_odata_allows),
        cmocka_unit_test(what_is_not_a_date_is_refused),
        cmocka_unit_test(adding_seconds_never_leaves_the_printable_range),
        cmocka_unit_test(unix_seconds_are_rounded_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
