/* Bringing the schema of a database file forward, with what is in it. */

#include "faulty_vfs.h"
#include "sqlite_place.h"
#include "store/sqlite/database.h"
#include "store/sqlite/database_file.h"
#include "store/sqlite/migration.h"
#include "store/sqlite/query.h"

static int64_t read_number(struct database *database, const char *sql) {
    int64_t number = -1;
    assert_true(database_read_pragma(database, sql, &number));
    return number;
}

static void open_database(struct database *database, const char *path) {
    assert_ok(database_file_make(path));
    assert_true(database_open(database, path, DATABASE_WRITER));
}

/* A file as the server left it that knew so many steps. */
static void make_old(const struct sqlite_place *place, size_t steps) {
    struct database database;
    open_database(&database, place->path);
    assert_ok(migration_run(&database, place->path, migration_steps, steps, NULL));
    database_close(&database);
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

/* The disk fails at each write of the first start in turn, which is then tried again. */
static void a_start_that_breaks_off_anywhere_can_be_made_again(void **state) {
    const struct sqlite_place *place = *state;
    int after = 0;
    bool has_failed = true;
    for (; has_failed && after < 500; after++) {
        sqlite_place_empty(place);
        faulty_vfs_install();
        faulty_vfs_fail(FAULTY_WRITE, after, SQLITE_IOERR_WRITE);
        struct error error = sqlite_place_try_open(place->path);
        has_failed = faulty_vfs_count(FAULTY_WRITE) > 0;
        faulty_vfs_remove();
        assert_true(has_failed || !error_is_set(&error));
        assert_ok(sqlite_place_try_open(place->path));
        struct database database;
        open_database(&database, place->path);
        assert_int_equal(read_number(&database, "PRAGMA user_version"), migration_step_count);
        assert_int_equal(read_number(&database, "SELECT count(*) FROM audit"), 0);
        database_close(&database);
    }
    assert_true(after > 10);
    assert_false(has_failed);
}

static void profiles_of_the_first_schema_have_no_provisioning_settings(void **state) {
    const struct sqlite_place *place = *state;
    struct database database;
    make_old(place, 1);
    sqlite_place_execute(
        place, "INSERT INTO tenants (account_id, licensed, name, created) "
               "VALUES (zeroblob(16), 1, 'Contoso', 1);"
               "INSERT INTO profiles (tenant_id, entity_set, guid, display_name, created) "
               "VALUES (1, 1, zeroblob(16), 'Kiosk', 1)");
    assert_ok(sqlite_place_try_open(place->path));
    open_database(&database, place->path);
    assert_int_equal(read_number(&database, "PRAGMA user_version"), migration_step_count);
    assert_int_equal(read_number(&database, "SELECT count(*) FROM profiles WHERE display_name = "
                                            "'Kiosk' AND provisioning IS NULL"),
                     1);
    database_close(&database);
}

static void devices_and_profiles_of_the_second_schema_stay_as_they_are(void **state) {
    const struct sqlite_place *place = *state;
    struct database database;
    make_old(place, 2);
    sqlite_place_execute(
        place, "INSERT INTO tenants (account_id, licensed, name, created) "
               "VALUES (zeroblob(16), 1, 'Contoso', 1);"
               "INSERT INTO profiles (tenant_id, entity_set, guid, display_name, created) "
               "VALUES (1, 1, zeroblob(16), 'Kiosk', 1);"
               "INSERT INTO devices (tenant_id, guid, identity_kind, identity, state, profile_id, "
               "token_id, enrolled, last_sync, profile_guid, profile_name) "
               "VALUES (1, zeroblob(16), 'S', 'R58M', 1, 1, 1, 1, 1, zeroblob(16), 'Kiosk')");
    assert_ok(sqlite_place_try_open(place->path));
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

static void only_tokens_that_are_still_to_expire_are_watched_after_the_upgrade(void **state) {
    const struct sqlite_place *place = *state;
    struct database database;
    make_old(place, 3);
    /* The first has expired, the second not, the third was revoked, the fourth has no token. */
    sqlite_place_execute(
        place, "INSERT INTO tenants (account_id, licensed, name, created) "
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
    assert_ok(sqlite_place_try_open(place->path));
    open_database(&database, place->path);
    assert_int_equal(read_number(&database, "SELECT count(*) FROM profile_states WHERE "
                                            "current_told = 0"),
                     1);
    assert_int_equal(read_number(&database, "SELECT current_token_id FROM profile_states WHERE "
                                            "current_told = 0"),
                     2);
    assert_int_equal(read_number(&database, "SELECT count(*) FROM profile_states WHERE "
                                            "current_told IS NULL AND current_token_id IS NULL"),
                     1);
    database_close(&database);
}

static void what_was_revoked_before_the_upgrade_stays_so_with_all_older_tokens(void **state) {
    const struct sqlite_place *place = *state;
    struct database database;
    make_old(place, 4);
    /* Of the first profile, the revocation of token 3 left token 1 out; token 4, which token 6
     * replaced with an overlap, is newer. Nothing was revoked of the second, all of the third. */
    sqlite_place_execute(
        place, "INSERT INTO tenants (account_id, licensed, name, created) "
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
    assert_ok(sqlite_place_try_open(place->path));
    open_database(&database, place->path);
    assert_int_equal(
        read_number(&database,
                    "SELECT count(*) FROM profile_states WHERE (profile_id & 4294967295, "
                    "revoked_through IS 3, "
                    "revoked_through IS 8, overlapping_token_id IS NULL, overlapping_until IS NULL)"
                    " IN (VALUES (1, 1, 0, 0, 0), (2, 0, 0, 0, 0), (3, 0, 1, 1, 1))"),
        3);
    database_close(&database);
}

/* Rows of two tenants and sets as they came in, one profile gone. */
static const char interleaved[] =
    "INSERT INTO tenants (account_id, licensed, name, created) "
    "VALUES (x'0a000000000000000000000000000000', 1, 'A', 1), (randomblob(16), 1, 'B', 1);"
    "INSERT INTO profiles (id, tenant_id, entity_set, guid, display_name, created) VALUES "
    "(1, 1, 1, randomblob(16), 'A1', 1), (2, 2, 1, randomblob(16), 'B1', 1), "
    "(4, 1, 2, randomblob(16), 'A2', 1), (5, 1, 1, randomblob(16), 'A3', 1);"
    "INSERT INTO profile_states (profile_id, current_token_id, current_expires, current_warned, "
    "revoked_through, last_modified, version, enrolled_device_count) VALUES "
    "(1, 3, 99, 1, NULL, 7, 9, 1), (2, NULL, NULL, 0, NULL, 1, 1, 0), "
    "(4, 4, NULL, 0, NULL, 1, 1, 0), (5, 5, NULL, 1, 5, 1, 1, 0);"
    "INSERT INTO tokens (id, tenant_id, profile_id, nonce, created, expires, live_until, end_kind, "
    "enrollments, max_enrollments) VALUES (1, 1, 1, zeroblob(8), 1, 9, 9, 0, 2, 0), "
    "(2, 1, 3, zeroblob(8), 1, 9, 9, 0, 0, 0), "
    "(3, 1, 1, x'0102030405060708', 8, 99, 99, 0, 3, 4), "
    "(4, 1, 4, zeroblob(8), 1, 9, 9, 0, 0, 0), (5, 1, 5, zeroblob(8), 1, 99, 50, 2, 0, 0);"
    "INSERT INTO devices (tenant_id, guid, identity_kind, identity, state, profile_id, token_id, "
    "enrolled, last_sync, profile_guid, profile_name) VALUES "
    "(1, randomblob(16), 'S', 'R1', 1, 1, 3, 1, 1, zeroblob(16), 'A1'), "
    "(1, randomblob(16), 'S', 'R2', 1, 3, 2, 1, 1, zeroblob(16), 'gone')";

static void expect_rows(struct database *database, const char *what, const char *expected) {
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(database->connection, what, -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(statement, 0), expected);
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
}

static void profiles_that_move_side_by_side_keep_their_tokens_and_devices(void **state) {
    const struct sqlite_place *place = *state;
    struct database database;
    make_old(place, 6);
    sqlite_place_execute(place, interleaved);
    assert_ok(sqlite_place_try_open(place->path));
    open_database(&database, place->path);
    expect_rows(&database,
                "SELECT group_concat(display_name || ' ' || (id >> 34) || ' ' || ((id >> 32) & 3) "
                "|| ' ' || (id & 4294967295), ', ') FROM profiles",
                "A1 1 1 1, A3 1 1 3, A2 1 2 2, B1 2 1 1");
    expect_rows(&database, "SELECT group_concat(profiles_made, ', ') FROM tenants", "3, 1");
    expect_rows(&database,
                "SELECT group_concat(coalesce(p.display_name, k.profile_id), ', ') FROM tokens k "
                "LEFT JOIN profiles p ON p.id = k.profile_id",
                "A1, 3, A1, A2, A3");
    expect_rows(&database,
                "SELECT group_concat(coalesce(p.display_name, d.profile_id), ', ') FROM devices d "
                "LEFT JOIN profiles p ON p.id = d.profile_id",
                "A1, 3");
    expect_rows(&database,
                "SELECT group_concat(json_array(current_token_id, hex(current_nonce), "
                "current_created, current_expires, current_revoked, current_told, "
                "current_enrollments, current_max_enrollments, version, enrolled_device_count, "
                "revoked_through), ' ') FROM profile_states",
                "[3,\"0102030405060708\",8,99,null,1,3,4,9,1,null] "
                "[5,\"0000000000000000\",1,99,50,2,0,0,1,0,5] "
                "[4,\"0000000000000000\",1,9,null,2,0,0,1,0,null] "
                "[null,\"\",null,null,null,null,null,null,1,0,null]");
    expect_rows(&database, "SELECT count(*) FROM pragma_foreign_key_check", "0");
    database_close(&database);
}

/* The disk fails at each write of the upgrade in turn, which is then tried again. */
static void an_upgrade_that_breaks_off_anywhere_can_be_made_again(void **state) {
    const struct sqlite_place *place = *state;
    int after = 0;
    bool has_failed = true;
    for (; has_failed && after < 500; after++) {
        sqlite_place_empty(place);
        make_old(place, 6);
        sqlite_place_execute(place, interleaved);
        faulty_vfs_install();
        faulty_vfs_fail(FAULTY_WRITE, after, SQLITE_IOERR_WRITE);
        struct error error = sqlite_place_try_open(place->path);
        has_failed = faulty_vfs_count(FAULTY_WRITE) > 0;
        faulty_vfs_remove();
        assert_true(has_failed || !error_is_set(&error));
        assert_ok(sqlite_place_try_open(place->path));
        struct database database;
        open_database(&database, place->path);
        assert_int_equal(read_number(&database, "PRAGMA user_version"), migration_step_count);
        expect_rows(&database, "SELECT group_concat(display_name, ', ') FROM profiles",
                    "A1, A3, A2, B1");
        expect_rows(&database,
                    "SELECT group_concat(coalesce(p.display_name, k.profile_id), ', ') "
                    "FROM tokens k LEFT JOIN profiles p ON p.id = k.profile_id",
                    "A1, 3, A1, A2, A3");
        database_close(&database);
    }
    assert_true(after > 1);
    assert_false(has_failed);
}

static void a_new_file_has_small_pages_and_an_old_one_keeps_its_own(void **state) {
    const struct sqlite_place *place = *state;
    struct database database;
    assert_ok(sqlite_place_try_open(place->path));
    open_database(&database, place->path);
    assert_int_equal(read_number(&database, "PRAGMA page_size"), 2048);
    database_close(&database);
    sqlite_place_empty(place);
    sqlite_place_execute(place, "PRAGMA page_size = 4096; VACUUM");
    assert_ok(sqlite_place_try_open(place->path));
    open_database(&database, place->path);
    assert_int_equal(read_number(&database, "PRAGMA page_size"), 4096);
    database_close(&database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SQLITE_PLACE_TEST(a_step_that_fails_half_way_leaves_no_trace),
        SQLITE_PLACE_TEST(a_start_that_breaks_off_anywhere_can_be_made_again),
        SQLITE_PLACE_TEST(profiles_of_the_first_schema_have_no_provisioning_settings),
        SQLITE_PLACE_TEST(devices_and_profiles_of_the_second_schema_stay_as_they_are),
        SQLITE_PLACE_TEST(only_tokens_that_are_still_to_expire_are_watched_after_the_upgrade),
        SQLITE_PLACE_TEST(what_was_revoked_before_the_upgrade_stays_so_with_all_older_tokens),
        SQLITE_PLACE_TEST(profiles_that_move_side_by_side_keep_their_tokens_and_devices),
        SQLITE_PLACE_TEST(an_upgrade_that_breaks_off_anywhere_can_be_made_again),
        SQLITE_PLACE_TEST(a_new_file_has_small_pages_and_an_old_one_keeps_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
