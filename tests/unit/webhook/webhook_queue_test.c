/* What is delivered, in which order, and what happens when the receiver does not take it; with the
 * clock held. */
#include "webhook/webhook_queue.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "watch/seated_store.h"

#define DAY INT64_C(86400)
#define SECONDS(count) ((count)*INSTANT_TICKS_PER_SECOND)
#define MILLISECONDS(count) ((count)*INSTANT_TICKS_PER_MILLISECOND)

struct scene {
    struct seated_store *seated;
    struct kit *kit;
    struct still_random random;
    struct webhook_settings settings;
    struct webhook_queue queue;
    struct profile profile;
};

static void open_queue(struct scene *scene) {
    struct store_follower follower = {.name = scene->settings.name};
    struct store_command command = kit_command(scene->kit, STORE_FOLLOWER_OPEN);
    command.follower_open.followers = &follower;
    command.follower_open.count = 1;
    assert_ok(kit_run(scene->kit, &command));
    webhook_queue_open(&scene->queue, &scene->settings, &scene->seated->seat, &scene->random.source,
                       NULL);
    webhook_queue_begin(&scene->queue, &follower);
}

static int set_up(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    scene->seated = seated_store_open();
    scene->kit = scene->seated->kit;
    scene->random = still_random_make(0xFF);
    scene->settings =
        (struct webhook_settings){.name = "tickets", .events = WEBHOOK_EVENTS_ALL, .keep_days = 7};
    scene->profile = kit_create_profile(scene->kit, "Kiosk");
    open_queue(scene);
    *state = scene;
    return 0;
}

static int tear_down(void **state) {
    struct scene *scene = *state;
    webhook_queue_close(&scene->queue);
    seated_store_close(scene->seated);
    free(scene);
    return 0;
}

/* As after a crash: what was not saved is not known any more. */
static void restart(struct scene *scene) {
    webhook_queue_close(&scene->queue);
    seated_store_restart(scene->seated);
    open_queue(scene);
}

/* The name of the event to be sent now; "" for none. */
static const char *next(struct scene *scene) {
    enum webhook_event_kind kind = WEBHOOK_EVENT_COUNT;
    const struct store_event *event = NULL;
    scene->kit->now += MILLISECONDS(WEBHOOK_POLL_MILLISECONDS);
    if (!webhook_queue_next(&scene->queue, scene->kit->now, &kind, &event))
        return "";
    assert_non_null(event);
    return webhook_event_name(kind);
}

static void take(struct scene *scene) {
    struct error outcome = error_none();
    webhook_queue_finish(&scene->queue, &outcome, 0, scene->kit->now);
}

static void put_off(struct scene *scene, int64_t ticks) {
    struct error outcome = error_make(ERROR_UNAVAILABLE, "answers with status 500 instead of 2xx");
    webhook_queue_finish(&scene->queue, &outcome, ticks, scene->kit->now);
}

static void refuse(struct scene *scene) {
    put_off(scene, 0);
}

#define assert_next(scene, name) assert_string_equal(next(scene), name)
#define assert_taken(scene, name)                                                                  \
    do {                                                                                           \
        assert_next(scene, name);                                                                  \
        take(scene);                                                                               \
    } while (0)

static void create_token(struct scene *scene) {
    (void)kit_create_token(scene->kit, &scene->profile, 3600, 0);
}

static void events_come_one_after_the_other_in_their_order(void **state) {
    struct scene *scene = *state;
    assert_next(scene, "");
    struct token token = kit_create_token(scene->kit, &scene->profile, 3600, 0);
    assert_int_equal(kit_redeem(scene->kit, &token, "S-1"), ENROLL_ACCEPTED);
    create_token(scene);
    kit_revoke(scene->kit, &scene->profile);
    kit_revoke(scene->kit, &scene->profile);
    assert_int_equal(kit_redeem(scene->kit, &token, "S-2"), ENROLL_TOKEN_REPLACED);
    assert_taken(scene, "token.created");
    assert_taken(scene, "device.enrolled");
    assert_taken(scene, "token.replaced");
    assert_taken(scene, "token.created");
    assert_taken(scene, "token.revoked");
    assert_taken(scene, "device.refused");
    assert_next(scene, "");
    assert_int_equal(atomic_load(&scene->queue.delivered), 6);
    assert_int_equal(atomic_load(&scene->queue.backlog), 0);
}

static void only_what_is_wanted_is_told(void **state) {
    struct scene *scene = *state;
    scene->settings.events = 1U << WEBHOOK_TOKEN_REPLACED | 1U << WEBHOOK_TOKEN_REVOKED;
    create_token(scene);
    create_token(scene);
    kit_revoke(scene->kit, &scene->profile);
    assert_taken(scene, "token.replaced");
    assert_taken(scene, "token.revoked");
    assert_next(scene, "");
}

static void a_failed_event_waits_twice_as_long_each_time_and_holds_up_the_next(void **state) {
    struct scene *scene = *state;
    create_token(scene);
    kit_revoke(scene->kit, &scene->profile);
    assert_next(scene, "token.created");
    for (int64_t wait = 1; wait <= 8; wait *= 2) {
        refuse(scene);
        scene->kit->now += SECONDS(wait) - MILLISECONDS(WEBHOOK_POLL_MILLISECONDS) - 1;
        assert_next(scene, "");
        scene->kit->now += 1 - MILLISECONDS(WEBHOOK_POLL_MILLISECONDS);
        assert_next(scene, "token.created");
    }
    assert_int_equal(atomic_load(&scene->queue.failed), 4);
    take(scene);
    assert_taken(scene, "token.revoked");
    create_token(scene);
    assert_next(scene, "token.created");
    refuse(scene);
    scene->kit->now += SECONDS(1);
    assert_taken(scene, "token.created");
}

static void a_receiver_that_asks_for_a_longer_wait_gets_it_once(void **state) {
    struct scene *scene = *state;
    create_token(scene);
    assert_next(scene, "token.created");
    put_off(scene, SECONDS(600));
    scene->kit->now += SECONDS(600) - MILLISECONDS(WEBHOOK_POLL_MILLISECONDS) - 1;
    assert_next(scene, "");
    scene->kit->now += 1 - MILLISECONDS(WEBHOOK_POLL_MILLISECONDS);
    assert_next(scene, "token.created");
    /* A wait that is shorter than the usual one does not count. */
    put_off(scene, SECONDS(1));
    scene->kit->now += SECONDS(2) - MILLISECONDS(WEBHOOK_POLL_MILLISECONDS) - 1;
    assert_next(scene, "");
    scene->kit->now += 1 - MILLISECONDS(WEBHOOK_POLL_MILLISECONDS);
    assert_next(scene, "token.created");
}

static void a_clock_that_was_set_back_ends_the_wait(void **state) {
    struct scene *scene = *state;
    create_token(scene);
    assert_next(scene, "token.created");
    refuse(scene);
    scene->kit->now -= SECONDS(DAY);
    assert_next(scene, "token.created");
}

static enum error_code give_up(struct scene *scene) {
    struct store_command command = kit_command(scene->kit, STORE_FOLLOWER_SKIP);
    return webhook_queue_skip(&scene->queue, &command).code;
}

static void an_event_that_is_always_refused_can_be_given_up(void **state) {
    struct scene *scene = *state;
    create_token(scene);
    kit_revoke(scene->kit, &scene->profile);
    assert_next(scene, "token.created");
    refuse(scene);
    assert_int_equal(give_up(scene), ERROR_NONE);
    assert_int_equal(atomic_load(&scene->queue.skipped), 1);
    assert_next(scene, "token.revoked");
    restart(scene);
    assert_taken(scene, "token.revoked");
    assert_next(scene, "");
}

static void only_an_event_that_failed_is_given_up(void **state) {
    struct scene *scene = *state;
    assert_int_equal(give_up(scene), ERROR_CONFLICT);
    create_token(scene);
    kit_revoke(scene->kit, &scene->profile);
    assert_next(scene, "token.created");
    assert_int_equal(give_up(scene), ERROR_CONFLICT);
    refuse(scene);
    scene->kit->now += SECONDS(1);
    assert_taken(scene, "token.created");
    assert_int_equal(give_up(scene), ERROR_CONFLICT);
    assert_next(scene, "token.revoked");
    assert_int_equal(give_up(scene), ERROR_CONFLICT);
    assert_int_equal(atomic_load(&scene->queue.skipped), 0);
}

static void the_age_that_drops_an_event_leaves_no_skip_for_the_next(void **state) {
    struct scene *scene = *state;
    create_token(scene);
    assert_next(scene, "token.created");
    refuse(scene);
    scene->kit->now += SECONDS(8 * DAY);
    kit_revoke(scene->kit, &scene->profile);
    create_token(scene);
    for (int i = 0; i < 3 && *next(scene) == '\0'; i++) {
    }
    assert_int_equal(atomic_load(&scene->queue.dropped), 1);
    assert_int_equal(give_up(scene), ERROR_CONFLICT);
}

static void of_a_row_with_two_events_one_is_given_up_for_ever(void **state) {
    struct scene *scene = *state;
    create_token(scene);
    assert_taken(scene, "token.created");
    create_token(scene);
    assert_next(scene, "token.replaced");
    refuse(scene);
    assert_int_equal(give_up(scene), ERROR_NONE);
    restart(scene);
    assert_next(scene, "token.created");
    refuse(scene);
    assert_int_equal(give_up(scene), ERROR_NONE);
    restart(scene);
    assert_next(scene, "");
}

static void a_skip_that_the_store_cannot_keep_leaves_the_event_in_turn(void **state) {
    struct scene *scene = *state;
    create_token(scene);
    assert_next(scene, "token.created");
    refuse(scene);
    scene->seated->fails = true;
    assert_int_equal(give_up(scene), ERROR_UNAVAILABLE);
    scene->seated->fails = false;
    assert_int_equal(atomic_load(&scene->queue.skipped), 0);
    scene->kit->now += SECONDS(1);
    assert_taken(scene, "token.created");
}

static void the_report_says_where_it_is_and_how_it_fails(void **state) {
    struct scene *scene = *state;
    create_token(scene);
    assert_next(scene, "token.created");
    struct webhook_report report = webhook_queue_report(&scene->queue);
    assert_string_equal(report.name, "tickets");
    assert_int_equal(report.position, scene->queue.position);
    assert_int_equal(report.backlog, 1);
    assert_true(report.has_event);
    assert_int_equal(report.kind, WEBHOOK_TOKEN_CREATED);
    assert_int_equal(report.attempts, 0);
    assert_int_equal(report.failing_since, INSTANT_NEVER);
    refuse(scene);
    instant since = scene->kit->now;
    scene->kit->now += SECONDS(1);
    assert_next(scene, "token.created");
    refuse(scene);
    report = webhook_queue_report(&scene->queue);
    assert_int_equal(report.attempts, 2);
    assert_int_equal(report.failing_since, since);
    assert_int_equal(report.retry_at, scene->kit->now + SECONDS(2));
    assert_string_equal(report.failure.message, "answers with status 500 instead of 2xx");
    take(scene);
    report = webhook_queue_report(&scene->queue);
    assert_false(report.has_event);
    assert_int_equal(report.failing_since, INSTANT_NEVER);
}

static void after_a_crash_it_goes_on_behind_what_was_saved(void **state) {
    struct scene *scene = *state;
    create_token(scene);
    kit_revoke(scene->kit, &scene->profile);
    create_token(scene);
    assert_taken(scene, "token.created");
    webhook_queue_save(&scene->queue, scene->kit->now, false);
    assert_taken(scene, "token.revoked");
    webhook_queue_save(&scene->queue, scene->kit->now, false);
    restart(scene);
    assert_taken(scene, "token.revoked");
    assert_taken(scene, "token.created");
    webhook_queue_save(&scene->queue, scene->kit->now, true);
    restart(scene);
    assert_next(scene, "");
}

static void a_position_is_saved_once_a_second(void **state) {
    struct scene *scene = *state;
    create_token(scene);
    create_token(scene);
    assert_taken(scene, "token.created");
    webhook_queue_save(&scene->queue, scene->kit->now, false);
    int64_t saved = scene->queue.saved;
    assert_int_equal(saved, scene->queue.position);
    assert_taken(scene, "token.replaced");
    assert_taken(scene, "token.created");
    webhook_queue_save(&scene->queue, scene->kit->now, false);
    assert_int_equal(scene->queue.saved, saved);
    assert_true(webhook_queue_wait(&scene->queue, scene->kit->now, 1000) <= 500);
    scene->kit->now += SECONDS(1);
    webhook_queue_save(&scene->queue, scene->kit->now, false);
    assert_int_equal(scene->queue.saved, scene->queue.position);
}

static void a_store_that_fails_is_asked_again(void **state) {
    struct scene *scene = *state;
    create_token(scene);
    scene->seated->fails = true;
    assert_next(scene, "");
    scene->seated->fails = false;
    assert_taken(scene, "token.created");
    scene->seated->fails = true;
    webhook_queue_save(&scene->queue, scene->kit->now, true);
    assert_true(scene->queue.saved < scene->queue.position);
    scene->seated->fails = false;
    scene->kit->now += SECONDS(1);
    webhook_queue_save(&scene->queue, scene->kit->now, false);
    restart(scene);
    assert_next(scene, "");
}

static void what_was_kept_too_long_is_dropped_and_counted(void **state) {
    struct scene *scene = *state;
    for (int i = 0; i < 100; i++)
        create_token(scene);
    assert_next(scene, "token.created");
    refuse(scene);
    scene->kit->now += SECONDS(7 * DAY) - SECONDS(60);
    create_token(scene);
    assert_next(scene, "token.created");
    refuse(scene);
    scene->kit->now += SECONDS(120);
    /* 199 events of 100 rows, none of them taken; what happened later is still kept. */
    for (int i = 0; i < 3 && *next(scene) == '\0'; i++) {
    }
    assert_taken(scene, "token.expired");
    assert_int_equal(atomic_load(&scene->queue.dropped), 199);
    assert_taken(scene, "token.created");
    assert_next(scene, "");
}

static void the_backlog_is_counted_while_nothing_is_taken(void **state) {
    struct scene *scene = *state;
    create_token(scene);
    assert_next(scene, "token.created");
    instant first = scene->kit->now;
    assert_int_equal(atomic_load(&scene->queue.backlog), 1);
    for (int i = 0; i < 9; i++) {
        refuse(scene);
        create_token(scene);
        scene->kit->now += SECONDS(1);
        (void)next(scene);
        (void)next(scene);
    }
    assert_int_equal(atomic_load(&scene->queue.backlog), 10);
    assert_in_range(atomic_load(&scene->queue.waits_since), 1, first);
    assert_false(scene->queue.is_behind);
    scene->kit->now += SECONDS(WEBHOOK_BEHIND_SECONDS);
    assert_next(scene, "token.created");
    assert_true(scene->queue.is_behind);
    take(scene);
    for (int i = 0; i < 20 && *next(scene) != '\0'; i++)
        take(scene);
    assert_false(scene->queue.is_behind);
    assert_int_equal(atomic_load(&scene->queue.backlog), 0);
    assert_int_equal(atomic_load(&scene->queue.waits_since), INSTANT_NEVER);
}

/* How often the text stands in the log. */
static int count_lines(FILE *file, const char *text) {
    char line[512];
    int count = 0;
    rewind(file);
    while (fgets(line, sizeof line, file) != NULL)
        count += strstr(line, text) != NULL ? 1 : 0;
    return count;
}

static void the_log_tells_what_begins_and_what_ends_and_never_the_address(void **state) {
    struct scene *scene = *state;
    struct still_clock clock = still_clock_make(scene->kit->now);
    FILE *file = tmpfile();
    assert_non_null(file);
    scene->settings.url = "https://hooks.example.org/a-secret-path";
    scene->queue.log = log_open(fileno(file), LOG_LEVEL_INFO, LOG_FORMAT_LOGFMT, &clock.clock);
    create_token(scene);
    assert_next(scene, "token.created");
    for (int i = 0; i < 3; i++) {
        refuse(scene);
        scene->kit->now += SECONDS(WEBHOOK_BEHIND_SECONDS);
        assert_next(scene, "token.created");
    }
    log_flush(scene->queue.log);
    assert_int_equal(count_lines(file, "event=\"webhook fails\" webhook=tickets reason=\"answers "
                                       "with status 500 instead of 2xx\""),
                     1);
    assert_int_equal(count_lines(file, "event=\"webhook falls behind\" webhook=tickets"), 1);
    take(scene);
    assert_next(scene, "");
    log_flush(scene->queue.log);
    assert_int_equal(count_lines(file, "event=\"webhook works again\" webhook=tickets attempts=4"),
                     1);
    assert_int_equal(count_lines(file, "event=\"webhook has caught up\" webhook=tickets"), 1);
    create_token(scene);
    scene->kit->now += SECONDS(8 * DAY);
    assert_next(scene, "");
    log_close(scene->queue.log);
    assert_int_equal(count_lines(file, "event=\"webhook events dropped\" webhook=tickets events=2"),
                     1);
    assert_int_equal(count_lines(file, "a-secret-path"), 0);
    assert_int_equal(fclose(file), 0);
}

static void a_quiet_webhook_looks_four_times_a_second(void **state) {
    struct scene *scene = *state;
    assert_next(scene, "");
    assert_int_equal(webhook_queue_wait(&scene->queue, scene->kit->now, 1000),
                     WEBHOOK_POLL_MILLISECONDS);
    create_token(scene);
    assert_next(scene, "token.created");
    refuse(scene);
    assert_int_equal(webhook_queue_wait(&scene->queue, scene->kit->now, 60000), 1000);
    assert_int_equal(webhook_queue_wait(&scene->queue, scene->kit->now, 10), 10);
}

#define STAGED(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGED(events_come_one_after_the_other_in_their_order),
        STAGED(only_what_is_wanted_is_told),
        STAGED(a_failed_event_waits_twice_as_long_each_time_and_holds_up_the_next),
        STAGED(a_receiver_that_asks_for_a_longer_wait_gets_it_once),
        STAGED(a_clock_that_was_set_back_ends_the_wait),
        STAGED(an_event_that_is_always_refused_can_be_given_up),
        STAGED(only_an_event_that_failed_is_given_up),
        STAGED(the_age_that_drops_an_event_leaves_no_skip_for_the_next),
        STAGED(of_a_row_with_two_events_one_is_given_up_for_ever),
        STAGED(a_skip_that_the_store_cannot_keep_leaves_the_event_in_turn),
        STAGED(the_report_says_where_it_is_and_how_it_fails),
        STAGED(after_a_crash_it_goes_on_behind_what_was_saved),
        STAGED(a_position_is_saved_once_a_second),
        STAGED(a_store_that_fails_is_asked_again),
        STAGED(what_was_kept_too_long_is_dropped_and_counted),
        STAGED(the_backlog_is_counted_while_nothing_is_taken),
        STAGED(the_log_tells_what_begins_and_what_ends_and_never_the_address),
        STAGED(a_quiet_webhook_looks_four_times_a_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
