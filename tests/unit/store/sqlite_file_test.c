/* The database file: making, opening, refusing, and bringing its schema forward. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "faulty_vfs.h"
#include "sqlite_place.h"
#include "store/sqlite/database.h"
#include "store/sqlite/database_file.h"
#include "store/sqlite/migration.h"
#include "store/sqlite/nonce.h"
#include "store/sqlite/sqlite_store.h"

static void ignore_delivery(struct store_completions *completions, size_t loop,
                            struct store_command *first) {
    (void)completions;
    (void)loop;
    (void)first;
}

static struct store_completions completions = {.deliver = ignore_delivery};

static void write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void all_files_are_for_their_owner_alone(void **state) {
    const struct sqlite_place *place = *state;
    const struct sqlite_store_options options = {
        .path = place->path, .loops = 1, .completions = &completions};
    struct store *store = NULL;
    mode_t before = umask(0);
    assert_ok(sqlite_store_open(&options, &store));
    (void)umask(before);
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < COUNT_OF(suffixes); i++) {
        char name[SQLITE_PLACE_PATH_SIZE + 8];
        struct stat status;
        (void)snprintf(name, sizeof name, "%s%s", place->path, suffixes[i]);
        assert_int_equal(stat(name, &status), 0);
        assert_int_equal(status.st_mode & 0777, 0600);
    }
    store->close(store);
}

static void everything_is_in_the_one_file_after_closing(void **state) {
    const struct sqlite_place *place = *state;
    char wal[SQLITE_PLACE_PATH_SIZE + 8];
    (void)snprintf(wal, sizeof wal, "%s-wal", place->path);
    assert_ok(sqlite_place_try_open(place->path));
    assert_int_equal(access(wal, F_OK), -1);
}

static void a_second_server_is_refused(void **state) {
    const struct sqlite_place *place = *state;
    const struct sqlite_store_options options = {
        .path = place->path, .loops = 1, .completions = &completions};
    struct store *store = NULL;
    assert_ok(sqlite_store_open(&options, &store));
    struct error error = sqlite_place_try_open(place->path);
    assert_int_equal(error.code, ERROR_CONFLICT);
    assert_non_null(strstr(error.message, place->path));
    assert_non_null(strstr(error.message, "in use by another muster server"));
    store->close(store);
    assert_ok(sqlite_place_try_open(place->path));
}

static void a_program_that_only_reads_can_work_beside_the_server(void **state) {
    const struct sqlite_place *place = *state;
    const struct sqlite_store_options options = {
        .path = place->path, .loops = 1, .completions = &completions};
    struct store *store = NULL;
    assert_ok(sqlite_store_open(&options, &store));
    sqlite_place_execute(place, "SELECT count(*) FROM audit");
    store->close(store);
}

static void a_file_that_is_no_database_is_left_alone(void **state) {
    const struct sqlite_place *place = *state;
    char text[4096];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    write_file(place->path, text);
    struct error error = sqlite_place_try_open(place->path);
    assert_int_equal(error.code, ERROR_INTERNAL);
    assert_non_null(strstr(error.message, "is not a Muster database"));
    assert_non_null(strstr(error.message, place->path));
    char back[sizeof text] = {0};
    FILE *file = fopen(place->path, "r");
    assert_non_null(file);
    assert_int_equal(fread(back, 1, sizeof back - 1, file), sizeof text - 1);
    assert_int_equal(fclose(file), 0);
    assert_string_equal(back, text);
}

static void another_applications_database_is_left_alone(void **state) {
    const struct sqlite_place *place = *state;
    sqlite_place_execute(place, "CREATE TABLE theirs (id INTEGER)");
    struct error error = sqlite_place_try_open(place->path);
    assert_non_null(strstr(error.message, "of another application"));
    sqlite_place_execute(place, "PRAGMA user_version = 1");
    error = sqlite_place_try_open(place->path);
    assert_non_null(strstr(error.message, "of another application"));
    sqlite_place_execute(place, "SELECT id FROM theirs");
}

static void a_directory_that_is_missing_is_named(void **state) {
    const struct sqlite_place *place = *state;
    char path[SQLITE_PLACE_PATH_SIZE + 16];
    (void)snprintf(path, sizeof path, "%s/none/muster.db", place->directory);
    struct error error = sqlite_place_try_open(path);
    assert_non_null(strstr(error.message, path));
    assert_non_null(strstr(error.message, "directory does not exist"));
}

static void a_place_that_cannot_be_written_is_named(void **state) {
    const struct sqlite_place *place = *state;
    char path[SQLITE_PLACE_PATH_SIZE + 16];
    write_file(place->path, "");
    (void)snprintf(path, sizeof path, "%s/muster.db", place->path);
    struct error error = sqlite_place_try_open(path);
    assert_non_null(strstr(error.message, path));
    assert_non_null(strstr(error.message, "is not a directory"));
    if (geteuid() == 0)
        return; /* may write everywhere */
    assert_int_equal(unlink(place->path), 0);
    assert_int_equal(chmod(place->directory, 0500), 0);
    error = sqlite_place_try_open(place->path);
    assert_int_equal(chmod(place->directory, 0700), 0);
    assert_non_null(strstr(error.message, "Give this user the right"));
}

static void a_full_disk_is_named(void **state) {
    const struct sqlite_place *place = *state;
    faulty_vfs_install();
    faulty_vfs_fail(FAULTY_WRITE, 0, SQLITE_FULL);
    struct error error = sqlite_place_try_open(place->path);
    faulty_vfs_remove();
    assert_int_equal(error.code, ERROR_UNAVAILABLE);
    assert_non_null(strstr(error.message, "is full"));
    assert_ok(sqlite_place_try_open(place->path));
}

static void a_newer_schema_is_refused_with_both_versions(void **state) {
    const struct sqlite_place *place = *state;
    char known[64];
    assert_ok(sqlite_place_try_open(place->path));
    sqlite_place_execute(place, "PRAGMA user_version = 900");
    struct error error = sqlite_place_try_open(place->path);
    assert_int_equal(error.code, ERROR_INTERNAL);
    (void)snprintf(known, sizeof known, "up to %zu", migration_step_count);
    assert_non_null(strstr(error.message, "schema version 900"));
    assert_non_null(strstr(error.message, known));
    assert_non_null(strstr(error.message, "Run the newer muster"));
    char back[64];
    (void)snprintf(back, sizeof back, "PRAGMA user_version = %zu", migration_step_count);
    sqlite_place_execute(place, back);
    assert_ok(sqlite_place_try_open(place->path));
}

static void a_reader_cannot_change_anything(void **state) {
    const struct sqlite_place *place = *state;
    struct database database;
    assert_ok(sqlite_place_try_open(place->path));
    assert_true(database_open(&database, place->path, DATABASE_READER));
    assert_false(database_execute(&database, "DELETE FROM audit"));
    assert_int_equal(database.failure & 0xFF, SQLITE_READONLY);
    database_close(&database);
}

/* No list reads more than its page, no look-up more than its row. */
static void every_query_finds_its_rows_by_a_key(void **state) {
    const struct sqlite_place *place = *state;
    struct database database;
    assert_ok(sqlite_place_try_open(place->path));
    assert_true(database_open(&database, place->path, DATABASE_WRITER));
    for (int name = STATEMENT_TENANT_FIND; name < STATEMENT_COUNT; name++) {
        if (name == STATEMENT_TENANT_LIST)
            continue;
        sqlite3_stmt *plan = NULL;
        char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", statement_sql[name]);
        assert_int_equal(sqlite3_prepare_v2(database.connection, sql, -1, &plan, NULL), SQLITE_OK);
        while (sqlite3_step(plan) == SQLITE_ROW) {
            const char *detail = (const char *)sqlite3_column_text(plan, 3);
            if (strstr(detail, "SCAN") != NULL || strstr(detail, "TEMP B-TREE") != NULL)
                fail_msg("%s: %s", statement_sql[name], detail);
        }
        (void)sqlite3_finalize(plan);
        sqlite3_free(sql);
    }
    database_close(&database);
}

static void nonces_are_equal_only_in_every_bit(void **state) {
    (void)state;
    const uint8_t nonce[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    assert_true(nonce_equals(nonce, nonce, sizeof nonce));
    for (size_t bit = 0; bit < 64; bit++) {
        uint8_t other[8];
        memcpy(other, nonce, sizeof other);
        other[bit / 8] ^= (uint8_t)(1U << (bit % 8));
        assert_false(nonce_equals(nonce, other, sizeof nonce));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SQLITE_PLACE_TEST(all_files_are_for_their_owner_alone),
        SQLITE_PLACE_TEST(everything_is_in_the_one_file_after_closing),
        SQLITE_PLACE_TEST(a_second_server_is_refused),
        SQLITE_PLACE_TEST(a_program_that_only_reads_can_work_beside_the_server),
        SQLITE_PLACE_TEST(a_file_that_is_no_database_is_left_alone),
        SQLITE_PLACE_TEST(another_applications_database_is_left_alone),
        SQLITE_PLACE_TEST(a_directory_that_is_missing_is_named),
        SQLITE_PLACE_TEST(a_place_that_cannot_be_written_is_named),
        SQLITE_PLACE_TEST(a_full_disk_is_named),
        SQLITE_PLACE_TEST(a_newer_schema_is_refused_with_both_versions),
        SQLITE_PLACE_TEST(a_reader_cannot_change_anything),
        SQLITE_PLACE_TEST(every_query_finds_its_rows_by_a_key),
        cmocka_unit_test(nonces_are_equal_only_in_every_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
