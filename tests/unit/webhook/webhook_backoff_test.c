/* How long a webhook waits, with chance held still. */
#include "webhook/webhook_backoff.h"

#include "test.h"

static void waits_double_up_to_five_minutes(void **state) {
    (void)state;
    static const int64_t seconds[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300};
    struct still_random most = still_random_make(0xFF);
    struct still_random least = still_random_make(0);
    for (unsigned i = 0; i < COUNT_OF(seconds); i++) {
        int64_t ticks = seconds[i] * INSTANT_TICKS_PER_SECOND;
        assert_int_equal(webhook_backoff_ticks(i + 1, &most.source), ticks);
        assert_int_equal(webhook_backoff_ticks(i + 1, &least.source), ticks / 2);
    }
    assert_int_equal(webhook_backoff_ticks(UINT32_MAX, &most.source),
                     300 * INSTANT_TICKS_PER_SECOND);
    assert_int_equal(webhook_backoff_ticks(0, &most.source), INSTANT_TICKS_PER_SECOND);
}

static void chance_decides_between_the_half_and_the_whole(void **state) {
    (void)state;
    int64_t before = 0;
    for (unsigned byte = 0; byte < 256; byte++) {
        struct still_random random = still_random_make((uint8_t)byte);
        int64_t ticks = webhook_backoff_ticks(3, &random.source);
        assert_true(ticks > before && ticks >= 2 * INSTANT_TICKS_PER_SECOND &&
                    ticks <= 4 * INSTANT_TICKS_PER_SECOND);
        before = ticks;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_double_up_to_five_minutes),
        cmocka_unit_test(chance_decides_between_the_half_and_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
