/* What the writer remembers of profiles is never more than what is so. */
#include "store/sqlite/known_profiles.h"

#include <sqlite3.h>
#include <string.h>

#include "faulty_scene.h"
#include "store/sqlite/database.h"

/* As the server makes them: the same milliseconds, and a random rest. */
static struct guid make_id(unsigned number) {
    struct guid id = {.bytes = {0x01, 0x9a, 0xb4, 0x11, 0x22, 0x33, 0x70}};
    for (int i = 0; i < 4; i++)
        id.bytes[12 + i] = (uint8_t)(number * 2654435761U >> (8 * i));
    return id;
}

static struct known_profile make_profile(unsigned number, const char *name) {
    struct known_profile profile = {
        .id = make_id(number),
        .set = PROFILE_SET_ANDROID_FOR_WORK,
        .licensed = true,
        .tenant_row = 3,
        .row = 10 + (int64_t)number,
        .display_name = slice_from_string(name),
    };
    profile.account_id.bytes[0] = 9;
    return profile;
}

static bool finds(const struct known_profiles *known, const struct known_profile *expected) {
    struct arena arena = {0};
    struct known_profile found = {0};
    bool is_there = known_profiles_find(known, &expected->account_id, &expected->id, expected->set,
                                        &arena, &found);
    if (is_there) {
        assert_int_equal(found.tenant_row, expected->tenant_row);
        assert_int_equal(found.row, expected->row);
        assert_int_equal(found.licensed, expected->licensed);
        assert_slice(found.display_name, expected->display_name.data);
    }
    arena_free(&arena);
    return is_there;
}

static void a_profile_is_known_to_its_tenant_and_in_its_set_only(void **state) {
    (void)state;
    struct known_profiles *known = known_profiles_make();
    struct known_profile profile = make_profile(1, "Kiosk");
    assert_false(finds(known, &profile));
    known_profiles_keep(known, &profile);
    assert_true(finds(known, &profile));
    profile.set = PROFILE_SET_ANDROID_DEVICE_OWNER;
    assert_false(finds(known, &profile));
    profile.set = PROFILE_SET_ANDROID_FOR_WORK;
    profile.account_id.bytes[0] = 8;
    assert_false(finds(known, &profile));
    known_profiles_free(known);
}

static void it_is_known_until_it_is_forgotten(void **state) {
    (void)state;
    struct known_profiles *known = known_profiles_make();
    struct known_profile one = make_profile(1, "One");
    struct known_profile two = make_profile(2, "Two");
    known_profiles_keep(known, &one);
    known_profiles_keep(known, &two);
    known_profiles_forget(known, &one.id);
    assert_false(finds(known, &one));
    assert_true(finds(known, &two));
    known_profiles_clear(known);
    assert_false(finds(known, &two));
    two.display_name = SLICE("");
    known_profiles_keep(known, &two);
    assert_true(finds(known, &two));
    known_profiles_free(known);
}

static bool finds_state(const struct known_profiles *known, int64_t row, int64_t current_id) {
    struct profile_state found = {0};
    bool is_there = known_profiles_find_state(known, row, &found);
    if (is_there)
        assert_int_equal(found.current_id, current_id);
    return is_there;
}

static void a_state_is_known_until_it_is_forgotten(void **state) {
    (void)state;
    struct known_profiles *known = known_profiles_make();
    const struct profile_state one = {.current_id = 1};
    const struct profile_state two = {.current_id = 2};
    assert_false(finds_state(known, 0, 0));
    known_profiles_keep_state(known, 10, &one);
    known_profiles_keep_state(known, 11, &two);
    assert_true(finds_state(known, 10, 1));
    assert_true(finds_state(known, 11, 2));
    known_profiles_keep_state(known, 10, &two);
    assert_true(finds_state(known, 10, 2));
    known_profiles_forget_state(known, 10);
    assert_false(finds_state(known, 10, 2));
    assert_true(finds_state(known, 11, 2));
    known_profiles_clear(known);
    assert_false(finds_state(known, 11, 2));
    known_profiles_free(known);
}

static void nothing_is_known_of_data_that_others_have_changed(void **state) {
    (void)state;
    struct known_profiles *known = known_profiles_make();
    const struct known_profile profile = make_profile(1, "Kiosk");
    known_profiles_note(known, 7);
    known_profiles_keep(known, &profile);
    known_profiles_hold_to(known, 7);
    assert_true(finds(known, &profile));
    known_profiles_hold_to(known, 8);
    assert_false(finds(known, &profile));
    known_profiles_free(known);
}

/* Ids that were made at once begin alike; they must not all meet in one place. */
static void profiles_of_one_moment_are_known_side_by_side(void **state) {
    (void)state;
    struct known_profiles *known = known_profiles_make();
    enum { COUNT = 1000 };
    for (unsigned i = 0; i < COUNT; i++) {
        const struct known_profile profile = make_profile(i, "Kiosk");
        known_profiles_keep(known, &profile);
    }
    unsigned there = 0;
    for (unsigned i = 0; i < COUNT; i++) {
        const struct known_profile profile = make_profile(i, "Kiosk");
        there += finds(known, &profile) ? 1 : 0;
    }
    assert_true(there > COUNT * 9 / 10);
    known_profiles_free(known);
}

/* The name under which the audit has the last token. */
static void expect_name(struct faulty_scene *scene, const char *name) {
    assert_ok(faulty_scene_create_token(scene));
    struct store_query query = kit_query(scene->kit, STORE_AUDIT_LIST);
    const struct listing newest = {.limit = 1};
    query.audit_list.listing = &newest;
    assert_ok(kit_ask(scene->kit, &query));
    assert_int_equal(query.audit_list.results[0].activity, AUDIT_TOKEN_CREATED);
    assert_slice(query.audit_list.results[0].target_name, name);
}

static struct error rename_to(struct faulty_scene *scene, const char *name) {
    struct store_command command = kit_command(scene->kit, STORE_PROFILE_UPDATE);
    command.profile_update.set = scene->profile.set;
    command.profile_update.id = scene->profile.id;
    command.profile_update.changes.has_display_name = true;
    command.profile_update.changes.display_name = slice_from_string(name);
    return kit_run(scene->kit, &command);
}

static void a_token_is_told_under_the_new_name(void **state) {
    struct faulty_scene *scene = *state;
    expect_name(scene, "Kiosk");
    assert_ok(rename_to(scene, "After"));
    expect_name(scene, "After");
}

static void a_new_name_that_did_not_become_durable_is_not_believed(void **state) {
    struct faulty_scene *scene = *state;
    faulty_vfs_fail(FAULTY_SYNC, 0, SQLITE_IOERR_FSYNC);
    assert_int_equal(rename_to(scene, "After").code, ERROR_UNAVAILABLE);
    assert_int_equal(faulty_scene_create_token(scene).code, ERROR_UNAVAILABLE);
    faulty_vfs_fail(FAULTY_SYNC, 0, SQLITE_OK);
    expect_name(scene, "Kiosk");
}

static void what_another_program_writes_is_seen(void **state) {
    struct faulty_scene *scene = *state;
    sqlite_place_execute(&scene->place, "UPDATE profiles SET display_name = 'Theirs'");
    expect_name(scene, "Theirs");
    sqlite_place_execute(&scene->place, "UPDATE tenants SET licensed = 0");
    assert_int_equal(faulty_scene_create_token(scene).code, ERROR_FORBIDDEN);
    sqlite_place_execute(&scene->place, "UPDATE tenants SET licensed = 1; DELETE FROM profiles");
    assert_int_equal(faulty_scene_create_token(scene).code, ERROR_NOT_FOUND);
}

static void a_licence_that_ends_counts_at_once(void **state) {
    struct faulty_scene *scene = *state;
    struct store_command command = kit_command(scene->kit, STORE_TENANT_SET_LICENSED);
    assert_ok(kit_run(scene->kit, &command));
    assert_int_equal(faulty_scene_create_token(scene).code, ERROR_FORBIDDEN);
    command = kit_command(scene->kit, STORE_TENANT_SET_LICENSED);
    command.tenant_set_licensed.licensed = true;
    assert_ok(kit_run(scene->kit, &command));
    assert_ok(faulty_scene_create_token(scene));
}

static void a_deleted_profile_gets_no_token(void **state) {
    struct faulty_scene *scene = *state;
    struct store_command command = kit_command(scene->kit, STORE_PROFILE_DELETE);
    command.profile_delete.set = scene->profile.set;
    command.profile_delete.id = scene->profile.id;
    assert_ok(kit_run(scene->kit, &command));
    assert_int_equal(faulty_scene_create_token(scene).code, ERROR_NOT_FOUND);
}

/* How many devices came with the profile's first token, as its own row has it. */
static int64_t count_in_row_of_token(struct faulty_scene *scene) {
    struct database database;
    int64_t count = -1;
    assert_true(database_open(&database, scene->place.path, DATABASE_READER));
    assert_true(
        database_read_pragma(&database, "SELECT enrollments FROM tokens WHERE id = 1", &count));
    database_close(&database);
    return count;
}

static void a_tokens_row_is_settled_when_the_token_is_replaced(void **state) {
    struct faulty_scene *scene = *state;
    assert_int_equal(kit_redeem(scene->kit, &scene->token, "R58M1"), ENROLL_ACCEPTED);
    assert_int_equal(kit_redeem(scene->kit, &scene->token, "R58M2"), ENROLL_ACCEPTED);
    assert_int_equal(count_in_row_of_token(scene), 0);
    assert_ok(faulty_scene_create_token(scene));
    assert_int_equal(count_in_row_of_token(scene), 2);
}

static void it_is_settled_when_the_profile_goes(void **state) {
    struct faulty_scene *scene = *state;
    assert_int_equal(kit_redeem(scene->kit, &scene->token, "R58M1"), ENROLL_ACCEPTED);
    struct store_command command = kit_command(scene->kit, STORE_PROFILE_DELETE);
    command.profile_delete.set = scene->profile.set;
    command.profile_delete.id = scene->profile.id;
    assert_ok(kit_run(scene->kit, &command));
    assert_int_equal(count_in_row_of_token(scene), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_profile_is_known_to_its_tenant_and_in_its_set_only),
        cmocka_unit_test(it_is_known_until_it_is_forgotten),
        cmocka_unit_test(a_state_is_known_until_it_is_forgotten),
        cmocka_unit_test(nothing_is_known_of_data_that_others_have_changed),
        cmocka_unit_test(profiles_of_one_moment_are_known_side_by_side),
        FAULTY_SCENE_TEST(a_token_is_told_under_the_new_name),
        FAULTY_SCENE_TEST(a_new_name_that_did_not_become_durable_is_not_believed),
        FAULTY_SCENE_TEST(what_another_program_writes_is_seen),
        FAULTY_SCENE_TEST(a_licence_that_ends_counts_at_once),
        FAULTY_SCENE_TEST(a_deleted_profile_gets_no_token),
        FAULTY_SCENE_TEST(a_tokens_row_is_settled_when_the_token_is_replaced),
        FAULTY_SCENE_TEST(it_is_settled_when_the_profile_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
