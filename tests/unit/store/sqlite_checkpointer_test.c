/* The write-ahead log: it is emptied beside the writer, and what is gathered for it is not lost. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "faulty_vfs.h"
#include "sqlite_place.h"
#include "store/sqlite/checkpointer.h"
#include "store/sqlite/database.h"
#include "store/sqlite/database_file.h"
#include "store/sqlite/log_gatherer.h"

static const struct checkpointer_limits limits = {
    .begin = 50, .rest = 10, .hurry = 100, .wait = 200};
/* Of one commit below. */
#define COMMIT_PAGES_AT_MOST 5

struct scene {
    struct sqlite_place place;
    struct database writer;
    struct log_gatherer *gatherer;
    struct checkpointer *checkpointer;
    int pages;
    int commits;
};

static int note_pages(void *context, sqlite3 *connection, const char *name, int pages) {
    (void)connection;
    (void)name;
    ((struct scene *)context)->pages = pages;
    return SQLITE_OK;
}

static int set_up(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    faulty_vfs_install();
    scene->place = sqlite_place_make();
    scene->gatherer = log_gatherer_make();
    assert_ok(database_file_make(scene->place.path));
    assert_true(database_open(&scene->writer, scene->place.path, DATABASE_WRITER));
    assert_true(log_gatherer_attach(scene->gatherer, &scene->writer));
    assert_true(database_execute(&scene->writer, "CREATE TABLE t (a INTEGER PRIMARY KEY, b)"));
    (void)sqlite3_wal_hook(scene->writer.connection, note_pages, scene);
    assert_ok(checkpointer_start(scene->place.path, &limits, NULL, &scene->checkpointer));
    *state = scene;
    return 0;
}

static int tear_down(void **state) {
    struct scene *scene = *state;
    checkpointer_stop(scene->checkpointer);
    database_close(&scene->writer);
    log_gatherer_free(scene->gatherer);
    sqlite_place_remove(&scene->place);
    faulty_vfs_remove();
    free(scene);
    return 0;
}

static void commit(struct scene *scene) {
    assert_true(database_execute(&scene->writer, "INSERT INTO t (b) VALUES (randomblob(3000))"));
    scene->commits++;
    checkpointer_note_commit(scene->checkpointer, &scene->writer, scene->pages);
}

static void expect_all(const struct scene *scene, const char *path) {
    struct database reader;
    int64_t count = 0;
    assert_true(database_open(&reader, path, DATABASE_READER));
    assert_true(database_read_pragma(&reader, "SELECT count(*) FROM t", &count));
    assert_int_equal(count, scene->commits);
    database_close(&reader);
}

static void the_log_stays_small_although_the_writer_never_rests(void **state) {
    struct scene *scene = *state;
    int most = 0;
    for (int i = 0; i < 3000; i++) {
        commit(scene);
        if (scene->pages > most)
            most = scene->pages;
    }
    assert_true(most >= limits.begin);
    assert_true(most <= limits.wait + 2 * COMMIT_PAGES_AT_MOST);
    expect_all(scene, scene->place.path);
}

/* A reader sees what it began with, and all that came in since must stay in the log. */
static void a_reader_that_stays_holds_up_nobody_and_the_log_is_emptied_behind_it(void **state) {
    struct scene *scene = *state;
    struct database reader;
    int64_t count = 0;
    commit(scene);
    assert_true(database_open(&reader, scene->place.path, DATABASE_READER));
    assert_true(database_execute(&reader, "BEGIN"));
    assert_true(database_read_pragma(&reader, "SELECT count(*) FROM t", &count));
    while (scene->pages < 2 * limits.wait)
        commit(scene);
    assert_true(database_read_pragma(&reader, "SELECT count(*) FROM t", &count));
    assert_int_equal(count, 1);
    assert_true(database_execute(&reader, "COMMIT"));
    for (int i = 0; i < 100000 && scene->pages >= limits.begin; i++)
        commit(scene);
    assert_true(scene->pages < limits.begin);
    database_close(&reader);
    expect_all(scene, scene->place.path);
}

static void a_write_that_fails_is_tried_again(void **state) {
    struct scene *scene = *state;
    /* A commit is gathered into one write. What follows the one that fills the log is the thread's.
     */
    do {
        faulty_vfs_fail(FAULTY_WRITE, 1, SQLITE_FULL);
        commit(scene);
    } while (scene->pages < limits.begin);
    const struct timespec pause = {.tv_nsec = 1000000L};
    for (int i = 0; i < 30000 && faulty_vfs_count(FAULTY_WRITE) == 0; i++)
        (void)nanosleep(&pause, NULL);
    assert_true(faulty_vfs_count(FAULTY_WRITE) > 0);
    faulty_vfs_fail(FAULTY_WRITE, 0, SQLITE_OK);
    assert_false(checkpointer_must_keep_log(scene->checkpointer));
    int pages = scene->pages;
    for (int i = 0; i < 100000 && scene->pages >= pages; i++)
        commit(scene);
    assert_true(scene->pages < pages);
    expect_all(scene, scene->place.path);
}

/* The writer does not sync here, so the sync that fails is the thread's. */
static void a_sync_that_fails_keeps_the_log_for_good(void **state) {
    struct scene *scene = *state;
    assert_true(database_execute(&scene->writer, "PRAGMA synchronous = OFF"));
    faulty_vfs_fail_once(FAULTY_SYNC, SQLITE_IOERR_FSYNC);
    for (int i = 0; i < 100000 && !checkpointer_must_keep_log(scene->checkpointer); i++)
        commit(scene);
    assert_true(checkpointer_must_keep_log(scene->checkpointer));
    int pages = scene->pages;
    for (int i = 0; i < 500; i++) {
        commit(scene);
        assert_true(scene->pages > pages);
        pages = scene->pages;
    }
}

/* As when the writer's connection failed and could not be opened again. */
static void a_checkpointer_that_closes_last_leaves_the_log(void **state) {
    struct scene *scene = *state;
    char log_path[SQLITE_PLACE_PATH_SIZE + 16];
    struct stat status;
    (void)snprintf(log_path, sizeof log_path, "%s-wal", scene->place.path);
    commit(scene);
    database_close(&scene->writer);
    checkpointer_stop(scene->checkpointer);
    scene->checkpointer = NULL;
    assert_int_equal(stat(log_path, &status), 0);
    assert_true(status.st_size > 0);
    expect_all(scene, scene->place.path);
}

/* Frames of a transaction that is larger than the cache go to the log before its end, and are read
 * back from there. */
static void what_does_not_fit_into_the_cache_is_read_back(void **state) {
    struct scene *scene = *state;
    int64_t sum = 0;
    assert_true(database_execute(&scene->writer, "PRAGMA cache_size = 10"));
    assert_true(database_execute(&scene->writer, "BEGIN IMMEDIATE"));
    for (int i = 0; i < 300; i++)
        assert_true(database_execute(&scene->writer, "INSERT INTO t (b) VALUES (zeroblob(3000))"));
    for (int i = 0; i < 3; i++)
        assert_true(database_execute(&scene->writer, "UPDATE t SET b = zeroblob(length(b) + 1)"));
    assert_true(database_read_pragma(&scene->writer, "SELECT sum(length(b)) FROM t", &sum));
    assert_int_equal(sum, 300 * 3003);
    assert_true(database_execute(&scene->writer, "COMMIT"));
    scene->commits = 300;
    expect_all(scene, scene->place.path);
}

static bool try_large_commit(struct scene *scene) {
    bool is_done = database_execute(&scene->writer, "BEGIN IMMEDIATE");
    for (int i = 0; is_done && i < 300; i++)
        is_done = database_execute(&scene->writer, "INSERT INTO t (b) VALUES (zeroblob(3000))");
    is_done = is_done && database_execute(&scene->writer, "COMMIT");
    if (!is_done)
        (void)sqlite3_exec(scene->writer.connection, "ROLLBACK", NULL, NULL, NULL);
    return is_done;
}

static void a_commit_that_breaks_off_in_any_of_its_writes_is_undone(void **state) {
    struct scene *scene = *state;
    int failed = 0;
    bool is_done = false;
    for (int after = 0; !is_done; after++) {
        faulty_vfs_fail(FAULTY_WRITE, after, SQLITE_IOERR_WRITE);
        is_done = try_large_commit(scene);
        faulty_vfs_fail(FAULTY_WRITE, 0, SQLITE_OK);
        if (!is_done) {
            commit(scene);
            failed++;
        }
        assert_true(failed < 100);
    }
    assert_true(failed > 5);
    scene->commits += 300;
    expect_all(scene, scene->place.path);
}

static void a_transaction_that_is_rolled_back_leaves_nothing(void **state) {
    struct scene *scene = *state;
    commit(scene);
    assert_true(database_execute(&scene->writer, "PRAGMA cache_size = 10"));
    assert_true(database_execute(&scene->writer, "BEGIN IMMEDIATE"));
    for (int i = 0; i < 300; i++)
        assert_true(database_execute(&scene->writer, "INSERT INTO t (b) VALUES (zeroblob(3000))"));
    assert_true(database_execute(&scene->writer, "ROLLBACK"));
    commit(scene);
    expect_all(scene, scene->place.path);
}

#define STAGED(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGED(the_log_stays_small_although_the_writer_never_rests),
        STAGED(a_reader_that_stays_holds_up_nobody_and_the_log_is_emptied_behind_it),
        STAGED(a_write_that_fails_is_tried_again),
        STAGED(a_sync_that_fails_keeps_the_log_for_good),
        STAGED(a_checkpointer_that_closes_last_leaves_the_log),
        STAGED(what_does_not_fit_into_the_cache_is_read_back),
        STAGED(a_commit_that_breaks_off_in_any_of_its_writes_is_undone),
        STAGED(a_transaction_that_is_rolled_back_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
