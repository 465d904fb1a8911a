#include "store_conformance.h"

static struct error set_licensed(struct kit *kit, bool licensed) {
    struct store_command command = kit_command(kit, STORE_TENANT_SET_LICENSED);
    command.tenant_set_licensed.licensed = licensed;
    return kit_run(kit, &command);
}

static void delete_profile(struct kit *kit, const struct profile *profile) {
    struct store_command command = kit_command(kit, STORE_PROFILE_DELETE);
    command.profile_delete.set = profile->set;
    command.profile_delete.id = profile->id;
    assert_ok(kit_run(kit, &command));
}

static void a_device_is_enrolled_as_it_describes_itself(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct token token = kit_create_token(kit, &profile, 3600, 0);
    struct store_command command = kit_command(kit, STORE_DEVICE_ENROLL);
    command.device_enroll.token_id = token.id;
    memcpy(command.device_enroll.token_nonce, token.nonce, TOKEN_NONCE_SIZE);
    command.device_enroll.device_id = kit_make_guid(kit);
    command.device_enroll.description = (struct device_description){
        .imei = SLICE("356938035643809"),
        .manufacturer = SLICE("Zebra"),
        .model = SLICE("TC22"),
        .os_version = SLICE("14"),
    };
    assert_ok(kit_run(kit, &command));
    assert_int_equal(command.device_enroll.refusal, ENROLL_ACCEPTED);
    assert_true(command.device_enroll.is_new);

    struct device found = kit_get_device(kit, &command.device_enroll.device_id);
    const struct device *both[] = {&command.device_enroll.result, &found};
    for (size_t i = 0; i < COUNT_OF(both); i++) {
        assert_true(both[i]->row > 0);
        assert_true(guid_equals(&both[i]->account_id, &kit->tenant));
        assert_null(both[i]->description.serial_number.data);
        assert_slice(both[i]->description.imei, "356938035643809");
        assert_null(both[i]->description.android_id.data);
        assert_slice(both[i]->description.manufacturer, "Zebra");
        assert_slice(both[i]->description.model, "TC22");
        assert_slice(both[i]->description.os_version, "14");
        assert_int_equal(both[i]->state, DEVICE_ENROLLED);
        assert_true(guid_equals(&both[i]->profile_id, &profile.id));
        assert_slice(both[i]->profile_name, "Kiosk");
        assert_int_equal(both[i]->enrolled, kit->now);
        assert_int_equal(both[i]->last_sync, kit->now);
        assert_slice(both[i]->name, "356938035643809");
    }
    assert_true(kit_is_credential_live(kit, &command));
    assert_int_equal(kit_get_profile(kit, &profile.id).enrolled_device_count, 1);
    assert_int_equal(kit_get_profile(kit, &profile.id).token.enrollments, 1);
}

static void assert_told_as_stored(struct kit *kit, const struct store_command *enrollment) {
    const struct device *told = &enrollment->device_enroll.result;
    struct device stored = kit_get_device(kit, &told->id);
    assert_int_equal(told->row, stored.row);
    assert_true(guid_equals(&told->account_id, &stored.account_id));
    assert_slice(told->description.serial_number, stored.description.serial_number.data);
    assert_ptr_equal(told->description.imei.data, stored.description.imei.data);
    assert_slice(told->name, stored.name.data);
    assert_int_equal(told->state, stored.state);
    assert_true(guid_equals(&told->profile_id, &stored.profile_id));
    assert_slice(told->profile_name, stored.profile_name.data);
    assert_int_equal(told->enrolled, stored.enrolled);
    assert_int_equal(told->last_sync, stored.last_sync);
}

static void what_an_enrollment_tells_is_what_is_stored(void **state) {
    struct kit *kit = *state;
    struct profile p = kit_create_profile(kit, "P");
    struct profile q = kit_create_profile(kit, "Q");
    struct token of_p = kit_create_token(kit, &p, 3600, 0);
    struct token of_q = kit_create_token(kit, &q, 3600, 0);
    const struct token *tokens[] = {&of_p, &of_p, &of_q};
    for (size_t i = 0; i < COUNT_OF(tokens); i++) {
        struct store_command enrollment = kit_enroll(kit, tokens[i], "S-1");
        assert_int_equal(enrollment.device_enroll.refusal, ENROLL_ACCEPTED);
        assert_told_as_stored(kit, &enrollment);
        kit->now += INSTANT_TICKS_PER_SECOND;
    }
}

static void a_token_that_was_never_made_is_unknown(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token token = kit_create_token(kit, &profile, 3600, 0);
    struct token other = token;
    for (size_t i = 0; i < TOKEN_NONCE_SIZE; i++) {
        other = token;
        other.nonce[i] ^= 0x80U;
        assert_int_equal(kit_redeem(kit, &other, "S-1"), ENROLL_TOKEN_UNKNOWN);
    }
    static const int64_t ids[] = {0, -1, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        other = token;
        other.id = ids[i];
        assert_int_equal(kit_redeem(kit, &other, "S-1"), ENROLL_TOKEN_UNKNOWN);
    }
    other = token;
    other.id++;
    assert_int_equal(kit_redeem(kit, &other, "S-1"), ENROLL_TOKEN_UNKNOWN);
    assert_int_equal(kit_get_profile(kit, &profile.id).enrolled_device_count, 0);
}

static void the_token_of_a_deleted_profile_is_refused(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token token = kit_create_token(kit, &profile, 3600, 0);
    delete_profile(kit, &profile);
    (void)kit_create_profile(kit, "B");
    assert_int_equal(kit_redeem(kit, &token, "S-1"), ENROLL_PROFILE_DELETED);
}

static void a_tenant_without_licence_enrolls_nobody(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token token = kit_create_token(kit, &profile, 3600, 0);
    assert_ok(set_licensed(kit, false));
    assert_int_equal(kit_redeem(kit, &token, "S-1"), ENROLL_TENANT_UNLICENSED);
    assert_ok(set_licensed(kit, true));
    assert_int_equal(kit_redeem(kit, &token, "S-1"), ENROLL_ACCEPTED);
}

static void a_token_admits_as_many_devices_as_it_says(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token token = kit_create_limited_token(kit, &profile, 2);
    assert_int_equal(kit_redeem(kit, &token, "S-1"), ENROLL_ACCEPTED);
    assert_int_equal(kit_redeem(kit, &token, "S-2"), ENROLL_ACCEPTED);
    assert_int_equal(kit_redeem(kit, &token, "S-3"), ENROLL_TOKEN_USED_UP);
    assert_int_equal(kit_redeem(kit, &token, "S-2"), ENROLL_ACCEPTED);
    struct profile found = kit_get_profile(kit, &profile.id);
    assert_int_equal(found.token.enrollments, 2);
    assert_int_equal(found.enrolled_device_count, 2);
}

static void the_reason_named_first_is_what_ended_the_token(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token token = kit_create_limited_token(kit, &profile, 1);
    assert_int_equal(kit_redeem(kit, &token, "S-1"), ENROLL_ACCEPTED);
    kit_revoke(kit, &profile);
    delete_profile(kit, &profile);
    assert_ok(set_licensed(kit, false));
    assert_int_equal(kit_redeem(kit, &token, "S-2"), ENROLL_TOKEN_REVOKED);
}

static void a_device_that_comes_again_stays_the_same_and_counts_once(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token token = kit_create_token(kit, &profile, 3600, 0);
    struct store_command first = kit_enroll(kit, &token, "S-1");
    kit->now += 7;
    struct store_command again = kit_enroll(kit, &token, "S-1");
    assert_false(again.device_enroll.is_new);
    assert_int_equal(again.device_enroll.result.row, first.device_enroll.result.row);
    assert_true(guid_equals(&again.device_enroll.result.id, &first.device_enroll.result.id));
    assert_int_equal(again.device_enroll.result.enrolled, first.now);
    assert_int_equal(again.device_enroll.result.last_sync, kit->now);
    assert_false(kit_is_credential_live(kit, &first));
    assert_true(kit_is_credential_live(kit, &again));
    struct profile found = kit_get_profile(kit, &profile.id);
    assert_int_equal(found.enrolled_device_count, 1);
    assert_int_equal(found.token.enrollments, 1);
}

static void a_device_that_comes_with_another_token_counts_for_that_one(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token old = kit_create_token(kit, &profile, 3600, 0);
    (void)kit_enroll(kit, &old, "S-1");
    struct token new = kit_create_token(kit, &profile, 3600, 0);
    (void)kit_enroll(kit, &new, "S-1");
    struct profile found = kit_get_profile(kit, &profile.id);
    assert_int_equal(found.enrolled_device_count, 1);
    assert_int_equal(found.token.enrollments, 1);
}

static void a_device_moves_to_the_profile_it_enrolls_through(void **state) {
    struct kit *kit = *state;
    struct profile p = kit_create_profile(kit, "P");
    struct profile q = kit_create_profile(kit, "Q");
    struct token of_p = kit_create_token(kit, &p, 3600, 0);
    struct token of_q = kit_create_token(kit, &q, 3600, 0);
    (void)kit_enroll(kit, &of_p, "S-1");
    (void)kit_enroll(kit, &of_p, "S-2");
    struct store_command moved = kit_enroll(kit, &of_q, "S-1");
    assert_false(moved.device_enroll.is_new);
    assert_true(guid_equals(&moved.device_enroll.result.profile_id, &q.id));
    assert_slice(moved.device_enroll.result.profile_name, "Q");
    assert_int_equal(kit_get_profile(kit, &p.id).enrolled_device_count, 1);
    assert_int_equal(kit_get_profile(kit, &q.id).enrolled_device_count, 1);
    delete_profile(kit, &q);
    (void)kit_enroll(kit, &of_p, "S-1");
    assert_int_equal(kit_get_profile(kit, &p.id).enrolled_device_count, 2);
}

static enum enroll_refusal redeem_as(struct kit *kit, const struct token *token,
                                     struct device_description description, bool *is_new) {
    struct store_command command = kit_command(kit, STORE_DEVICE_ENROLL);
    command.device_enroll.token_id = token->id;
    memcpy(command.device_enroll.token_nonce, token->nonce, TOKEN_NONCE_SIZE);
    command.device_enroll.device_id = kit_make_guid(kit);
    command.device_enroll.description = description;
    assert_ok(kit_run(kit, &command));
    *is_new = command.device_enroll.is_new;
    return command.device_enroll.refusal;
}

static void a_device_is_known_by_kind_and_value_of_its_identity(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token token = kit_create_token(kit, &profile, 3600, 0);
    const struct device_description descriptions[] = {
        {.serial_number = SLICE("1")},
        {.imei = SLICE("1")},
        {.android_id = SLICE("1")},
        {.serial_number = SLICE("1 ")},
    };
    for (size_t round = 0; round < 2; round++) {
        for (size_t i = 0; i < COUNT_OF(descriptions); i++) {
            bool is_new = false;
            assert_int_equal(redeem_as(kit, &token, descriptions[i], &is_new), ENROLL_ACCEPTED);
            assert_int_equal(is_new, round == 0);
        }
    }
    bool is_new = true;
    const struct device_description more = {.serial_number = SLICE("1"), .imei = SLICE("2")};
    assert_int_equal(redeem_as(kit, &token, more, &is_new), ENROLL_ACCEPTED);
    assert_false(is_new);
}

static void the_same_serial_number_in_two_tenants_is_two_devices(void **state) {
    struct kit *kit = *state;
    struct profile a = kit_create_profile(kit, "A");
    struct token of_a = kit_create_token(kit, &a, 3600, 0);
    struct store_command in_a = kit_enroll(kit, &of_a, "S-1");
    kit->tenant = kit_make_guid(kit);
    kit_add_tenant(kit, &kit->tenant, true);
    struct profile b = kit_create_profile(kit, "B");
    struct token of_b = kit_create_token(kit, &b, 3600, 0);
    struct store_command in_b = kit_enroll(kit, &of_b, "S-1");
    assert_true(in_b.device_enroll.is_new);
    assert_true(kit_is_credential_live(kit, &in_a));
    assert_true(kit_is_credential_live(kit, &in_b));
}

static struct token make_templated(struct kit *kit, const char *template_text) {
    struct store_command command = kit_command(kit, STORE_PROFILE_CREATE);
    kit->set = PROFILE_SET_ANDROID_DEVICE_OWNER;
    command.profile_create.set = kit->set;
    command.profile_create.id = kit_make_guid(kit);
    command.profile_create.changes = (struct profile_changes){
        .has_display_name = true,
        .display_name = SLICE("Tills"),
    };
    struct device_owner_changes *owner = &command.profile_create.changes.owner;
    owner->given = 1U << DEVICE_OWNER_DEVICE_NAME_TEMPLATE;
    owner->to.values[DEVICE_OWNER_DEVICE_NAME_TEMPLATE].text = slice_from_string(template_text);
    assert_ok(kit_run(kit, &command));
    return kit_create_token(kit, &command.profile_create.result, 3600, 0);
}

static struct slice name_after(struct kit *kit, const struct token *token, uint64_t random) {
    struct store_command command = kit_command(kit, STORE_DEVICE_ENROLL);
    command.device_enroll.token_id = token->id;
    memcpy(command.device_enroll.token_nonce, token->nonce, TOKEN_NONCE_SIZE);
    command.device_enroll.device_id = kit_make_guid(kit);
    command.device_enroll.description.serial_number = SLICE("R58M12345");
    command.device_enroll.name_random[0] = random;
    assert_ok(kit_run(kit, &command));
    assert_int_equal(command.device_enroll.refusal, ENROLL_ACCEPTED);
    struct device device = kit_get_device(kit, &command.device_enroll.result.id);
    assert_true(slice_equals(device.name, command.device_enroll.result.name));
    return device.name;
}

static void a_device_is_named_by_its_profiles_template_when_it_enrolls(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct token plain = kit_create_token(kit, &profile, 3600, 0);
    struct token named = make_templated(kit, "Till-{{SERIAL}}-{{rand:3}}");
    assert_slice(name_after(kit, &plain, 7), "R58M12345");
    assert_slice(name_after(kit, &named, 7), "Till-R58M12345-007");
    /* Renewing its credential is no new enrollment. */
    assert_slice(name_after(kit, &named, 8), "Till-R58M12345-007");
    struct token again = make_templated(kit, "{{devicetype}} {{SERIALLAST4DIGITS}}");
    assert_slice(name_after(kit, &again, 9), "AndroidForWork 2345");
    assert_slice(name_after(kit, &plain, 9), "R58M12345");
}

static void a_template_of_which_nothing_is_known_leaves_the_usual_name(void **state) {
    struct kit *kit = *state;
    struct token token = make_templated(kit, "{{USERNAME}}");
    assert_slice(name_after(kit, &token, 7), "R58M12345");
}

const struct conformance_case conformance_of_enrollment[] = {
    CONFORMANCE_CASE(a_device_is_enrolled_as_it_describes_itself),
    CONFORMANCE_CASE(what_an_enrollment_tells_is_what_is_stored),
    CONFORMANCE_CASE(a_token_that_was_never_made_is_unknown),
    CONFORMANCE_CASE(the_token_of_a_deleted_profile_is_refused),
    CONFORMANCE_CASE(a_tenant_without_licence_enrolls_nobody),
    CONFORMANCE_CASE(a_token_admits_as_many_devices_as_it_says),
    CONFORMANCE_CASE(the_reason_named_first_is_what_ended_the_token),
    CONFORMANCE_CASE(a_device_that_comes_again_stays_the_same_and_counts_once),
    CONFORMANCE_CASE(a_device_that_comes_with_another_token_counts_for_that_one),
    CONFORMANCE_CASE(a_device_moves_to_the_profile_it_enrolls_through),
    CONFORMANCE_CASE(a_device_is_known_by_kind_and_value_of_its_identity),
    CONFORMANCE_CASE(the_same_serial_number_in_two_tenants_is_two_devices),
    CONFORMANCE_CASE(a_device_is_named_by_its_profiles_template_when_it_enrolls),
    CONFORMANCE_CASE(a_template_of_which_nothing_is_known_leaves_the_usual_name),
    {NULL, NULL},
};
