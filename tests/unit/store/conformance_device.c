#include "store_conformance.h"

#include <stdio.h>

static struct error leave(struct kit *kit, const struct store_command *enrollment) {
    struct store_command command = kit_command(kit, STORE_DEVICE_LEAVE);
    command.tenant = (struct guid){{0}};
    command.device_leave.device_row = enrollment->device_enroll.result.row;
    memcpy(command.device_leave.credential_nonce, enrollment->device_enroll.credential_nonce,
           DEVICE_CREDENTIAL_NONCE_SIZE);
    return kit_run(kit, &command);
}

static struct error retire(struct kit *kit, const struct guid *id) {
    struct store_command command = kit_command(kit, STORE_DEVICE_RETIRE);
    command.device_retire.id = *id;
    return kit_run(kit, &command);
}

static struct error delete_device(struct kit *kit, const struct guid *id) {
    struct store_command command = kit_command(kit, STORE_DEVICE_DELETE);
    command.device_delete.id = *id;
    return kit_run(kit, &command);
}

/* A profile, its token, and a device that redeemed it. */
struct scene {
    struct profile profile;
    struct token token;
    struct store_command enrollment;
    struct guid device;
};

static struct scene set_scene(struct kit *kit) {
    struct scene scene = {.profile = kit_create_profile(kit, "Kiosk")};
    scene.token = kit_create_token(kit, &scene.profile, 3600, 0);
    scene.enrollment = kit_enroll(kit, &scene.token, "S-1");
    scene.device = scene.enrollment.device_enroll.result.id;
    return scene;
}

static void a_credential_leads_to_its_device(void **state) {
    struct kit *kit = *state;
    struct scene scene = set_scene(kit);
    struct store_query query = kit_query(kit, STORE_DEVICE_GET_BY_CREDENTIAL);
    query.tenant = (struct guid){{0}};
    query.device_get_by_credential.device_row = scene.enrollment.device_enroll.result.row;
    memcpy(query.device_get_by_credential.credential_nonce,
           scene.enrollment.device_enroll.credential_nonce, DEVICE_CREDENTIAL_NONCE_SIZE);
    kit->now += 9;
    assert_ok(kit_ask(kit, &query));
    assert_true(guid_equals(&query.device_get_by_credential.result.id, &scene.device));
    assert_true(guid_equals(&query.device_get_by_credential.result.account_id, &kit->tenant));
    assert_int_equal(query.device_get_by_credential.result.last_sync, scene.enrollment.now);
}

static void another_credential_is_refused(void **state) {
    struct kit *kit = *state;
    struct scene scene = set_scene(kit);
    struct store_command other = scene.enrollment;
    for (size_t i = 0; i < DEVICE_CREDENTIAL_NONCE_SIZE; i++) {
        other = scene.enrollment;
        other.device_enroll.credential_nonce[i] ^= 1U;
        assert_false(kit_is_credential_live(kit, &other));
        assert_error(leave(kit, &other), ERROR_UNAUTHENTICATED);
    }
    other = scene.enrollment;
    other.device_enroll.result.row++;
    assert_false(kit_is_credential_live(kit, &other));
    assert_error(leave(kit, &other), ERROR_UNAUTHENTICATED);
    assert_true(kit_is_credential_live(kit, &scene.enrollment));
}

static void a_device_leaves_once(void **state) {
    struct kit *kit = *state;
    struct scene scene = set_scene(kit);
    assert_ok(leave(kit, &scene.enrollment));
    assert_false(kit_is_credential_live(kit, &scene.enrollment));
    assert_error(leave(kit, &scene.enrollment), ERROR_UNAUTHENTICATED);
    assert_int_equal(kit_get_device(kit, &scene.device).state, DEVICE_LEFT);
}

static void a_device_may_leave_a_tenant_whose_licence_has_ended(void **state) {
    struct kit *kit = *state;
    struct scene scene = set_scene(kit);
    struct store_command command = kit_command(kit, STORE_TENANT_SET_LICENSED);
    assert_ok(kit_run(kit, &command));
    assert_ok(leave(kit, &scene.enrollment));
}

static void a_retired_device_is_refused_and_may_be_retired_again(void **state) {
    struct kit *kit = *state;
    struct scene scene = set_scene(kit);
    assert_ok(retire(kit, &scene.device));
    assert_false(kit_is_credential_live(kit, &scene.enrollment));
    assert_int_equal(kit_get_device(kit, &scene.device).state, DEVICE_RETIRED);
    assert_ok(retire(kit, &scene.device));
    assert_error(leave(kit, &scene.enrollment), ERROR_UNAUTHENTICATED);
}

static void a_retirement_tells_whether_it_ended_anything(void **state) {
    struct kit *kit = *state;
    struct scene scene = set_scene(kit);
    assert_ok(retire(kit, &scene.device));
    assert_ok(retire(kit, &scene.device));
    struct store_query query = kit_query(kit, STORE_AUDIT_LIST);
    query.audit_list.listing = &kit_first_ten;
    assert_ok(kit_ask(kit, &query));
    assert_int_equal(query.audit_list.results[0].activity, AUDIT_DEVICE_RETIRED);
    assert_slice(query.audit_list.results[0].details, "{\"wasEnrolled\":0}");
    assert_slice(query.audit_list.results[1].details, "{\"wasEnrolled\":1}");
}

static void a_device_that_left_stays_so_when_it_is_retired(void **state) {
    struct kit *kit = *state;
    struct scene scene = set_scene(kit);
    assert_ok(leave(kit, &scene.enrollment));
    assert_ok(retire(kit, &scene.device));
    assert_int_equal(kit_get_device(kit, &scene.device).state, DEVICE_LEFT);
}

static void a_retired_device_can_enroll_again_and_keeps_its_id(void **state) {
    struct kit *kit = *state;
    struct scene scene = set_scene(kit);
    assert_ok(retire(kit, &scene.device));
    struct store_command again = kit_enroll(kit, &scene.token, "S-1");
    assert_int_equal(again.device_enroll.refusal, ENROLL_ACCEPTED);
    assert_true(guid_equals(&again.device_enroll.result.id, &scene.device));
    assert_int_equal(again.device_enroll.result.state, DEVICE_ENROLLED);
    assert_true(kit_is_credential_live(kit, &again));
    assert_int_equal(kit_get_profile(kit, &scene.profile.id).enrolled_device_count, 1);
}

static void a_deleted_device_is_gone_and_counted_no_more(void **state) {
    struct kit *kit = *state;
    struct scene scene = set_scene(kit);
    (void)kit_enroll(kit, &scene.token, "S-2");
    assert_ok(delete_device(kit, &scene.device));
    assert_false(kit_is_credential_live(kit, &scene.enrollment));
    struct store_query query = kit_query(kit, STORE_DEVICE_GET);
    query.device_get.id = scene.device;
    assert_error(kit_ask(kit, &query), ERROR_NOT_FOUND);
    assert_error(delete_device(kit, &scene.device), ERROR_NOT_FOUND);
    assert_error(retire(kit, &scene.device), ERROR_NOT_FOUND);
    struct profile profile = kit_get_profile(kit, &scene.profile.id);
    assert_int_equal(profile.enrolled_device_count, 1);
    assert_int_equal(profile.token.enrollments, 2);
}

static void a_deleted_device_comes_back_as_another_one(void **state) {
    struct kit *kit = *state;
    struct scene scene = set_scene(kit);
    assert_ok(delete_device(kit, &scene.device));
    struct store_command again = kit_enroll(kit, &scene.token, "S-1");
    assert_true(again.device_enroll.is_new);
    assert_true(again.device_enroll.result.row > scene.enrollment.device_enroll.result.row);
    assert_false(guid_equals(&again.device_enroll.result.id, &scene.device));
    assert_false(kit_is_credential_live(kit, &scene.enrollment));
}

static void a_device_shows_its_profiles_name_of_now_or_its_last_one(void **state) {
    struct kit *kit = *state;
    struct scene scene = set_scene(kit);
    struct store_command command = kit_command(kit, STORE_PROFILE_UPDATE);
    command.profile_update.set = scene.profile.set;
    command.profile_update.id = scene.profile.id;
    command.profile_update.changes.has_display_name = true;
    command.profile_update.changes.display_name = SLICE("Renamed");
    assert_ok(kit_run(kit, &command));
    assert_slice(kit_get_device(kit, &scene.device).profile_name, "Renamed");
    command = kit_command(kit, STORE_PROFILE_DELETE);
    command.profile_delete.set = scene.profile.set;
    command.profile_delete.id = scene.profile.id;
    assert_ok(kit_run(kit, &command));
    struct device device = kit_get_device(kit, &scene.device);
    assert_slice(device.profile_name, "Kiosk");
    assert_true(guid_equals(&device.profile_id, &scene.profile.id));
    assert_ok(delete_device(kit, &scene.device));
}

static void pages_hold_every_device_once_in_the_order_of_enrollment(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token token = kit_create_token(kit, &profile, 3600, 0);
    for (int i = 0; i < 20; i++) {
        char serial[16];
        (void)snprintf(serial, sizeof serial, "S-%d", i);
        assert_int_equal(kit_redeem(kit, &token, serial), ENROLL_ACCEPTED);
    }
    static const size_t limits[] = {1, 6, 8, 19, 20, 21};
    for (size_t k = 0; k < COUNT_OF(limits); k++) {
        struct store_query query = kit_query(kit, STORE_DEVICE_LIST);
        struct listing listing = {.limit = limits[k]};
        query.device_list.listing = &listing;
        int seen = 0;
        do {
            assert_ok(kit_ask(kit, &query));
            for (size_t i = 0; i < query.device_list.count; i++) {
                char serial[16];
                (void)snprintf(serial, sizeof serial, "S-%d", seen++);
                assert_slice(query.device_list.results[i].description.serial_number, serial);
            }
            listing.has_after = true;
            listing.after = query.device_list.end.position;
        } while (query.device_list.end.has_more);
        assert_int_equal(seen, 20);
    }
}

const struct conformance_case conformance_of_devices[] = {
    CONFORMANCE_CASE(a_credential_leads_to_its_device),
    CONFORMANCE_CASE(another_credential_is_refused),
    CONFORMANCE_CASE(a_device_leaves_once),
    CONFORMANCE_CASE(a_device_may_leave_a_tenant_whose_licence_has_ended),
    CONFORMANCE_CASE(a_retired_device_is_refused_and_may_be_retired_again),
    CONFORMANCE_CASE(a_retirement_tells_whether_it_ended_anything),
    CONFORMANCE_CASE(a_device_that_left_stays_so_when_it_is_retired),
    CONFORMANCE_CASE(a_retired_device_can_enroll_again_and_keeps_its_id),
    CONFORMANCE_CASE(a_deleted_device_is_gone_and_counted_no_more),
    CONFORMANCE_CASE(a_deleted_device_comes_back_as_another_one),
    CONFORMANCE_CASE(a_device_shows_its_profiles_name_of_now_or_its_last_one),
    CONFORMANCE_CASE(pages_hold_every_device_once_in_the_order_of_enrollment),
    {NULL, NULL},
};
