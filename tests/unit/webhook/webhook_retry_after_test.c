/* How long a receiver asks to be left alone, and how much of that it gets. */
#include "webhook/webhook_retry_after.h"

#include "test.h"

#define SECONDS(count) ((count)*INSTANT_TICKS_PER_SECOND)
/* Sun, 06 Nov 1994 08:49:37 GMT, the date of RFC 9110 5.6.7. */
#define THEN INT64_C(784111777)

static void seconds_and_dates_are_understood(void **state) {
    (void)state;
    static const struct {
        const char *value;
        int64_t seconds;
    } cases[] = {
        {"0", 0},
        {"1", 1},
        {"120", 120},
        {"0120", 120},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 37},
        {"Sunday, 06-Nov-94 08:49:37 GMT", 37},
        {"Sun Nov  6 08:49:37 1994", 37},
    };
    instant now = instant_from_unix(THEN - 37);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (webhook_retry_after_ticks(cases[i].value, now) != SECONDS(cases[i].seconds))
            fail_msg("%s", cases[i].value);
    }
}

static void nobody_is_put_off_for_more_than_an_hour(void **state) {
    (void)state;
    static const char *const values[] = {"3600", "3601", "18446744073709551617",
                                         "Sun, 06 Nov 1994 08:49:37 GMT"};
    instant now = instant_from_unix(THEN - 86400);
    for (size_t i = 0; i < COUNT_OF(values); i++)
        assert_int_equal(webhook_retry_after_ticks(values[i], now), SECONDS(3600));
}

static void what_has_passed_or_makes_no_sense_asks_for_nothing(void **state) {
    (void)state;
    static const char *const values[] = {
        "", "-1", "+5", "1.5", "5 seconds", "soon", "Sun, 06 Nov 1994 08:49:37 GMT",
    };
    instant now = instant_from_unix(THEN + 1);
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        if (webhook_retry_after_ticks(values[i], now) != 0)
            fail_msg("%s", values[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seconds_and_dates_are_understood),
        cmocka_unit_test(nobody_is_put_off_for_more_than_an_hour),
        cmocka_unit_test(what_has_passed_or_makes_no_sense_asks_for_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
