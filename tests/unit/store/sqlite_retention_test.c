/* Audit events that are too old go, a few at a time; younger ones and the newest stay. */
#include <sqlite3.h>
#include <stdlib.h>

#include "sqlite_place.h"
#include "store/sqlite/audit_retention.h"
#include "store/sqlite/database.h"
#include "store/sqlite/sqlite_store.h"

#define DAY (INT64_C(86400) * INSTANT_TICKS_PER_SECOND)
#define NOW INSTANT_UNIX_EPOCH

struct scene {
    struct sqlite_place place;
    struct store_completions completions;
    struct database database;
    struct still_clock clock;
    struct audit_retention retention;
};

static void ignore(struct store_completions *completions, size_t loop,
                   struct store_command *first) {
    (void)completions;
    (void)loop;
    (void)first;
}

static struct store *open_store(struct scene *scene, int retention_days) {
    struct store *store = NULL;
    const struct sqlite_store_options options = {
        .path = scene->place.path,
        .loops = 1,
        .completions = &scene->completions,
        .audit_retention_days = retention_days,
        .clock = &scene->clock.clock,
    };
    assert_ok(sqlite_store_open(&options, &store));
    return store;
}

static int set_up(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    scene->place = sqlite_place_make();
    scene->completions.deliver = ignore;
    scene->clock = still_clock_make(NOW);
    scene->retention = (struct audit_retention){.seconds = 86400, .clock = &scene->clock.clock};
    struct store *store = open_store(scene, 0);
    store->close(store);
    assert_true(database_open(&scene->database, scene->place.path, DATABASE_WRITER));
    *state = scene;
    return 0;
}

static int tear_down(void **state) {
    struct scene *scene = *state;
    database_close(&scene->database);
    sqlite_place_remove(&scene->place);
    free(scene);
    return 0;
}

static void add_events(struct scene *scene, int count, instant at) {
    char *sql = sqlite3_mprintf(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
        "INSERT INTO audit (at, activity, result, actor_kind) SELECT %lld, 1, 0, 4 FROM n",
        count, (long long)at);
    assert_true(database_execute(&scene->database, sql));
    sqlite3_free(sql);
}

static int64_t count_events(struct scene *scene) {
    int64_t count = 0;
    assert_true(database_read_pragma(&scene->database, "SELECT count(*) FROM audit", &count));
    return count;
}

static void run(struct scene *scene) {
    assert_true(audit_retention_run(&scene->retention, &scene->database));
}

static void old_events_go_in_batches_and_young_ones_stay(void **state) {
    struct scene *scene = *state;
    add_events(scene, 2 * AUDIT_RETENTION_BATCH + 10, NOW - DAY - 1);
    add_events(scene, 5, NOW - DAY + 2 * INSTANT_TICKS_PER_SECOND);
    run(scene);
    assert_int_equal(count_events(scene), AUDIT_RETENTION_BATCH + 15);
    run(scene);
    assert_int_equal(count_events(scene), AUDIT_RETENTION_BATCH + 15);
    assert_int_equal(audit_retention_wait_at_most(&scene->retention), 2);
    for (int i = 0; i < 2; i++) {
        scene->clock.now += INSTANT_TICKS_PER_SECOND;
        add_events(scene, 1, scene->clock.now);
        run(scene);
    }
    assert_int_equal(count_events(scene), 7);
}

static void when_nothing_is_left_to_delete_the_next_look_is_an_hour_later(void **state) {
    struct scene *scene = *state;
    add_events(scene, 2, NOW);
    run(scene);
    scene->clock.now += 3599 * INSTANT_TICKS_PER_SECOND + DAY;
    scene->retention.next = scene->clock.now + INSTANT_TICKS_PER_SECOND;
    run(scene);
    assert_int_equal(count_events(scene), 2);
    scene->clock.now += INSTANT_TICKS_PER_SECOND;
    run(scene);
    assert_int_equal(count_events(scene), 1);
    assert_int_equal(audit_retention_wait_at_most(&scene->retention), 3600);
}

static void the_newest_event_stays_so_that_no_number_is_given_twice(void **state) {
    struct scene *scene = *state;
    add_events(scene, 3, NOW - 10 * DAY);
    run(scene);
    assert_int_equal(count_events(scene), 1);
    add_events(scene, 1, NOW);
    int64_t newest = 0;
    assert_true(database_read_pragma(&scene->database, "SELECT max(id) FROM audit", &newest));
    assert_int_equal(newest, 4);
}

static void an_empty_audit_is_left_alone(void **state) {
    run(*state);
    assert_int_equal(count_events(*state), 0);
}

static void a_clock_that_is_set_back_does_not_put_off_the_next_look(void **state) {
    struct scene *scene = *state;
    scene->retention.next = NOW + 1000 * DAY;
    add_events(scene, 2, NOW - 2 * DAY);
    run(scene);
    assert_int_equal(count_events(scene), 1);
}

static void without_a_setting_events_are_kept_for_ever(void **state) {
    struct scene *scene = *state;
    scene->retention = (struct audit_retention){0};
    add_events(scene, 2, INSTANT_NEVER);
    run(scene);
    assert_int_equal(count_events(scene), 2);
    assert_int_equal(audit_retention_wait_at_most(&scene->retention), 0);
}

static void complete(struct store_command *command) {
    (void)command;
}

static void the_store_deletes_behind_its_commands(void **state) {
    struct scene *scene = *state;
    add_events(scene, 20, NOW - 2 * DAY);
    struct store *store = open_store(scene, 1);
    struct arena arena = {0};
    struct store_command command = {
        .kind = STORE_AUDIT_APPEND, .complete = complete, .arena = &arena, .now = NOW};
    command.audit_append.activity = AUDIT_CALL_REFUSED;
    store->submit(store, &command);
    store->close(store);
    assert_ok(command.error);
    assert_int_equal(count_events(scene), 1);
    arena_free(&arena);
}

#define STAGED(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGED(old_events_go_in_batches_and_young_ones_stay),
        STAGED(when_nothing_is_left_to_delete_the_next_look_is_an_hour_later),
        STAGED(the_newest_event_stays_so_that_no_number_is_given_twice),
        STAGED(an_empty_audit_is_left_alone),
        STAGED(a_clock_that_is_set_back_does_not_put_off_the_next_look),
        STAGED(without_a_setting_events_are_kept_for_ever),
        STAGED(the_store_deletes_behind_its_commands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
