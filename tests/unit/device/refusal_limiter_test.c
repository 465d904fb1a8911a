/* How an address that guesses is slowed down. */
#include <stdio.h>

#include "device/refusal_limiter.h"
#include "test.h"

#define NOON INSTANT_UNIX_EPOCH
#define AFTER(seconds) (NOON + (instant)(seconds)*INSTANT_TICKS_PER_SECOND)
#define PER_MINUTE 10

static const struct slice guesser = {"192.0.2.7", sizeof "192.0.2.7" - 1};
static const struct slice neighbour = {"192.0.2.8", sizeof "192.0.2.8" - 1};

static int set_up(void **state) {
    struct still_random random = still_random_make(7);
    *state = refusal_limiter_open(PER_MINUTE, &random.source);
    return 0;
}

static int tear_down(void **state) {
    refusal_limiter_close(*state);
    return 0;
}

static void refuse(struct refusal_limiter *limiter, struct slice address, int times, instant now) {
    for (int i = 0; i < times; i++)
        refusal_limiter_note(limiter, address, now);
}

static void a_minutes_allowance_of_refusals_is_free(void **state) {
    refuse(*state, guesser, PER_MINUTE - 1, NOON);
    assert_int_equal(refusal_limiter_wait(*state, guesser, NOON), 0);
    refuse(*state, guesser, 1, NOON);
    assert_int_equal(refusal_limiter_wait(*state, guesser, NOON), 6);
}

static void waiting_wins_back_one_attempt_after_the_other(void **state) {
    refuse(*state, guesser, PER_MINUTE, NOON);
    assert_int_equal(refusal_limiter_wait(*state, guesser, AFTER(5)), 1);
    assert_int_equal(refusal_limiter_wait(*state, guesser, AFTER(6)), 0);
    refuse(*state, guesser, 1, AFTER(6));
    assert_int_equal(refusal_limiter_wait(*state, guesser, AFTER(6)), 6);
    assert_int_equal(refusal_limiter_wait(*state, guesser, AFTER(12)), 0);
}

static void after_a_quiet_minute_all_is_forgiven(void **state) {
    refuse(*state, guesser, PER_MINUTE, NOON);
    refuse(*state, guesser, PER_MINUTE - 1, AFTER(60));
    assert_int_equal(refusal_limiter_wait(*state, guesser, AFTER(60)), 0);
}

static void refusals_that_were_under_way_together_are_owed_but_not_for_ever(void **state) {
    refuse(*state, guesser, 5000, NOON);
    assert_int_equal(refusal_limiter_wait(*state, guesser, NOON), 66);
    assert_int_equal(refusal_limiter_wait(*state, guesser, AFTER(66)), 0);
}

static void a_neighbour_is_not_slowed(void **state) {
    refuse(*state, guesser, 100, NOON);
    assert_int_equal(refusal_limiter_wait(*state, neighbour, NOON), 0);
}

static void an_ipv6_address_stands_for_its_network_of_64_bits(void **state) {
    refuse(*state, SLICE("2001:db8:1:2::1"), PER_MINUTE, NOON);
    assert_true(refusal_limiter_wait(*state, SLICE("2001:db8:1:2:ffff::9"), NOON) > 0);
    assert_int_equal(refusal_limiter_wait(*state, SLICE("2001:db8:1:3::1"), NOON), 0);
    assert_int_equal(refusal_limiter_wait(*state, SLICE("32.1.13.184"), NOON), 0);
}

static void callers_without_an_address_are_never_slowed(void **state) {
    static const char *const others[] = {"local", "", "192.0.2", "192.0.2.7:80",
                                         "a text that is longer than any address may ever be"};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        refuse(*state, slice_from_string(others[i]), 100, NOON);
        assert_int_equal(refusal_limiter_wait(*state, slice_from_string(others[i]), NOON), 0);
    }
}

static void a_clock_that_is_set_back_slows_nobody_for_long(void **state) {
    refuse(*state, guesser, PER_MINUTE, AFTER(1000000));
    assert_int_equal(refusal_limiter_wait(*state, guesser, NOON), 66);
    refuse(*state, guesser, 1, NOON);
    assert_int_equal(refusal_limiter_wait(*state, guesser, AFTER(66)), 0);
}

static void the_guesser_is_remembered_among_thousands_of_addresses(void **state) {
    char text[32];
    refuse(*state, guesser, 5000, NOON);
    for (int i = 0; i < 4 * REFUSAL_LIMITER_ADDRESSES; i++) {
        (void)snprintf(text, sizeof text, "10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255);
        refuse(*state, slice_from_string(text), 1, NOON);
    }
    assert_int_equal(refusal_limiter_wait(*state, guesser, NOON), 66);
}

static void refusals_and_waits_are_counted(void **state) {
    refuse(*state, guesser, PER_MINUTE, NOON);
    (void)refusal_limiter_wait(*state, guesser, NOON);
    (void)refusal_limiter_wait(*state, guesser, NOON);
    (void)refusal_limiter_wait(*state, neighbour, NOON);
    struct refusal_limiter_counts counts = refusal_limiter_count(*state);
    assert_int_equal(counts.refused, PER_MINUTE);
    assert_int_equal(counts.slowed, 2);
}

static void without_a_limit_refusals_are_only_counted(void **state) {
    (void)state;
    struct still_random random = still_random_make(7);
    struct refusal_limiter *limiter = refusal_limiter_open(0, &random.source);
    refuse(limiter, guesser, 1000, NOON);
    assert_int_equal(refusal_limiter_wait(limiter, guesser, NOON), 0);
    assert_int_equal(refusal_limiter_count(limiter).refused, 1000);
    refusal_limiter_close(limiter);
}

#define STAGED(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGED(a_minutes_allowance_of_refusals_is_free),
        STAGED(waiting_wins_back_one_attempt_after_the_other),
        STAGED(after_a_quiet_minute_all_is_forgiven),
        STAGED(refusals_that_were_under_way_together_are_owed_but_not_for_ever),
        STAGED(a_neighbour_is_not_slowed),
        STAGED(an_ipv6_address_stands_for_its_network_of_64_bits),
        STAGED(callers_without_an_address_are_never_slowed),
        STAGED(a_clock_that_is_set_back_slows_nobody_for_long),
        STAGED(the_guesser_is_remembered_among_thousands_of_addresses),
        STAGED(refusals_and_waits_are_counted),
        cmocka_unit_test(without_a_limit_refusals_are_only_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
