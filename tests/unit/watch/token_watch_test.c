/* Who is told when of a token's end, with the clock held. */
#include "watch/token_watch.h"

#include <stdlib.h>

#include "watch/seated_store.h"

#define DAY 86400
#define WARNING (7 * DAY)
#define SECONDS(count) ((count)*INSTANT_TICKS_PER_SECOND)

struct scene {
    struct seated_store *seated;
    struct kit *kit;
    struct token_watch watch;
};

static int set_up(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    scene->seated = seated_store_open();
    scene->kit = scene->seated->kit;
    token_watch_open(&scene->watch, &scene->seated->seat, NULL, WARNING);
    *state = scene;
    return 0;
}

static int tear_down(void **state) {
    struct scene *scene = *state;
    token_watch_close(&scene->watch);
    seated_store_close(scene->seated);
    free(scene);
    return 0;
}

/* At the kit's instant, until there is nothing more to do. */
static void step(struct scene *scene) {
    while (token_watch_step(&scene->watch, scene->kit->now)) {
    }
}

static void restart(struct scene *scene, int64_t warning_seconds) {
    token_watch_close(&scene->watch);
    seated_store_restart(scene->seated);
    token_watch_open(&scene->watch, &scene->seated->seat, NULL, warning_seconds);
}

#define assert_told(scene, warned_count, expired_count, expiring_count)                            \
    do {                                                                                           \
        assert_int_equal(atomic_load(&(scene)->watch.warned), (warned_count));                     \
        assert_int_equal(atomic_load(&(scene)->watch.expired), (expired_count));                   \
        assert_int_equal(atomic_load(&(scene)->watch.expiring), (expiring_count));                 \
    } while (0)

static void a_token_is_warned_of_a_week_before_and_told_when_it_expires(void **state) {
    struct scene *scene = *state;
    struct profile profile = kit_create_profile(scene->kit, "Kiosk");
    instant start = scene->kit->now;
    (void)kit_create_token(scene->kit, &profile, 30 * DAY, 0);
    step(scene);
    scene->kit->now = start + SECONDS(23 * DAY) - 1;
    step(scene);
    assert_told(scene, 0, 0, 0);
    scene->kit->now += 1;
    step(scene);
    assert_told(scene, 1, 0, 1);
    scene->kit->now = start + SECONDS(30 * DAY) - 1;
    step(scene);
    assert_told(scene, 1, 0, 1);
    scene->kit->now += 1;
    step(scene);
    step(scene);
    assert_told(scene, 1, 1, 0);
}

static void a_token_that_is_made_between_two_looks_is_seen(void **state) {
    struct scene *scene = *state;
    struct profile profile = kit_create_profile(scene->kit, "Kiosk");
    step(scene);
    (void)kit_create_token(scene->kit, &profile, 6, 0);
    step(scene);
    assert_told(scene, 0, 0, 0);
    scene->kit->now += SECONDS(6);
    step(scene);
    assert_told(scene, 0, 1, 0);
}

static void a_token_that_is_short_on_purpose_is_not_warned_of(void **state) {
    struct scene *scene = *state;
    struct profile profile = kit_create_profile(scene->kit, "Kiosk");
    instant start = scene->kit->now;
    (void)kit_create_token(scene->kit, &profile, WARNING, 0);
    for (int64_t day = 0; day < 7; day++) {
        scene->kit->now = start + SECONDS(day * DAY);
        step(scene);
        assert_told(scene, 0, 0, 0);
    }
}

static void what_was_replaced_or_revoked_meanwhile_is_not_told(void **state) {
    struct scene *scene = *state;
    struct profile replaced = kit_create_profile(scene->kit, "Replaced");
    struct profile revoked = kit_create_profile(scene->kit, "Revoked");
    instant start = scene->kit->now;
    (void)kit_create_token(scene->kit, &replaced, 60, 0);
    (void)kit_create_token(scene->kit, &revoked, 60, 0);
    step(scene);
    scene->kit->now = start + SECONDS(59);
    (void)kit_create_token(scene->kit, &replaced, 3600, 0);
    kit_revoke(scene->kit, &revoked);
    scene->kit->now = start + SECONDS(61);
    step(scene);
    assert_told(scene, 0, 0, 0);
}

static void what_was_told_is_not_told_again_after_a_restart(void **state) {
    struct scene *scene = *state;
    struct profile profiles[2] = {kit_create_profile(scene->kit, "Long"),
                                  kit_create_profile(scene->kit, "Short")};
    (void)kit_create_token(scene->kit, &profiles[0], 8 * DAY, 0);
    (void)kit_create_token(scene->kit, &profiles[1], 60, 0);
    scene->kit->now += SECONDS(DAY);
    step(scene);
    assert_told(scene, 1, 1, 1);
    restart(scene, WARNING);
    step(scene);
    assert_told(scene, 0, 0, 1);
}

static void what_fell_due_while_the_server_was_down_is_told(void **state) {
    struct scene *scene = *state;
    struct profile profiles[3] = {kit_create_profile(scene->kit, "Warned"),
                                  kit_create_profile(scene->kit, "Expired"),
                                  kit_create_profile(scene->kit, "Both")};
    (void)kit_create_token(scene->kit, &profiles[0], 30 * DAY, 0);
    (void)kit_create_token(scene->kit, &profiles[1], 60, 0);
    (void)kit_create_token(scene->kit, &profiles[2], 20 * DAY, 0);
    step(scene);
    scene->kit->now += SECONDS(25 * DAY);
    restart(scene, WARNING);
    step(scene);
    assert_told(scene, 1, 2, 1);
}

static void a_wider_window_warns_of_what_it_reaches_and_repeats_nothing(void **state) {
    struct scene *scene = *state;
    struct profile profiles[2] = {kit_create_profile(scene->kit, "Soon"),
                                  kit_create_profile(scene->kit, "Later")};
    (void)kit_create_token(scene->kit, &profiles[0], 20 * DAY, 0);
    (void)kit_create_token(scene->kit, &profiles[1], 25 * DAY, 0);
    scene->kit->now += SECONDS(13 * DAY);
    step(scene);
    assert_told(scene, 1, 0, 1);
    restart(scene, 2 * WARNING);
    step(scene);
    assert_told(scene, 1, 0, 2);
    restart(scene, 0);
    step(scene);
    scene->kit->now += SECONDS(12 * DAY);
    step(scene);
    assert_told(scene, 0, 2, 0);
}

static void a_clock_that_was_set_back_repeats_nothing_and_misses_nothing(void **state) {
    struct scene *scene = *state;
    struct profile profile = kit_create_profile(scene->kit, "Kiosk");
    instant start = scene->kit->now;
    (void)kit_create_token(scene->kit, &profile, 60, 0);
    scene->kit->now = start + SECONDS(60);
    step(scene);
    assert_told(scene, 0, 1, 0);
    scene->kit->now = start - SECONDS(DAY);
    step(scene);
    (void)kit_create_token(scene->kit, &profile, 60, 0);
    step(scene);
    scene->kit->now += SECONDS(60);
    step(scene);
    assert_told(scene, 0, 2, 0);
    scene->kit->now = start + SECONDS(60);
    step(scene);
    assert_told(scene, 0, 2, 0);
}

static void what_the_store_could_not_take_is_told_when_it_can(void **state) {
    struct scene *scene = *state;
    struct profile profile = kit_create_profile(scene->kit, "Kiosk");
    scene->seated->fails = true;
    step(scene);
    (void)kit_create_token(scene->kit, &profile, 60, 0);
    scene->seated->fails = false;
    step(scene);
    scene->kit->now += SECONDS(60);
    scene->seated->fails = true;
    step(scene);
    assert_told(scene, 0, 0, 0);
    scene->seated->fails = false;
    step(scene);
    assert_told(scene, 0, 1, 0);
}

static void more_than_one_command_takes_are_told_all(void **state) {
    struct scene *scene = *state;
    for (int i = 0; i < 600; i++) {
        struct profile profile = kit_create_profile(scene->kit, "Kiosk");
        (void)kit_create_token(scene->kit, &profile, 60, 0);
    }
    scene->kit->now += SECONDS(60);
    assert_true(token_watch_step(&scene->watch, scene->kit->now));
    assert_told(scene, 0, 256, 0);
    step(scene);
    assert_told(scene, 0, 600, 0);
}

static void tokens_that_are_out_of_date_do_not_fill_the_memory(void **state) {
    struct scene *scene = *state;
    struct profile profile = kit_create_profile(scene->kit, "Kiosk");
    (void)kit_create_token(scene->kit, &profile, 60, 0);
    step(scene);
    struct token_due due = {.at = INSTANT_LAST, .token_id = 1, .kind = TOKEN_NOTICE_EXPIRED};
    while (scene->watch.due.count <= scene->watch.size_at_most)
        token_due_push(&scene->watch.due, &due);
    step(scene);
    assert_int_equal(scene->watch.due.count, 1);
}

static void the_heap_gives_the_soonest_and_only_what_is_due(void **state) {
    (void)state;
    struct token_due_heap heap = {0};
    struct token_due due = {.at = 0, .token_id = 0, .kind = TOKEN_NOTICE_EXPIRED};
    uint32_t number = 1;
    for (int64_t i = 0; i < 1000; i++) {
        number = number * 1664525U + 1013904223U;
        due.at = number >> 16;
        due.token_id = i;
        token_due_push(&heap, &due);
    }
    instant before = 0;
    size_t count = 0;
    for (; token_due_pop(&heap, 30000, &due); count++) {
        assert_true(due.at >= before && due.at <= 30000);
        before = due.at;
    }
    for (; token_due_pop(&heap, INSTANT_LAST, &due); count++) {
        assert_true(due.at >= before && due.at > 30000);
        before = due.at;
    }
    assert_int_equal(count, 1000);
    token_due_free(&heap);
}

#define STAGED(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGED(a_token_is_warned_of_a_week_before_and_told_when_it_expires),
        STAGED(a_token_that_is_made_between_two_looks_is_seen),
        STAGED(a_token_that_is_short_on_purpose_is_not_warned_of),
        STAGED(what_was_replaced_or_revoked_meanwhile_is_not_told),
        STAGED(what_was_told_is_not_told_again_after_a_restart),
        STAGED(what_fell_due_while_the_server_was_down_is_told),
        STAGED(a_wider_window_warns_of_what_it_reaches_and_repeats_nothing),
        STAGED(a_clock_that_was_set_back_repeats_nothing_and_misses_nothing),
        STAGED(what_the_store_could_not_take_is_told_when_it_can),
        STAGED(more_than_one_command_takes_are_told_all),
        STAGED(tokens_that_are_out_of_date_do_not_fill_the_memory),
        cmocka_unit_test(the_heap_gives_the_soonest_and_only_what_is_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
