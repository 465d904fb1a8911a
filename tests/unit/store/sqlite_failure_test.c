/* A disk that fails or is full: nothing is acknowledged that is not durable, and the store goes on
 * once the disk does. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "faulty_scene.h"

static bool is_ready(struct faulty_scene *scene, struct error *reason) {
    return scene->kit->store->is_ready(scene->kit->store, reason);
}

static void expect_unchanged(struct faulty_scene *scene) {
    struct profile found = kit_get_profile(scene->kit, &scene->profile.id);
    assert_int_equal(found.token.id, scene->token.id);
    assert_int_equal(found.token.end, TOKEN_NOT_ENDED);
}

static const struct {
    enum faulty_operation operation;
    int result;
    const char *reason;
} faults[] = {
    {FAULTY_WRITE, SQLITE_FULL, "full"},
    {FAULTY_WRITE, SQLITE_IOERR_WRITE, "fails"},
    {FAULTY_SYNC, SQLITE_IOERR_FSYNC, "fails"},
    {FAULTY_SYNC, SQLITE_FULL, "full"},
};

static void nothing_is_acknowledged_that_is_not_on_the_disk(void **state) {
    struct faulty_scene *scene = *state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct error reason;
        faulty_vfs_fail(faults[i].operation, 0, faults[i].result);
        struct error error = faulty_scene_create_token(scene);
        assert_int_equal(error.code, ERROR_UNAVAILABLE);
        assert_non_null(strstr(error.message, "could not make the change durable"));
        assert_null(strstr(error.message, "muster.db"));
        assert_false(is_ready(scene, &reason));
        assert_int_equal(reason.code, ERROR_UNAVAILABLE);
        assert_non_null(strstr(reason.message, faults[i].reason));
        expect_unchanged(scene);
        faulty_vfs_fail(faults[i].operation, 0, SQLITE_OK);
        struct profile other = kit_create_profile(scene->kit, "Other");
        assert_slice(kit_get_profile(scene->kit, &other.id).display_name, "Other");
        assert_true(is_ready(scene, &reason));
        expect_unchanged(scene);
    }
}

static void a_commit_that_breaks_off_is_undone(void **state) {
    struct faulty_scene *scene = *state;
    int failed = 0;
    for (int after = 0; after < 40; after++) {
        int before = faulty_vfs_count(FAULTY_WRITE);
        faulty_vfs_fail(FAULTY_WRITE, after, SQLITE_IOERR_WRITE);
        struct error error = faulty_scene_create_token(scene);
        bool has_failed = faulty_vfs_count(FAULTY_WRITE) > before;
        faulty_vfs_fail(FAULTY_WRITE, 0, SQLITE_OK);
        assert_int_equal(has_failed, error_is_set(&error));
        if (!has_failed)
            break;
        expect_unchanged(scene);
        failed++;
    }
    assert_true(failed > 0);
}

static void every_command_of_the_batch_fails_and_none_is_kept(void **state) {
    struct faulty_scene *scene = *state;
    enum { COUNT = 100 };
    struct store_command *commands = calloc(COUNT, sizeof *commands);
    assert_non_null(commands);
    faulty_vfs_fail(FAULTY_SYNC, 0, SQLITE_IOERR_FSYNC);
    for (size_t i = 0; i < COUNT; i++) {
        commands[i] = faulty_scene_make_creation(scene);
        kit_submit(scene->kit, &commands[i]);
    }
    kit_take(scene->kit, 0, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(commands[i].error.code, ERROR_UNAVAILABLE);
    faulty_vfs_fail(FAULTY_SYNC, 0, SQLITE_OK);
    expect_unchanged(scene);
    assert_ok(faulty_scene_create_token(scene));
    assert_int_equal(kit_get_profile(scene->kit, &scene->profile.id).token.id, scene->token.id + 1);
    free(commands);
}

/* The refused change was written to the log before its sync failed. When the refusal is told, the
 * log must not hold it any more, so that a start after a crash would not find it; a copy of the
 * files is what such a start would see. */
static void a_refused_change_does_not_come_back_after_a_crash(void **state) {
    struct faulty_scene *scene = *state;
    struct error reason;
    faulty_vfs_fail_once(FAULTY_SYNC, SQLITE_IOERR_FSYNC);
    assert_error(faulty_scene_create_token(scene), ERROR_UNAVAILABLE);
    assert_true(is_ready(scene, &reason));

    char copy[SQLITE_PLACE_PATH_SIZE + 16];
    char shell[5 * SQLITE_PLACE_PATH_SIZE];
    (void)snprintf(copy, sizeof copy, "%s/copy.db", scene->place.directory);
    (void)snprintf(shell, sizeof shell, "cp '%s' '%s' && cp '%s-wal' '%s-wal'", scene->place.path,
                   copy, scene->place.path, copy);
    assert_int_equal(system(shell), 0);
    sqlite3 *connection = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(copy, &connection), SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(connection, "SELECT count(*) FROM tokens", -1, &statement, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(statement, 0), 1);
    (void)sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(connection), SQLITE_OK);
    assert_int_equal(remove(copy), 0);
}

static void the_store_becomes_ready_by_itself(void **state) {
    struct faulty_scene *scene = *state;
    struct error reason;
    faulty_vfs_fail(FAULTY_WRITE, 0, SQLITE_FULL);
    assert_error(faulty_scene_create_token(scene), ERROR_UNAVAILABLE);
    assert_false(is_ready(scene, &reason));
    faulty_vfs_fail(FAULTY_WRITE, 0, SQLITE_OK);
    const struct timespec pause = {.tv_nsec = 10000000L};
    for (int i = 0; i < 3000 && !is_ready(scene, &reason); i++)
        (void)nanosleep(&pause, NULL);
    assert_true(is_ready(scene, &reason));
    expect_unchanged(scene);
}

static void closing_a_store_whose_disk_fails_loses_nothing(void **state) {
    struct faulty_scene *scene = *state;
    faulty_vfs_fail(FAULTY_WRITE, 0, SQLITE_FULL);
    assert_error(faulty_scene_create_token(scene), ERROR_UNAVAILABLE);
    kit_close(scene->kit);
    faulty_vfs_fail(FAULTY_WRITE, 0, SQLITE_OK);
    kit_open(scene->kit);
    expect_unchanged(scene);
}

static void another_program_that_writes_is_waited_out(void **state) {
    struct faulty_scene *scene = *state;
    sqlite3 *connection = NULL;
    struct error reason;
    assert_int_equal(sqlite3_open(scene->place.path, &connection), SQLITE_OK);
    assert_int_equal(sqlite3_exec(connection, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_error(faulty_scene_create_token(scene), ERROR_UNAVAILABLE);
    assert_false(is_ready(scene, &reason));
    assert_non_null(strstr(reason.message, "another program"));
    assert_int_equal(sqlite3_exec(connection, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(connection), SQLITE_OK);
    assert_ok(faulty_scene_create_token(scene));
    assert_true(is_ready(scene, &reason));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        FAULTY_SCENE_TEST(nothing_is_acknowledged_that_is_not_on_the_disk),
        FAULTY_SCENE_TEST(a_commit_that_breaks_off_is_undone),
        FAULTY_SCENE_TEST(every_command_of_the_batch_fails_and_none_is_kept),
        FAULTY_SCENE_TEST(a_refused_change_does_not_come_back_after_a_crash),
        FAULTY_SCENE_TEST(the_store_becomes_ready_by_itself),
        FAULTY_SCENE_TEST(closing_a_store_whose_disk_fails_loses_nothing),
        FAULTY_SCENE_TEST(another_program_that_writes_is_waited_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
