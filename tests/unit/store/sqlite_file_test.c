/* The database file: making, opening, refusing, and bringing its schema forward. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "faulty_vfs.h"
#include "sqlite_place.h"
#include "store/sqlite/database.h"
#include "store/sqlite/database_file.h"
#include "store/sqlite/migration.h"
#include "store/sqlite/nonce.h"
#include "store/sqlite/query.h"
#include "store/sqlite/sqlite_store.h"

static void ignore_delivery(struct store_completions *completions, size_t loop,
                            struct store_command *first) {
    (void)completions;
    (void)loop;
    (void)first;
}

static struct store_completions completions = {.deliver = ignore_delivery};

static struct error try_open(const char *path) {
    const struct sqlite_store_options options = {
        .path = path, .loops = 2, .completions = &completions};
    struct store *store = NULL;
    struct error error = sqlite_store_open(&options, &store);
    if (!error_is_set(&error))
        store->close(store);
    return error;
}

static void execute(const char *path, const char *sql) {
    sqlite3 *connection = NULL;
    assert_int_equal(sqlite3_open(path, &connection), SQLITE_OK);
    assert_int_equal(sqlite3_exec(connection, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(connection), SQLITE_OK);
}

static void write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state) {
    struct sqlite_place *place = malloc(sizeof *place);
    assert_non_null(place);
    *place = sqlite_place_make();
    *state = place;
    return 0;
}

static int tear_down(void **state) {
    sqlite_place_remove(*state);
    free(*state);
    return 0;
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
    assert_ok(try_open(place->path));
    assert_int_equal(access(wal, F_OK), -1);
}

static void a_second_server_is_refused(void **state) {
    const struct sqlite_place *place = *state;
    const struct sqlite_store_options options = {
        .path = place->path, .loops = 1, .completions = &completions};
    struct store *store = NULL;
    assert_ok(sqlite_store_open(&options, &store));
    struct error error = try_open(place->path);
    assert_int_equal(error.code, ERROR_CONFLICT);
    assert_non_null(strstr(error.message, place->path));
    assert_non_null(strstr(error.message, "in use by another muster server"));
    store->close(store);
    assert_ok(try_open(place->path));
}

static void a_program_that_only_reads_can_work_beside_the_server(void **state) {
    const struct sqlite_place *place = *state;
    const struct sqlite_store_options options = {
        .path = place->path, .loops = 1, .completions = &completions};
    struct store *store = NULL;
    assert_ok(sqlite_store_open(&options, &store));
    execute(place->path, "SELECT count(*) FROM audit");
    store->close(store);
}

static void a_file_that_is_no_database_is_left_alone(void **state) {
    const struct sqlite_place *place = *state;
    char text[4096];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    write_file(place->path, text);
    struct error error = try_open(place->path);
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
    execute(place->path, "CREATE TABLE theirs (id INTEGER)");
    struct error error = try_open(place->path);
    assert_non_null(strstr(error.message, "of another application"));
    execute(place->path, "PRAGMA user_version = 1");
    error = try_open(place->path);
    assert_non_null(strstr(error.message, "of another application"));
    execute(place->path, "SELECT id FROM theirs");
}

static void a_directory_that_is_missing_is_named(void **state) {
    const struct sqlite_place *place = *state;
    char path[SQLITE_PLACE_PATH_SIZE + 16];
    (void)snprintf(path, sizeof path, "%s/none/muster.db", place->directory);
    struct error error = try_open(path);
    assert_non_null(strstr(error.message, path));
    assert_non_null(strstr(error.message, "directory does not exist"));
}

static void a_place_that_cannot_be_written_is_named(void **state) {
    const struct sqlite_place *place = *state;
    char path[SQLITE_PLACE_PATH_SIZE + 16];
    write_file(place->path, "");
    (void)snprintf(path, sizeof path, "%s/muster.db", place->path);
    struct error error = try_open(path);
    assert_non_null(strstr(error.message, path));
    assert_non_null(strstr(error.message, "is not a directory"));
    if (geteuid() == 0)
        return; /* may write everywhere */
    assert_int_equal(unlink(place->path), 0);
    assert_int_equal(chmod(place->directory, 0500), 0);
    error = try_open(place->path);
    assert_int_equal(chmod(place->directory, 0700), 0);
    assert_non_null(strstr(error.message, "Give this user the right"));
}

static void a_full_disk_is_named(void **state) {
    const struct sqlite_place *place = *state;
    faulty_vfs_install();
    faulty_vfs_fail(FAULTY_WRITE, 0, SQLITE_FULL);
    struct error error = try_open(place->path);
    faulty_vfs_remove();
    assert_int_equal(error.code, ERROR_UNAVAILABLE);
    assert_non_null(strstr(error.message, "is full"));
    assert_ok(try_open(place->path));
}

static void a_newer_schema_is_refused_with_both_versions(void **state) {
    const struct sqlite_place *place = *state;
    char known[64];
    assert_ok(try_open(place->path));
    execute(place->path, "PRAGMA user_version = 900");
    struct error error = try_open(place->path);
    assert_int_equal(error.code, ERROR_INTERNAL);
    (void)snprintf(known, sizeof known, "up to %zu", migration_step_count);
    assert_non_null(strstr(error.message, "schema version 900"));
    assert_non_null(strstr(error.message, known));
    assert_non_null(strstr(error.message, "Run the newer muster"));
    char back[64];
    (void)snprintf(back, sizeof back, "PRAGMA user_version = %zu", migration_step_count);
    execute(place->path, back);
    assert_ok(try_open(place->path));
}

static int64_t read_number(struct database *database, const char *sql) {
    int64_t number = -1;
    assert_true(database_read_pragma(database, sql, &number));
    return number;
}

static void open_database(struct database *database, const char *path) {
    assert_ok(database_file_make(path));
    assert_true(database_open(database, path, DATABASE_WRITER));
}

static void a_step_that_fails_half_way_leaves_no_trace(void **state) {
    const struct sqlite_place *place = *state;
    const struct migration_step broken[] = {
        migration_steps[0],
        {"0002.sql", "CREATE TABLE more (id INTEGER) STRICT; INSERT INTO more VALUES (1); "
                     "INSERT INTO nowhere VALUES (1);"},
    };
    const struct migration_step mended[] = {
        migration_steps[0],
        {"0002.sql", "CREATE TABLE more (id INTEGER) STRICT; INSERT INTO more VALUES (1);"},
        {"0003.sql", "INSERT INTO more VALUES (2);"},
    };
    struct database database;
    open_database(&database, place->path);
    assert_error(migration_run(&database, place->path, broken, COUNT_OF(broken), NULL),
                 ERROR_INTERNAL);
    assert_int_equal(read_number(&database, "PRAGMA user_version"), 1);
    assert_int_equal(
        read_number(&database, "SELECT count(*) FROM sqlite_schema WHERE name = 'more'"), 0);

    assert_ok(migration_run(&database, place->path, mended, COUNT_OF(mended), NULL));
    assert_ok(migration_run(&database, place->path, mended, COUNT_OF(mended), NULL));
    assert_int_equal(read_number(&database, "PRAGMA user_version"), 3);
    assert_int_equal(read_number(&database, "SELECT count(*) FROM more"), 2);
    database_close(&database);
}

static void profiles_of_the_first_schema_have_no_provisioning_settings(void **state) {
    const struct sqlite_place *place = *state;
    struct database database;
    open_database(&database, place->path);
    assert_ok(migration_run(&database, place->path, migration_steps, 1, NULL));
    database_close(&database);
    execute(place->path,
            "INSERT INTO tenants (account_id, licensed, name, created) "
            "VALUES (zeroblob(16), 1, 'Contoso', 1);"
            "INSERT INTO profiles (tenant_id, entity_set, guid, display_name, created) "
            "VALUES (1, 1, zeroblob(16), 'Kiosk', 1)");
    assert_ok(try_open(place->path));
    open_database(&database, place->path);
    assert_int_equal(read_number(&database, "PRAGMA user_version"), migration_step_count);
    assert_int_equal(read_number(&database, "SELECT count(*) FROM profiles WHERE display_name = "
                                            "'Kiosk' AND provisioning IS NULL"),
                     1);
    database_close(&database);
}

static void only_tokens_that_are_still_to_expire_are_watched_after_the_upgrade(void **state) {
    const struct sqlite_place *place = *state;
    struct database database;
    open_database(&database, place->path);
    assert_ok(migration_run(&database, place->path, migration_steps, 3, NULL));
    database_close(&database);
    /* The first has expired, the second not, the third was revoked, the fourth has no token. */
    execute(place->path,
            "INSERT INTO tenants (account_id, licensed, name, created) "
            "VALUES (zeroblob(16), 1, 'Contoso', 1);"
            "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 4) "
            "INSERT INTO profiles (tenant_id, entity_set, guid, display_name, created) "
            "SELECT 1, 1, randomblob(16), 'Kiosk', 1 FROM n;"
            "INSERT INTO profile_states (profile_id, current_token_id, last_modified, version, "
            "enrolled_device_count) VALUES (1, 1, 1, 1, 0), (2, 2, 1, 1, 0), (3, 3, 1, 1, 0), "
            "(4, NULL, 1, 1, 0);"
            "INSERT INTO tokens (tenant_id, profile_id, nonce, created, expires, live_until, "
            "end_kind, enrollments, max_enrollments) VALUES "
            "(1, 1, zeroblob(8), 1, 637000000000000000, 637000000000000000, 0, 0, 0), "
            "(1, 2, zeroblob(8), 1, 3155378975999999999, 3155378975999999999, 0, 0, 0), "
            "(1, 3, zeroblob(8), 1, 3155378975999999999, 2, 2, 0, 0)");
    assert_ok(try_open(place->path));
    open_database(&database, place->path);
    assert_int_equal(read_number(&database, "SELECT count(*) FROM profile_states WHERE "
                                            "current_expires IS NOT NULL AND current_warned = 0"),
                     1);
    assert_int_equal(
        read_number(&database, "SELECT current_expires FROM profile_states WHERE profile_id = 2"),
        3155378975999999999);
    database_close(&database);
}

static void what_was_revoked_before_the_upgrade_stays_so_with_all_older_tokens(void **state) {
    const struct sqlite_place *place = *state;
    struct database database;
    open_database(&database, place->path);
    assert_ok(migration_run(&database, place->path, migration_steps, 4, NULL));
    database_close(&database);
    /* Of the first profile, the revocation of token 3 left token 1 out; token 4, which token 6
     * replaced with an overlap, is newer. Nothing was revoked of the second, all of the third. */
    execute(place->path,
            "INSERT INTO tenants (account_id, licensed, name, created) "
            "VALUES (zeroblob(16), 1, 'Contoso', 1);"
            "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 3) "
            "INSERT INTO profiles (tenant_id, entity_set, guid, display_name, created) "
            "SELECT 1, 1, randomblob(16), 'Kiosk', 1 FROM n;"
            "INSERT INTO profile_states (profile_id, current_token_id, overlapping_token_id, "
            "overlapping_until, last_modified, version, enrolled_device_count) VALUES "
            "(1, 6, 4, 9, 1, 1, 0), (2, 5, 2, 9, 1, 1, 0), (3, 8, 7, 9, 1, 1, 0);"
            "INSERT INTO tokens (tenant_id, profile_id, nonce, created, expires, live_until, "
            "end_kind, enrollments, max_enrollments) VALUES "
            "(1, 1, zeroblob(8), 1, 9, 9, 1, 0, 0), (1, 2, zeroblob(8), 1, 9, 9, 1, 0, 0), "
            "(1, 1, zeroblob(8), 1, 9, 2, 2, 0, 0), (1, 1, zeroblob(8), 1, 9, 9, 1, 0, 0), "
            "(1, 2, zeroblob(8), 1, 9, 9, 0, 0, 0), (1, 1, zeroblob(8), 1, 9, 9, 0, 0, 0), "
            "(1, 3, zeroblob(8), 1, 9, 2, 2, 0, 0), (1, 3, zeroblob(8), 1, 9, 2, 2, 0, 0)");
    assert_ok(try_open(place->path));
    open_database(&database, place->path);
    assert_int_equal(
        read_number(&database,
                    "SELECT count(*) FROM profile_states WHERE (profile_id, revoked_through IS 3, "
                    "revoked_through IS 8, overlapping_token_id IS NULL, overlapping_until IS NULL)"
                    " IN (VALUES (1, 1, 0, 0, 0), (2, 0, 0, 0, 0), (3, 0, 1, 1, 1))"),
        3);
    database_close(&database);
}

static void devices_and_profiles_of_the_second_schema_stay_as_they_are(void **state) {
    const struct sqlite_place *place = *state;
    struct database database;
    open_database(&database, place->path);
    assert_ok(migration_run(&database, place->path, migration_steps, 2, NULL));
    database_close(&database);
    execute(place->path,
            "INSERT INTO tenants (account_id, licensed, name, created) "
            "VALUES (zeroblob(16), 1, 'Contoso', 1);"
            "INSERT INTO profiles (tenant_id, entity_set, guid, display_name, created) "
            "VALUES (1, 1, zeroblob(16), 'Kiosk', 1);"
            "INSERT INTO devices (tenant_id, guid, identity_kind, identity, state, profile_id, "
            "token_id, enrolled, last_sync, profile_guid, profile_name) "
            "VALUES (1, zeroblob(16), 'S', 'R58M', 1, 1, 1, 1, 1, zeroblob(16), 'Kiosk')");
    assert_ok(try_open(place->path));
    assert_true(database_open(&database, place->path, DATABASE_READER));
    struct arena arena = {0};
    struct guid zero = {{0}};
    struct store_query query = {.kind = STORE_DEVICE_GET, .arena = &arena, .device_get.id = zero};
    assert_true(query_device_get(&database, &query));
    assert_slice(query.device_get.result.name, "R58M");
    assert_int_equal(read_number(&database, "SELECT count(*) FROM profiles WHERE "
                                            "coalesce(enrollment_mode, configure_wifi, wifi_ssid, "
                                            "device_name_template) IS NULL"),
                     1);
    arena_free(&arena);
    database_close(&database);
}

/* The disk fails at each write of the first start in turn, which is then tried again. */
static void a_start_that_breaks_off_anywhere_can_be_made_again(void **state) {
    const struct sqlite_place *place = *state;
    int after = 0;
    bool has_failed = true;
    for (; has_failed && after < 500; after++) {
        sqlite_place_empty(place);
        faulty_vfs_install();
        faulty_vfs_fail(FAULTY_WRITE, after, SQLITE_IOERR_WRITE);
        struct error error = try_open(place->path);
        has_failed = faulty_vfs_count(FAULTY_WRITE) > 0;
        faulty_vfs_remove();
        assert_true(has_failed || !error_is_set(&error));
        assert_ok(try_open(place->path));
        struct database database;
        open_database(&database, place->path);
        assert_int_equal(read_number(&database, "PRAGMA user_version"), migration_step_count);
        assert_int_equal(read_number(&database, "SELECT count(*) FROM audit"), 0);
        database_close(&database);
    }
    assert_true(after > 10);
    assert_false(has_failed);
}

static void a_reader_cannot_change_anything(void **state) {
    const struct sqlite_place *place = *state;
    struct database database;
    assert_ok(try_open(place->path));
    assert_true(database_open(&database, place->path, DATABASE_READER));
    assert_false(database_execute(&database, "DELETE FROM audit"));
    assert_int_equal(database.failure & 0xFF, SQLITE_READONLY);
    database_close(&database);
}

/* No list reads more than its page, no look-up more than its row. */
static void every_query_finds_its_rows_by_a_key(void **state) {
    const struct sqlite_place *place = *state;
    struct database database;
    assert_ok(try_open(place->path));
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

#define PLACED(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        PLACED(all_files_are_for_their_owner_alone),
        PLACED(everything_is_in_the_one_file_after_closing),
        PLACED(a_second_server_is_refused),
        PLACED(a_program_that_only_reads_can_work_beside_the_server),
        PLACED(a_file_that_is_no_database_is_left_alone),
        PLACED(another_applications_database_is_left_alone),
        PLACED(a_directory_that_is_missing_is_named),
        PLACED(a_place_that_cannot_be_written_is_named),
        PLACED(a_full_disk_is_named),
        PLACED(a_newer_schema_is_refused_with_both_versions),
        PLACED(a_step_that_fails_half_way_leaves_no_trace),
        PLACED(profiles_of_the_first_schema_have_no_provisioning_settings),
        PLACED(devices_and_profiles_of_the_second_schema_stay_as_they_are),
        PLACED(only_tokens_that_are_still_to_expire_are_watched_after_the_upgrade),
        PLACED(what_was_revoked_before_the_upgrade_stays_so_with_all_older_tokens),
        PLACED(a_start_that_breaks_off_anywhere_can_be_made_again),
        PLACED(a_reader_cannot_change_anything),
        PLACED(every_query_finds_its_rows_by_a_key),
        cmocka_unit_test(nonces_are_equal_only_in_every_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
