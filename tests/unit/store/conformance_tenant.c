#include "store_conformance.h"

static struct error set_licensed(struct kit *kit, const struct guid *tenant, bool licensed) {
    struct store_command command = kit_command(kit, STORE_TENANT_SET_LICENSED);
    command.tenant = *tenant;
    command.tenant_set_licensed.licensed = licensed;
    return kit_run(kit, &command);
}

static void a_tenant_is_found_as_it_was_added(void **state) {
    struct kit *kit = *state;
    struct store_command command = kit_command(kit, STORE_TENANT_ADD);
    command.tenant = kit_make_guid(kit);
    command.tenant_add.name = SLICE("Café Zürich");
    command.tenant_add.licensed = false;
    assert_ok(kit_run(kit, &command));
    assert_slice(command.tenant_add.result.name, "Café Zürich");

    struct store_query query = kit_query(kit, STORE_TENANT_GET);
    query.tenant = command.tenant;
    assert_ok(kit_ask(kit, &query));
    assert_slice(query.tenant_get.result.name, "Café Zürich");
    assert_false(query.tenant_get.result.licensed);
    assert_true(guid_equals(&query.tenant_get.result.account_id, &command.tenant));
    assert_int_equal(query.tenant_get.result.created, kit->now);
    assert_int_equal(query.tenant_get.result.row, command.tenant_add.result.row);
}

static void a_tenant_may_be_without_a_name(void **state) {
    struct kit *kit = *state;
    struct store_command command = kit_command(kit, STORE_TENANT_ADD);
    command.tenant = kit_make_guid(kit);
    assert_ok(kit_run(kit, &command));
    assert_slice(command.tenant_add.result.name, "");
}

static void a_tenant_is_added_only_once(void **state) {
    struct kit *kit = *state;
    struct store_command command = kit_command(kit, STORE_TENANT_ADD);
    assert_error(kit_run(kit, &command), ERROR_CONFLICT);
}

static void an_unknown_tenant_is_not_found(void **state) {
    struct kit *kit = *state;
    struct guid unknown = kit_make_guid(kit);
    struct store_query query = kit_query(kit, STORE_TENANT_GET);
    query.tenant = unknown;
    assert_error(kit_ask(kit, &query), ERROR_NOT_FOUND);
    assert_error(set_licensed(kit, &unknown, true), ERROR_NOT_FOUND);
}

static void a_licence_can_be_ended_and_given_back(void **state) {
    struct kit *kit = *state;
    struct store_query query = kit_query(kit, STORE_TENANT_GET);
    assert_ok(set_licensed(kit, &kit->tenant, false));
    assert_ok(kit_ask(kit, &query));
    assert_false(query.tenant_get.result.licensed);
    assert_ok(set_licensed(kit, &kit->tenant, true));
    assert_ok(kit_ask(kit, &query));
    assert_true(query.tenant_get.result.licensed);
}

/* Whatever a loop may remember of a tenant, an answered change is known to all of them. */
static void an_ended_licence_is_ended_on_every_loop_at_once(void **state) {
    struct kit *kit = *state;
    struct store_query query = kit_query(kit, STORE_TENANT_GET);
    for (int round = 0; round < 20; round++) {
        bool licensed = round % 2 == 1;
        assert_ok(set_licensed(kit, &kit->tenant, licensed));
        for (query.loop = 0; query.loop < KIT_LOOPS; query.loop++) {
            assert_ok(kit_ask(kit, &query));
            assert_int_equal(query.tenant_get.result.licensed, licensed);
        }
    }
}

static void tenants_are_listed_in_the_order_in_which_they_were_added(void **state) {
    struct kit *kit = *state;
    struct guid ids[20];
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        ids[i] = kit_make_guid(kit);
        /* So that the order is not that of the ids. */
        ids[i].bytes[0] = (uint8_t)(ids[i].bytes[0] * 37U);
        kit_add_tenant(kit, &ids[i], true);
    }
    struct store_query query = kit_query(kit, STORE_TENANT_LIST);
    assert_ok(kit_ask(kit, &query));
    assert_int_equal(query.tenant_list.count, COUNT_OF(ids) + 1);
    assert_true(guid_equals(&query.tenant_list.results[0].account_id, &kit->tenant));
    for (size_t i = 0; i < COUNT_OF(ids); i++)
        assert_true(guid_equals(&query.tenant_list.results[i + 1].account_id, &ids[i]));
}

static const enum store_command_kind graph_commands[] = {
    STORE_PROFILE_CREATE, STORE_PROFILE_UPDATE, STORE_PROFILE_DELETE, STORE_TOKEN_CREATE,
    STORE_TOKEN_REVOKE,   STORE_DEVICE_RETIRE,  STORE_DEVICE_DELETE,
};

/* A command that names something that is there. */
static struct store_command make_graph_command(struct kit *kit, enum store_command_kind kind,
                                               const struct profile *profile,
                                               const struct device *device) {
    static const struct profile_changes changes = {.has_display_name = true,
                                                   .display_name = {.data = "Other", .length = 5}};
    struct store_command command = kit_command(kit, kind);
    switch (kind) {
    case STORE_PROFILE_CREATE:
        command.profile_create.set = profile->set;
        command.profile_create.id = kit_make_guid(kit);
        command.profile_create.changes = changes;
        break;
    case STORE_PROFILE_UPDATE:
        command.profile_update.set = profile->set;
        command.profile_update.id = profile->id;
        command.profile_update.changes = changes;
        break;
    case STORE_PROFILE_DELETE:
        command.profile_delete.set = profile->set;
        command.profile_delete.id = profile->id;
        break;
    case STORE_TOKEN_CREATE:
        command.token_create.set = profile->set;
        command.token_create.profile_id = profile->id;
        command.token_create.validity_seconds = 60;
        break;
    case STORE_TOKEN_REVOKE:
        command.token_revoke.set = profile->set;
        command.token_revoke.profile_id = profile->id;
        break;
    case STORE_DEVICE_RETIRE:
        command.device_retire.id = device->id;
        break;
    default:
        command.device_delete.id = device->id;
        break;
    }
    return command;
}

/* Runs every Graph command for the tenant against what belongs to the kit's; each must fail so,
 * and afterwards everything must be as it was. */
static void expect_all_refused(struct kit *kit, const struct guid *tenant, bool licensed,
                               const enum store_command_kind *kinds, size_t count,
                               enum error_code code) {
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct token token = kit_create_token(kit, &profile, 3600, 0);
    struct store_command enrollment = kit_enroll(kit, &token, "S-1");
    struct profile before = kit_get_profile(kit, &profile.id);
    assert_ok(set_licensed(kit, &kit->tenant, licensed));
    kit->now += INSTANT_TICKS_PER_SECOND;
    for (size_t i = 0; i < count; i++) {
        struct store_command command =
            make_graph_command(kit, kinds[i], &profile, &enrollment.device_enroll.result);
        command.tenant = *tenant;
        assert_error(kit_run(kit, &command), code);
    }
    struct profile after = kit_get_profile(kit, &profile.id);
    assert_int_equal(after.last_modified, before.last_modified);
    assert_slice(after.display_name, "Kiosk");
    assert_int_equal(after.token.id, token.id);
    assert_int_equal(after.token.end, TOKEN_NOT_ENDED);
    assert_true(kit_is_credential_live(kit, &enrollment));
}

static void an_unknown_tenant_may_do_nothing(void **state) {
    struct kit *kit = *state;
    struct guid unknown = kit_make_guid(kit);
    expect_all_refused(kit, &unknown, true, graph_commands, COUNT_OF(graph_commands),
                       ERROR_FORBIDDEN);
}

static void a_tenant_without_licence_may_do_nothing(void **state) {
    struct kit *kit = *state;
    expect_all_refused(kit, &kit->tenant, false, graph_commands, COUNT_OF(graph_commands),
                       ERROR_FORBIDDEN);
}

static void what_belongs_to_another_tenant_is_not_found(void **state) {
    struct kit *kit = *state;
    struct guid other = kit_make_guid(kit);
    kit_add_tenant(kit, &other, true);
    expect_all_refused(kit, &other, true, graph_commands + 1, COUNT_OF(graph_commands) - 1,
                       ERROR_NOT_FOUND);
}

static void nobody_reads_what_belongs_to_another_tenant(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct token token = kit_create_token(kit, &profile, 3600, 0);
    struct store_command enrollment = kit_enroll(kit, &token, "S-1");
    kit->tenant = kit_make_guid(kit);
    kit_add_tenant(kit, &kit->tenant, true);

    struct store_query query = kit_query(kit, STORE_PROFILE_GET);
    query.profile_get.set = profile.set;
    query.profile_get.id = profile.id;
    assert_error(kit_ask(kit, &query), ERROR_NOT_FOUND);
    query = kit_query(kit, STORE_PROFILE_LIST);
    query.profile_list.set = profile.set;
    query.profile_list.listing = &kit_first_ten;
    assert_ok(kit_ask(kit, &query));
    assert_int_equal(query.profile_list.count, 0);
    query = kit_query(kit, STORE_DEVICE_GET);
    query.device_get.id = enrollment.device_enroll.result.id;
    assert_error(kit_ask(kit, &query), ERROR_NOT_FOUND);
    query = kit_query(kit, STORE_DEVICE_LIST);
    query.device_list.listing = &kit_first_ten;
    assert_ok(kit_ask(kit, &query));
    assert_int_equal(query.device_list.count, 0);
}

static void a_refusal_is_kept_for_a_tenant_that_nobody_knows(void **state) {
    struct kit *kit = *state;
    struct store_command command = kit_command(kit, STORE_AUDIT_APPEND);
    command.tenant = kit_make_guid(kit);
    command.audit_append.activity = AUDIT_CALL_REFUSED;
    command.audit_append.reason = SLICE("The tenant is not known to this server.");
    assert_ok(kit_run(kit, &command));
}

const struct conformance_case conformance_of_tenants[] = {
    CONFORMANCE_CASE(a_tenant_is_found_as_it_was_added),
    CONFORMANCE_CASE(a_tenant_may_be_without_a_name),
    CONFORMANCE_CASE(a_tenant_is_added_only_once),
    CONFORMANCE_CASE(an_unknown_tenant_is_not_found),
    CONFORMANCE_CASE(a_licence_can_be_ended_and_given_back),
    CONFORMANCE_CASE(an_ended_licence_is_ended_on_every_loop_at_once),
    CONFORMANCE_CASE(tenants_are_listed_in_the_order_in_which_they_were_added),
    CONFORMANCE_CASE(an_unknown_tenant_may_do_nothing),
    CONFORMANCE_CASE(a_tenant_without_licence_may_do_nothing),
    CONFORMANCE_CASE(what_belongs_to_another_tenant_is_not_found),
    CONFORMANCE_CASE(nobody_reads_what_belongs_to_another_tenant),
    CONFORMANCE_CASE(a_refusal_is_kept_for_a_tenant_that_nobody_knows),
    {NULL, NULL},
};
