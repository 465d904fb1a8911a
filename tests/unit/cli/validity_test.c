/* Spans of time as people write them. */
#include "cli/validity.h"

#include "test.h"

static void a_span_is_a_number_with_a_unit(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int32_t seconds;
    } cases[] = {
        {"1", 1},
        {"90", 90},
        {"90s", 90},
        {"15m", 900},
        {"24h", 86400},
        {"30d", 2592000},
        {"2w", 1209600},
        {"007s", 7},
        {"2147483647", INT32_MAX},
        {"35791394m", 2147483640},
        {"24855d", 2147472000},
        {"3550w", 2147040000},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int32_t seconds = 0;
        assert_ok(validity_parse(cases[i].text, &seconds));
        assert_int_equal(seconds, cases[i].seconds);
    }
}

static void anything_else_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {"",
                                        "0",
                                        "0h",
                                        "-1",
                                        "+1",
                                        "1.5h",
                                        "1e3",
                                        "h",
                                        "1hh",
                                        "1 h",
                                        " 1",
                                        "1h ",
                                        "1H",
                                        "1y",
                                        "PT1H",
                                        "1h30m",
                                        "2147483648",
                                        "35791395m",
                                        "596524h",
                                        "24856d",
                                        "3551w",
                                        "4294967297",
                                        "99999999999999999999999",
                                        "0x10",
                                        "1\n"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        int32_t seconds = -7;
        struct error error = validity_parse(texts[i], &seconds);
        if (error.code != ERROR_INVALID)
            fail_msg("'%s' was taken", texts[i]);
        assert_int_equal(seconds, -7);
        assert_non_null(strstr(error.message, "90s, 15m, 24h or 30d"));
        assert_non_null(strstr(error.message, "2147483647"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_span_is_a_number_with_a_unit),
        cmocka_unit_test(anything_else_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
