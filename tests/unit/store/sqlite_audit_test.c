/* What is written down of each change, and what never is. */
#include <sqlite3.h>
#include <stdlib.h>

#include "sqlite_place.h"

struct scene {
    struct kit *kit;
    struct sqlite_place place;
};

static int set_up(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    scene->place = sqlite_place_make();
    void *engine = &scene->place.engine;
    assert_int_equal(kit_set_up(&engine), 0);
    scene->kit = engine;
    *state = scene;
    return 0;
}

static int tear_down(void **state) {
    struct scene *scene = *state;
    void *kit = scene->kit;
    (void)kit_tear_down(&kit);
    sqlite_place_remove(&scene->place);
    free(scene);
    return 0;
}

/* The SQL's first column of its first row, "NULL" for SQL's NULL; in the kit's arena. */
static const char *read_text(struct scene *scene, const char *sql) {
    sqlite3 *connection = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(scene->place.path, &connection), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(connection, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    const unsigned char *text = sqlite3_column_text(statement, 0);
    const char *copy = arena_copy(&scene->kit->arena,
                                  slice_from_string(text == NULL ? "NULL" : (const char *)text))
                           .data;
    (void)sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(connection), SQLITE_OK);
    return copy;
}

#define LAST_EVENT " FROM audit ORDER BY id DESC LIMIT 1"

static void each_change_writes_one_event(void **state) {
    struct scene *scene = *state;
    struct kit *kit = scene->kit;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct token token = kit_create_token(kit, &profile, 3600, 0);
    struct store_command enrollment = kit_enroll(kit, &token, "S-1");
    kit_revoke(kit, &profile);
    (void)kit_redeem(kit, &token, "S-2");
    struct store_command command = kit_command(kit, STORE_DEVICE_RETIRE);
    command.device_retire.id = enrollment.device_enroll.result.id;
    assert_ok(kit_run(kit, &command));
    command = kit_command(kit, STORE_DEVICE_DELETE);
    command.device_delete.id = enrollment.device_enroll.result.id;
    assert_ok(kit_run(kit, &command));
    command = kit_command(kit, STORE_PROFILE_DELETE);
    command.profile_delete.set = profile.set;
    command.profile_delete.id = profile.id;
    assert_ok(kit_run(kit, &command));
    assert_string_equal(
        read_text(scene, "SELECT group_concat(activity, ' ') FROM (SELECT activity FROM audit "
                         "ORDER BY id)"),
        "1 4 7 9 8 10 12 13 6");
    assert_string_equal(read_text(scene, "SELECT count(*) FROM audit WHERE tenant_id IS NOT 1 OR "
                                         "target_guid IS NULL OR target_name IS NULL"),
                        "0");
}

/* Who comes too late is told how much is gone, and goes on with what is there. */
static void who_follows_the_audit_learns_how_many_rows_were_deleted_before(void **state) {
    struct scene *scene = *state;
    for (int i = 0; i < 9; i++)
        (void)kit_create_profile(scene->kit, "Kiosk");
    (void)read_text(scene, "DELETE FROM audit WHERE id <= 6 RETURNING id");
    struct store_query query = kit_query(scene->kit, STORE_AUDIT_FOLLOW);
    query.audit_follow.after = 2;
    query.audit_follow.activities = UINT64_MAX;
    query.audit_follow.limit = 2;
    assert_ok(kit_ask(scene->kit, &query));
    assert_int_equal(query.audit_follow.missed, 4);
    assert_int_equal(query.audit_follow.count, 2);
    assert_int_equal(query.audit_follow.results[0].record.row, 7);
    assert_int_equal(query.audit_follow.through, 8);
    assert_int_equal(query.audit_follow.newest, 10);
    query.audit_follow.after = 6;
    assert_ok(kit_ask(scene->kit, &query));
    assert_int_equal(query.audit_follow.missed, 0);
}

static void a_refused_command_writes_nothing(void **state) {
    struct scene *scene = *state;
    struct store_command command = kit_command(scene->kit, STORE_TOKEN_REVOKE);
    command.token_revoke.set = PROFILE_SET_ANDROID_FOR_WORK;
    command.token_revoke.profile_id = kit_make_guid(scene->kit);
    assert_error(kit_run(scene->kit, &command), ERROR_NOT_FOUND);
    assert_string_equal(read_text(scene, "SELECT count(*) FROM audit"), "1");
}

static void an_event_says_who_asked_and_from_where(void **state) {
    struct scene *scene = *state;
    struct store_command command = kit_command(scene->kit, STORE_PROFILE_CREATE);
    command.actor = (struct audit_actor){
        .kind = AUDIT_ACTOR_APPLICATION,
        .subject = SLICE("subject"),
        .application = SLICE("application"),
        .address = SLICE("192.0.2.7"),
        .correlation = {{0xAB, 0xCD}},
    };
    command.profile_create.set = PROFILE_SET_ANDROID_FOR_WORK;
    command.profile_create.id = kit_make_guid(scene->kit);
    command.profile_create.changes.has_display_name = true;
    command.profile_create.changes.display_name = SLICE("Kiosk");
    assert_ok(kit_run(scene->kit, &command));
    assert_string_equal(
        read_text(scene, "SELECT actor_kind || '|' || actor_subject || '|' || ifnull(actor_name, "
                         "'-') || '|' || actor_application || '|' || address || '|' || "
                         "hex(correlation) || '|' || target_name || '|' || result" LAST_EVENT),
        "2|subject|-|application|192.0.2.7|ABCD0000000000000000000000000000|Kiosk|0");
}

static void an_update_tells_old_and_new_values_of_what_changed(void **state) {
    struct scene *scene = *state;
    struct profile profile = kit_create_profile(scene->kit, "A \"quoted\" name");
    struct store_command command = kit_command(scene->kit, STORE_PROFILE_UPDATE);
    command.profile_update.set = profile.set;
    command.profile_update.id = profile.id;
    command.profile_update.changes = (struct profile_changes){
        .has_display_name = true,
        .display_name = profile.display_name,
        .has_description = true,
        .description = SLICE("New"),
    };
    assert_ok(kit_run(scene->kit, &command));
    assert_string_equal(
        read_text(scene, "SELECT details" LAST_EVENT),
        "[{\"displayName\":\"description\",\"oldValue\":null,\"newValue\":\"New\"}]");
}

static void a_tokens_event_tells_its_validity_but_not_its_nonce(void **state) {
    struct scene *scene = *state;
    struct profile profile = kit_create_profile(scene->kit, "Kiosk");
    (void)kit_create_token(scene->kit, &profile, 6, 0);
    assert_string_equal(read_text(scene, "SELECT details" LAST_EVENT),
                        "{\"tokenValidityInSeconds\":6,"
                        "\"tokenExpirationDateTime\":\"2024-07-07T00:00:06Z\"}");
}

static void a_refused_device_is_kept_with_the_reason(void **state) {
    struct scene *scene = *state;
    struct profile profile = kit_create_profile(scene->kit, "Kiosk");
    struct token token = kit_create_limited_token(scene->kit, &profile, 1);
    (void)kit_redeem(scene->kit, &token, "S-1");
    (void)kit_redeem(scene->kit, &token, "S-2");
    assert_string_equal(
        read_text(scene, "SELECT result || details || actor_subject || tenant_id" LAST_EVENT),
        "1{\"reason\":\"usedUp\"}S-21");
    token.nonce[0] ^= 1U;
    (void)kit_redeem(scene->kit, &token, "S-3");
    assert_string_equal(
        read_text(scene, "SELECT details || actor_subject || ifnull(tenant_id, '-')" LAST_EVENT),
        "{\"reason\":\"unknown\"}S-3-");
}

static void a_device_that_leaves_is_named(void **state) {
    struct scene *scene = *state;
    struct profile profile = kit_create_profile(scene->kit, "Kiosk");
    struct token token = kit_create_token(scene->kit, &profile, 6, 0);
    struct store_command enrollment = kit_enroll(scene->kit, &token, "S-1");
    struct store_command command = kit_command(scene->kit, STORE_DEVICE_LEAVE);
    command.actor = (struct audit_actor){.kind = AUDIT_ACTOR_DEVICE};
    command.device_leave.device_row = enrollment.device_enroll.result.row;
    memcpy(command.device_leave.credential_nonce, enrollment.device_enroll.credential_nonce,
           DEVICE_CREDENTIAL_NONCE_SIZE);
    assert_ok(kit_run(scene->kit, &command));
    assert_string_equal(
        read_text(scene, "SELECT activity || actor_subject || target_name || tenant_id" LAST_EVENT),
        "11S-1S-11");
}

static void a_refused_call_of_an_unknown_tenant_says_which_it_was(void **state) {
    struct scene *scene = *state;
    struct store_command command = kit_command(scene->kit, STORE_AUDIT_APPEND);
    command.tenant = (struct guid){{0x77}};
    command.audit_append.activity = AUDIT_CALL_REFUSED;
    command.audit_append.reason = SLICE("Not known");
    assert_ok(kit_run(scene->kit, &command));
    assert_string_equal(read_text(scene, "SELECT activity || result || ifnull(tenant_id, '-') || "
                                         "hex(target_guid) || details" LAST_EVENT),
                        "141-77000000000000000000000000000000{\"reason\":\"Not known\"}");
}

#define STAGED(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        STAGED(each_change_writes_one_event),
        STAGED(who_follows_the_audit_learns_how_many_rows_were_deleted_before),
        STAGED(a_refused_command_writes_nothing),
        STAGED(an_event_says_who_asked_and_from_where),
        STAGED(an_update_tells_old_and_new_values_of_what_changed),
        STAGED(a_tokens_event_tells_its_validity_but_not_its_nonce),
        STAGED(a_refused_device_is_kept_with_the_reason),
        STAGED(a_device_that_leaves_is_named),
        STAGED(a_refused_call_of_an_unknown_tenant_says_which_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
