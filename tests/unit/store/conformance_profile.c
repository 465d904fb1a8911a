#include "store_conformance.h"

static struct error update(struct kit *kit, const struct guid *id, struct profile_changes changes,
                           struct profile *result) {
    struct store_command command = kit_command(kit, STORE_PROFILE_UPDATE);
    command.profile_update.set = kit->set;
    command.profile_update.id = *id;
    command.profile_update.changes = changes;
    struct error error = kit_run(kit, &command);
    *result = command.profile_update.result;
    return error;
}

static struct error remove_profile(struct kit *kit, const struct guid *id) {
    struct store_command command = kit_command(kit, STORE_PROFILE_DELETE);
    command.profile_delete.set = kit->set;
    command.profile_delete.id = *id;
    return kit_run(kit, &command);
}

static struct profile create_described(struct kit *kit, struct slice description) {
    struct store_command command = kit_command(kit, STORE_PROFILE_CREATE);
    command.profile_create.set = PROFILE_SET_ANDROID_FOR_WORK;
    command.profile_create.id = kit_make_guid(kit);
    command.profile_create.changes = (struct profile_changes){
        .has_display_name = true,
        .display_name = SLICE("Kiosk"),
        .has_description = true,
        .description = description,
    };
    assert_ok(kit_run(kit, &command));
    return command.profile_create.result;
}

static void a_new_profile_has_neither_token_nor_devices(void **state) {
    struct kit *kit = *state;
    struct profile created = kit_create_profile(kit, "Lagerhalle 3 – Süd");
    struct profile found = kit_get_profile(kit, &created.id);
    const struct profile *both[] = {&created, &found};
    for (size_t i = 0; i < COUNT_OF(both); i++) {
        assert_true(both[i]->row > 0);
        assert_int_equal(both[i]->set, PROFILE_SET_ANDROID_FOR_WORK);
        assert_true(guid_equals(&both[i]->account_id, &kit->tenant));
        assert_slice(both[i]->display_name, "Lagerhalle 3 – Süd");
        assert_null(both[i]->description.data);
        assert_int_equal(both[i]->created, kit->now);
        assert_int_equal(both[i]->last_modified, kit->now);
        assert_int_equal(both[i]->enrolled_device_count, 0);
        assert_int_equal(both[i]->token.id, 0);
    }
    assert_int_equal(created.row, found.row);
}

static void provisioning_settings_are_kept_until_they_are_taken_away(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    assert_null(profile.provisioning.data);
    struct profile_changes changes = {.has_provisioning = true,
                                      .provisioning = SLICE("{\"preset\":\"testDpc\"}")};
    assert_ok(update(kit, &profile.id, changes, &profile));
    assert_slice(profile.provisioning, "{\"preset\":\"testDpc\"}");
    changes = (struct profile_changes){.has_display_name = true, .display_name = SLICE("Till")};
    assert_ok(update(kit, &profile.id, changes, &profile));
    assert_slice(kit_get_profile(kit, &profile.id).provisioning, "{\"preset\":\"testDpc\"}");
    changes = (struct profile_changes){.has_provisioning = true};
    assert_ok(update(kit, &profile.id, changes, &profile));
    assert_null(kit_get_profile(kit, &profile.id).provisioning.data);
}

/* Of the newest events, the newest first. */
static struct store_query list_audit(struct kit *kit, size_t limit) {
    struct store_query query = kit_query(kit, STORE_AUDIT_LIST);
    struct listing listing = {.limit = limit};
    query.audit_list.listing = &listing;
    assert_ok(kit_ask(kit, &query));
    query.audit_list.listing = NULL;
    assert_int_equal(query.audit_list.count, limit);
    return query;
}

static void the_audit_says_that_provisioning_settings_changed_and_not_to_what(void **state) {
    struct kit *kit = *state;
    static const char *const passwords[] = {"quite secret", "more secret"};
    struct store_command command = kit_command(kit, STORE_PROFILE_CREATE);
    command.profile_create.set = PROFILE_SET_ANDROID_FOR_WORK;
    command.profile_create.id = kit_make_guid(kit);
    command.profile_create.changes = (struct profile_changes){
        .has_display_name = true,
        .display_name = SLICE("Kiosk"),
        .has_provisioning = true,
        .provisioning = SLICE("{\"wifiPassword\":\"quite secret\"}"),
    };
    assert_ok(kit_run(kit, &command));
    struct profile profile = command.profile_create.result;
    assert_slice(profile.provisioning, "{\"wifiPassword\":\"quite secret\"}");
    struct profile_changes changes = {.has_provisioning = true,
                                      .provisioning = SLICE("{\"wifiPassword\":\"more secret\"}")};
    assert_ok(update(kit, &profile.id, changes, &profile));
    struct store_query query = list_audit(kit, 2);
    for (size_t i = 0; i < 2; i++) {
        struct slice details = query.audit_list.results[i].details;
        assert_non_null(memmem(details.data, details.length, SLICE("@muster.provisioning").data,
                               strlen("@muster.provisioning")));
        for (size_t j = 0; j < COUNT_OF(passwords); j++)
            assert_null(memmem(details.data, details.length, passwords[j], strlen(passwords[j])));
    }
}

static void a_description_may_be_null_or_empty_and_is_kept_apart(void **state) {
    struct kit *kit = *state;
    struct profile empty = create_described(kit, SLICE(""));
    struct profile null = create_described(kit, (struct slice){0});
    empty = kit_get_profile(kit, &empty.id);
    null = kit_get_profile(kit, &null.id);
    assert_non_null(empty.description.data);
    assert_int_equal(empty.description.length, 0);
    assert_null(null.description.data);
}

static void an_update_changes_what_it_names_and_nothing_else(void **state) {
    struct kit *kit = *state;
    struct profile profile = create_described(kit, SLICE("In the hall"));
    struct profile result;
    instant created = kit->now;
    kit->now += 5;
    assert_ok(update(kit, &profile.id,
                     (struct profile_changes){.has_display_name = true, .display_name = SLICE("B")},
                     &result));
    assert_slice(result.display_name, "B");
    assert_slice(result.description, "In the hall");
    assert_int_equal(result.created, created);
    assert_int_equal(result.last_modified, kit->now);

    assert_ok(update(kit, &profile.id, (struct profile_changes){.has_description = true}, &result));
    result = kit_get_profile(kit, &profile.id);
    assert_slice(result.display_name, "B");
    assert_null(result.description.data);
}

static void an_update_leaves_the_token_alone(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token token = kit_create_token(kit, &profile, 60, 0);
    struct profile result;
    assert_ok(update(kit, &profile.id,
                     (struct profile_changes){.has_display_name = true, .display_name = SLICE("B")},
                     &result));
    assert_int_equal(result.token.id, token.id);
    assert_true(token_is_live_at(&result.token, kit->now));
}

static void a_deleted_profile_is_gone(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct profile other = kit_create_profile(kit, "B");
    assert_ok(remove_profile(kit, &profile.id));
    struct store_query query = kit_query(kit, STORE_PROFILE_GET);
    query.profile_get.set = profile.set;
    query.profile_get.id = profile.id;
    assert_error(kit_ask(kit, &query), ERROR_NOT_FOUND);
    assert_error(remove_profile(kit, &profile.id), ERROR_NOT_FOUND);
    struct profile result;
    assert_error(update(kit, &profile.id, (struct profile_changes){0}, &result), ERROR_NOT_FOUND);
    assert_slice(kit_get_profile(kit, &other.id).display_name, "B");
}

static void a_row_is_never_used_again(void **state) {
    struct kit *kit = *state;
    struct profile last = kit_create_profile(kit, "A");
    assert_ok(remove_profile(kit, &last.id));
    struct profile next = kit_create_profile(kit, "B");
    assert_true(next.row > last.row);
    assert_ok(remove_profile(kit, &next.id));
    kit_close(kit);
    kit_open(kit);
    assert_true(kit_create_profile(kit, "C").row > next.row);
}

static void a_profile_is_seen_in_its_own_set_only(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct store_query query = kit_query(kit, STORE_PROFILE_GET);
    query.profile_get.set = PROFILE_SET_ANDROID_DEVICE_OWNER;
    query.profile_get.id = profile.id;
    assert_error(kit_ask(kit, &query), ERROR_NOT_FOUND);
    query = kit_query(kit, STORE_PROFILE_LIST);
    query.profile_list.set = PROFILE_SET_ANDROID_DEVICE_OWNER;
    query.profile_list.listing = &kit_first_ten;
    assert_ok(kit_ask(kit, &query));
    assert_int_equal(query.profile_list.count, 0);
    struct store_command command = kit_command(kit, STORE_TOKEN_CREATE);
    command.token_create.set = PROFILE_SET_ANDROID_DEVICE_OWNER;
    command.token_create.profile_id = profile.id;
    command.token_create.validity_seconds = 60;
    assert_error(kit_run(kit, &command), ERROR_NOT_FOUND);
}

static void an_id_is_taken_only_once(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct store_command command = kit_command(kit, STORE_PROFILE_CREATE);
    command.profile_create.set = profile.set;
    command.profile_create.id = profile.id;
    command.profile_create.changes.has_display_name = true;
    command.profile_create.changes.display_name = SLICE("B");
    assert_error(kit_run(kit, &command), ERROR_CONFLICT);
    assert_slice(kit_get_profile(kit, &profile.id).display_name, "A");
}

/* Reads all pages of so many; returns how many profiles there were. */
static size_t list_all(struct kit *kit, size_t limit, const struct profile *expected) {
    size_t seen = 0;
    struct listing listing = {.limit = limit};
    for (;;) {
        struct store_query query = kit_query(kit, STORE_PROFILE_LIST);
        query.profile_list.set = PROFILE_SET_ANDROID_FOR_WORK;
        query.profile_list.listing = &listing;
        assert_ok(kit_ask(kit, &query));
        assert_true(query.profile_list.count <= limit);
        for (size_t i = 0; i < query.profile_list.count; i++) {
            assert_true(guid_equals(&query.profile_list.results[i].id, &expected[seen].id));
            seen++;
        }
        if (!query.profile_list.end.has_more)
            return seen;
        listing.has_after = true;
        listing.after = query.profile_list.end.position;
        assert_int_equal(query.profile_list.count, limit);
    }
}

static void pages_hold_every_profile_once_in_the_order_of_creation(void **state) {
    struct kit *kit = *state;
    struct profile profiles[36];
    struct guid tenant = kit->tenant;
    struct guid other = kit_make_guid(kit);
    kit_add_tenant(kit, &other, true);
    for (size_t i = 0; i < COUNT_OF(profiles); i++) {
        profiles[i] = kit_create_profile(kit, "Kiosk");
        kit->tenant = other;
        (void)kit_create_profile(kit, "Another's");
        kit->tenant = tenant;
    }
    static const size_t limits[] = {1, 7, 8, 16, 35, 36, 37, 999};
    for (size_t i = 0; i < COUNT_OF(limits); i++)
        assert_int_equal(list_all(kit, limits[i], profiles), COUNT_OF(profiles));
}

static void a_page_shows_the_current_tokens(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    (void)kit_create_token(kit, &profile, 60, 0);
    struct token token = kit_create_token(kit, &profile, 90, 0);
    struct store_query query = kit_query(kit, STORE_PROFILE_LIST);
    query.profile_list.set = profile.set;
    query.profile_list.listing = &kit_first_ten;
    assert_ok(kit_ask(kit, &query));
    assert_int_equal(query.profile_list.count, 1);
    assert_int_equal(query.profile_list.results[0].token.id, token.id);
    assert_memory_equal(query.profile_list.results[0].token.nonce, token.nonce, TOKEN_NONCE_SIZE);
}

#define OWNER_BIT(member) (1U << DEVICE_OWNER_##member)

#define TEXT(literal) .text = {.data = (literal), .length = sizeof(literal) - 1}

static const struct device_owner_changes every_member = {
    .given = (1U << DEVICE_OWNER_MEMBER_COUNT) - 1,
    .to = {{
        [DEVICE_OWNER_ENROLLMENT_MODE] = {.number = DEVICE_OWNER_MODE_WORK_PROFILE},
        [DEVICE_OWNER_ENROLLMENT_TOKEN_TYPE] = {.number = DEVICE_OWNER_TOKEN_STAGING},
        [DEVICE_OWNER_ROLE_SCOPE_TAG_IDS] = {TEXT("0\n17")},
        [DEVICE_OWNER_CONFIGURE_WIFI] = {.number = 0},
        [DEVICE_OWNER_WIFI_SSID] = {TEXT("Setup – Süd")},
        [DEVICE_OWNER_WIFI_PASSWORD] = {TEXT("quite secret")},
        [DEVICE_OWNER_WIFI_SECURITY_TYPE] = {.number = DEVICE_OWNER_WIFI_WPA},
        [DEVICE_OWNER_WIFI_HIDDEN] = {.number = 1},
        [DEVICE_OWNER_IS_TEAMS_DEVICE_PROFILE] = {.number = 1},
        [DEVICE_OWNER_DEVICE_NAME_TEMPLATE] = {TEXT("Till-{{SERIAL}}")},
    }}};

static void assert_owner(const struct device_owner_settings *actual,
                         const struct device_owner_settings *expected) {
    for (int i = 0; i < DEVICE_OWNER_MEMBER_COUNT; i++) {
        enum device_owner_member member = (enum device_owner_member)i;
        if (!device_owner_is_same(member, actual, expected))
            fail_msg("%s differs", device_owner_member_name(member));
    }
}

static struct profile create_owner(struct kit *kit, const struct device_owner_changes *changes) {
    struct store_command command = kit_command(kit, STORE_PROFILE_CREATE);
    kit->set = PROFILE_SET_ANDROID_DEVICE_OWNER;
    command.profile_create.set = kit->set;
    command.profile_create.id = kit_make_guid(kit);
    command.profile_create.changes = (struct profile_changes){
        .has_display_name = true, .display_name = SLICE("Tills"), .owner = *changes};
    assert_ok(kit_run(kit, &command));
    return command.profile_create.result;
}

static void a_device_owners_profile_keeps_all_that_it_was_given(void **state) {
    struct kit *kit = *state;
    struct profile profile = create_owner(kit, &every_member);
    assert_owner(&profile.owner, &every_member.to);
    profile = kit_get_profile(kit, &profile.id);
    assert_owner(&profile.owner, &every_member.to);
    struct store_query query = kit_query(kit, STORE_PROFILE_LIST);
    query.profile_list.set = kit->set;
    query.profile_list.listing = &kit_first_ten;
    assert_ok(kit_ask(kit, &query));
    assert_int_equal(query.profile_list.count, 1);
    assert_owner(&query.profile_list.results[0].owner, &every_member.to);
}

static void a_device_owners_profile_begins_with_the_defaults(void **state) {
    struct kit *kit = *state;
    static const struct device_owner_changes nothing;
    struct device_owner_settings defaults = device_owner_defaults();
    struct profile profile = create_owner(kit, &nothing);
    assert_owner(&profile.owner, &defaults);
    profile = kit_get_profile(kit, &profile.id);
    assert_owner(&profile.owner, &defaults);
}

static void an_update_changes_one_member_of_a_device_owners_profile(void **state) {
    struct kit *kit = *state;
    struct profile profile = create_owner(kit, &every_member);
    struct device_owner_settings expected = every_member.to;
    struct profile_changes changes = {0};
    changes.owner.given = OWNER_BIT(WIFI_PASSWORD) | OWNER_BIT(CONFIGURE_WIFI);
    changes.owner.to.values[DEVICE_OWNER_CONFIGURE_WIFI].number = 1;
    expected.values[DEVICE_OWNER_CONFIGURE_WIFI].number = 1;
    expected.values[DEVICE_OWNER_WIFI_PASSWORD].text = (struct slice){0};
    assert_ok(update(kit, &profile.id, changes, &profile));
    assert_owner(&profile.owner, &expected);
    profile = kit_get_profile(kit, &profile.id);
    assert_owner(&profile.owner, &expected);
    assert_slice(profile.display_name, "Tills");
}

static void a_profile_of_the_other_set_takes_none_of_it(void **state) {
    struct kit *kit = *state;
    static const struct device_owner_settings nothing;
    struct profile profile = kit_create_profile(kit, "A");
    assert_ok(update(kit, &profile.id, (struct profile_changes){.owner = every_member}, &profile));
    assert_owner(&profile.owner, &nothing);
    profile = kit_get_profile(kit, &profile.id);
    assert_owner(&profile.owner, &nothing);
}

static void a_device_owners_profile_is_seen_in_its_own_set_only(void **state) {
    struct kit *kit = *state;
    struct profile profile = create_owner(kit, &every_member);
    kit->set = PROFILE_SET_ANDROID_FOR_WORK;
    struct store_query query = kit_query(kit, STORE_PROFILE_GET);
    query.profile_get.set = kit->set;
    query.profile_get.id = profile.id;
    assert_error(kit_ask(kit, &query), ERROR_NOT_FOUND);
    struct profile result;
    assert_error(update(kit, &profile.id, (struct profile_changes){0}, &result), ERROR_NOT_FOUND);
    assert_error(remove_profile(kit, &profile.id), ERROR_NOT_FOUND);
}

static void the_audit_names_a_wifi_password_and_tells_no_value(void **state) {
    struct kit *kit = *state;
    static const char *const told[] = {
        "\"wifiPassword\",\"oldValue\":null,\"newValue\":null}",
        "\"enrollmentMode\",\"oldValue\":\"corporateOwnedDedicatedDevice\"",
        "\"newValue\":\"corporateOwnedWorkProfile\"}",
        "\"configureWifi\",\"oldValue\":\"true\",\"newValue\":\"false\"}",
        "\"wifiSsid\",\"oldValue\":null,\"newValue\":\"Setup",
    };
    struct profile profile = create_owner(kit, &every_member);
    struct store_query query = list_audit(kit, 1);
    struct slice details = query.audit_list.results[0].details;
    for (size_t i = 0; i < COUNT_OF(told); i++) {
        if (memmem(details.data, details.length, told[i], strlen(told[i])) == NULL)
            fail_msg("%s is not in %.*s", told[i], SLICE_PRINTF(details));
    }
    assert_null(memmem(details.data, details.length, "quite secret", strlen("quite secret")));
    struct profile_changes changes = {0};
    changes.owner.given = OWNER_BIT(WIFI_PASSWORD);
    changes.owner.to.values[DEVICE_OWNER_WIFI_PASSWORD].text = SLICE("more secret");
    assert_ok(update(kit, &profile.id, changes, &profile));
    query = list_audit(kit, 1);
    assert_slice(query.audit_list.results[0].details,
                 "[{\"displayName\":\"wifiPassword\",\"oldValue\":null,\"newValue\":null}]");
}

/* What the rule was shown, and that it may refuse. */
struct seen_by_rule {
    size_t calls;
    struct slice name;
    struct slice ssid;
};

static struct error refuse_ssid(const void *context, const struct profile *profile,
                                struct arena *arena) {
    struct seen_by_rule *seen = *(struct seen_by_rule *const *)context;
    struct slice ssid = profile->owner.values[DEVICE_OWNER_WIFI_SSID].text;
    seen->calls++;
    seen->name = profile->display_name;
    seen->ssid = arena_copy(arena, ssid);
    return slice_equals_string(ssid, "bad") ? error_make_for(ERROR_INVALID, "wifiSsid", "No.")
                                            : error_none();
}

static struct profile_changes name_bad_ssid(const char *name) {
    struct profile_changes changes = {
        .has_display_name = true,
        .display_name = slice_from_string(name),
    };
    changes.owner.given = OWNER_BIT(WIFI_SSID);
    changes.owner.to.values[DEVICE_OWNER_WIFI_SSID].text = SLICE("bad");
    return changes;
}

static void a_rule_sees_the_whole_profile_and_may_refuse_it(void **state) {
    struct kit *kit = *state;
    struct seen_by_rule seen = {0};
    struct seen_by_rule *context = &seen;
    struct profile profile = create_owner(kit, &every_member);
    struct store_command command = kit_command(kit, STORE_PROFILE_UPDATE);
    command.profile_update.set = kit->set;
    command.profile_update.id = profile.id;
    command.profile_update.rule =
        (struct store_profile_rule){.check = refuse_ssid, .context = &context};
    command.profile_update.changes = (struct profile_changes){
        .has_display_name = true,
        .display_name = SLICE("B"),
    };
    assert_ok(kit_run(kit, &command));
    assert_int_equal(seen.calls, 1);
    assert_slice(seen.name, "B");
    assert_slice(seen.ssid, "Setup – Süd");
    command.profile_update.changes = name_bad_ssid("C");
    assert_error(kit_run(kit, &command), ERROR_INVALID);
    assert_string_equal(command.error.target, "wifiSsid");
    assert_slice(kit_get_profile(kit, &profile.id).display_name, "B");
    command = kit_command(kit, STORE_PROFILE_CREATE);
    command.profile_create.set = kit->set;
    command.profile_create.id = kit_make_guid(kit);
    command.profile_create.rule =
        (struct store_profile_rule){.check = refuse_ssid, .context = &context};
    command.profile_create.changes = name_bad_ssid("D");
    assert_error(kit_run(kit, &command), ERROR_INVALID);
    assert_int_equal(seen.calls, 3);
}

const struct conformance_case conformance_of_profiles[] = {
    CONFORMANCE_CASE(a_device_owners_profile_keeps_all_that_it_was_given),
    CONFORMANCE_CASE(a_device_owners_profile_begins_with_the_defaults),
    CONFORMANCE_CASE(an_update_changes_one_member_of_a_device_owners_profile),
    CONFORMANCE_CASE(a_profile_of_the_other_set_takes_none_of_it),
    CONFORMANCE_CASE(a_device_owners_profile_is_seen_in_its_own_set_only),
    CONFORMANCE_CASE(the_audit_names_a_wifi_password_and_tells_no_value),
    CONFORMANCE_CASE(a_rule_sees_the_whole_profile_and_may_refuse_it),
    CONFORMANCE_CASE(a_new_profile_has_neither_token_nor_devices),
    CONFORMANCE_CASE(a_description_may_be_null_or_empty_and_is_kept_apart),
    CONFORMANCE_CASE(provisioning_settings_are_kept_until_they_are_taken_away),
    CONFORMANCE_CASE(the_audit_says_that_provisioning_settings_changed_and_not_to_what),
    CONFORMANCE_CASE(an_update_changes_what_it_names_and_nothing_else),
    CONFORMANCE_CASE(an_update_leaves_the_token_alone),
    CONFORMANCE_CASE(a_deleted_profile_is_gone),
    CONFORMANCE_CASE(a_row_is_never_used_again),
    CONFORMANCE_CASE(a_profile_is_seen_in_its_own_set_only),
    CONFORMANCE_CASE(an_id_is_taken_only_once),
    CONFORMANCE_CASE(pages_hold_every_profile_once_in_the_order_of_creation),
    CONFORMANCE_CASE(a_page_shows_the_current_tokens),
    {NULL, NULL},
};
