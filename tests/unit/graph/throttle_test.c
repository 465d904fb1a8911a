/* How a tenant and its applications are throttled: rule G38 of the Graph dialect
 * (docs/graph-compatibility.md). */
#include "graph/throttle.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "test.h"

#define NOON INSTANT_UNIX_EPOCH
#define AFTER(milliseconds) (NOON + (instant)(milliseconds)*INSTANT_TICKS_PER_MILLISECOND)

static const struct throttle_limits limits = {
    .span_seconds = 20,
    .calls_per_tenant = 40,
    .calls_per_application = 20,
    .changes_per_tenant = 10,
    .changes_per_application = 5,
};

static struct principal caller(uint8_t tenant, const char *application) {
    struct principal principal = {.tenant.bytes = {tenant, [15] = tenant}};
    (void)snprintf(principal.application, sizeof principal.application, "%s", application);
    return principal;
}

static struct throttle *open_with(const struct throttle_limits *chosen) {
    struct still_random random = still_random_make(7);
    return throttle_open(chosen, &random.source);
}

static int set_up(void **state) {
    *state = open_with(&limits);
    return 0;
}

static int tear_down(void **state) {
    throttle_close(*state);
    return 0;
}

/* Calls until one is refused, at most 100 times; how many went on. */
static int take_all(struct throttle *throttle, const struct principal *principal, bool is_change,
                    instant now, struct throttle_refusal *refusal) {
    int taken = 0;
    while (taken < 100 && throttle_take(throttle, principal, is_change, now, refusal))
        taken++;
    return taken;
}

static void an_application_has_its_calls_and_then_waits_for_one(void **state) {
    struct principal one = caller(1, "one");
    struct throttle_refusal refusal;
    assert_int_equal(take_all(*state, &one, false, NOON, &refusal), 20);
    assert_int_equal(refusal.wait_seconds, 1);
    assert_false(refusal.of_tenant);
    assert_false(refusal.of_changes);
    assert_int_equal(refusal.limit, 20);
    assert_false(throttle_take(*state, &one, false, AFTER(999), &refusal));
    assert_int_equal(take_all(*state, &one, false, AFTER(1000), &refusal), 1);
    assert_int_equal(take_all(*state, &one, false, AFTER(21000), &refusal), 20);
}

static void changes_have_a_smaller_number_and_reads_still_go_on(void **state) {
    struct principal one = caller(1, "one");
    struct throttle_refusal refusal;
    assert_int_equal(take_all(*state, &one, true, NOON, &refusal), 5);
    assert_true(refusal.of_changes);
    assert_int_equal(refusal.limit, 5);
    assert_int_equal(refusal.wait_seconds, 4);
    assert_int_equal(take_all(*state, &one, false, NOON, &refusal), 15);
    assert_false(refusal.of_changes);
}

static void waiting_as_told_is_enough(void **state) {
    struct principal one = caller(1, "one");
    struct throttle_refusal refusal = {.wait_seconds = 0};
    instant now = NOON;
    for (int i = 0; i < 200; i++) {
        if (throttle_take(*state, &one, true, now, &refusal))
            continue;
        now += refusal.wait_seconds * INSTANT_TICKS_PER_SECOND;
        assert_true(throttle_take(*state, &one, true, now, &refusal));
    }
    assert_true(now > NOON);
}

static void a_call_that_is_refused_uses_nothing(void **state) {
    struct principal one = caller(1, "one");
    struct principal two = caller(1, "two");
    struct throttle_refusal refusal;
    (void)take_all(*state, &one, true, NOON, &refusal);
    for (int i = 0; i < 1000; i++)
        assert_false(throttle_take(*state, &one, true, NOON, &refusal));
    assert_int_equal(take_all(*state, &two, true, NOON, &refusal), 5);
    assert_int_equal(throttle_count(*state), 1002);
}

static void the_applications_of_a_tenant_share_its_limits(void **state) {
    struct throttle_refusal refusal;
    struct principal one = caller(1, "one");
    struct principal two = caller(1, "two");
    struct principal three = caller(1, "three");
    struct principal elsewhere = caller(2, "one");
    assert_int_equal(take_all(*state, &one, false, NOON, &refusal), 20);
    assert_int_equal(take_all(*state, &two, false, NOON, &refusal), 20);
    assert_int_equal(take_all(*state, &three, false, NOON, &refusal), 0);
    assert_true(refusal.of_tenant);
    assert_int_equal(refusal.limit, 40);
    assert_int_equal(take_all(*state, &elsewhere, false, NOON, &refusal), 20);
}

static void tokens_that_name_no_application_count_as_one(void **state) {
    struct principal nameless = caller(1, "");
    struct principal named = caller(1, "one");
    struct throttle_refusal refusal;
    assert_int_equal(take_all(*state, &nameless, true, NOON, &refusal), 5);
    assert_int_equal(take_all(*state, &named, true, NOON, &refusal), 5);
}

static void a_clock_that_is_set_back_throttles_nobody_for_longer_than_the_span(void **state) {
    struct principal one = caller(1, "one");
    struct throttle_refusal refusal;
    (void)take_all(*state, &one, true, AFTER(3600000), &refusal);
    assert_false(throttle_take(*state, &one, true, NOON, &refusal));
    assert_true(refusal.wait_seconds <= limits.span_seconds);
    assert_true(throttle_take(*state, &one, true, AFTER(3606000), &refusal));
}

static void a_limit_of_0_is_none(void **state) {
    (void)state;
    const struct throttle_limits only_changes = {.span_seconds = 20, .changes_per_application = 3};
    struct throttle *throttle = open_with(&only_changes);
    struct principal one = caller(1, "one");
    struct throttle_refusal refusal;
    assert_int_equal(take_all(throttle, &one, false, NOON, &refusal), 100);
    assert_int_equal(take_all(throttle, &one, true, NOON, &refusal), 3);
    throttle_close(throttle);
}

static void who_has_used_most_is_remembered_among_thousands(void **state) {
    (void)state;
    const struct throttle_limits only_changes = {.span_seconds = 20, .changes_per_application = 5};
    struct throttle *throttle = open_with(&only_changes);
    struct principal busy = caller(1, "busy");
    struct throttle_refusal refusal;
    char name[32];
    assert_int_equal(take_all(throttle, &busy, true, NOON, &refusal), 5);
    for (int i = 0; i < 4 * THROTTLE_KEYS; i++) {
        (void)snprintf(name, sizeof name, "other-%d", i);
        struct principal other = caller(1, name);
        assert_true(throttle_take(throttle, &other, true, NOON, &refusal));
    }
    assert_false(throttle_take(throttle, &busy, true, NOON, &refusal));
    throttle_close(throttle);
}

#define THREADS 4
struct crowd {
    struct throttle *throttle;
    int taken;
};

static void *crowd_in(void *context) {
    struct crowd *crowd = context;
    struct principal one = caller(1, "one");
    struct throttle_refusal refusal;
    for (int i = 0; i < 1000; i++)
        crowd->taken += throttle_take(crowd->throttle, &one, i % 2 == 0, NOON, &refusal);
    return NULL;
}

static void the_limit_is_exact_over_several_threads(void **state) {
    pthread_t threads[THREADS];
    struct crowd crowds[THREADS];
    int taken = 0;
    for (size_t i = 0; i < THREADS; i++) {
        crowds[i] = (struct crowd){.throttle = *state};
        assert_int_equal(pthread_create(&threads[i], NULL, crowd_in, &crowds[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        (void)pthread_join(threads[i], NULL);
        taken += crowds[i].taken;
    }
    assert_int_equal(taken, limits.calls_per_application);
    assert_int_equal(throttle_count(*state), THREADS * 1000 - limits.calls_per_application);
}

#define STAGED(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGED(an_application_has_its_calls_and_then_waits_for_one),
        STAGED(changes_have_a_smaller_number_and_reads_still_go_on),
        STAGED(waiting_as_told_is_enough),
        STAGED(a_call_that_is_refused_uses_nothing),
        STAGED(the_applications_of_a_tenant_share_its_limits),
        STAGED(tokens_that_name_no_application_count_as_one),
        STAGED(a_clock_that_is_set_back_throttles_nobody_for_longer_than_the_span),
        STAGED(a_limit_of_0_is_none),
        STAGED(who_has_used_most_is_remembered_among_thousands),
        STAGED(the_limit_is_exact_over_several_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
