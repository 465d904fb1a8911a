#include "store_conformance.h"

/* before_row 0: from the newest. */
static struct store_query list(struct kit *kit, int64_t before_row, size_t limit) {
    struct store_query query = kit_query(kit, STORE_AUDIT_LIST);
    const struct listing listing = {
        .has_after = before_row != 0, .after = {.row = before_row}, .limit = limit};
    query.audit_list.listing = &listing;
    assert_ok(kit_ask(kit, &query));
    query.audit_list.listing = NULL;
    return query;
}

/* 0: there are no more. */
static int64_t next_before_row(const struct store_query *query) {
    return query->audit_list.end.has_more ? query->audit_list.end.position.row : 0;
}

static void refuse(struct kit *kit, struct slice operation, int64_t unrecorded) {
    struct store_command command = kit_command(kit, STORE_AUDIT_APPEND);
    command.audit_append.activity = AUDIT_CALL_REFUSED;
    command.audit_append.operation = operation;
    command.audit_append.reason = SLICE("Not allowed.");
    command.audit_append.unrecorded = unrecorded;
    assert_ok(kit_run(kit, &command));
}

static void events_are_listed_the_newest_first(void **state) {
    struct kit *kit = *state;
    kit->now += INSTANT_TICKS_PER_SECOND;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    (void)kit_create_token(kit, &profile, 60, 0);
    struct store_query query = list(kit, 0, 10);
    assert_int_equal(query.audit_list.count, 3);
    assert_int_equal(next_before_row(&query), 0);
    const struct audit_record *records = query.audit_list.results;
    assert_int_equal(records[0].activity, AUDIT_TOKEN_CREATED);
    assert_int_equal(records[1].activity, AUDIT_PROFILE_CREATED);
    assert_int_equal(records[2].activity, AUDIT_TENANT_ADDED);
    assert_true(records[0].row > records[1].row && records[1].row > records[2].row);
    assert_int_equal(records[0].at, kit->now);
    assert_true(guid_equals(&records[0].target, &profile.id));
    assert_slice(records[0].target_name, "Kiosk");
    assert_slice(records[0].actor.name, "admin@contoso.example");
    assert_false(records[0].refused);
}

static void pages_of_events_meet_without_gap_or_overlap(void **state) {
    struct kit *kit = *state;
    for (int i = 0; i < 10; i++)
        (void)kit_create_profile(kit, "Kiosk");
    int64_t before = 0;
    int64_t expected = list(kit, 0, 1).audit_list.results[0].row;
    size_t seen = 0;
    do {
        struct store_query query = list(kit, before, 4);
        for (size_t i = 0; i < query.audit_list.count; i++)
            assert_int_equal(query.audit_list.results[i].row, expected--);
        seen += query.audit_list.count;
        before = next_before_row(&query);
    } while (before != 0);
    assert_int_equal(seen, 11);
}

static void events_of_other_tenants_lie_between_and_are_not_seen(void **state) {
    struct kit *kit = *state;
    struct guid mine = kit->tenant;
    struct guid other = kit_make_guid(kit);
    kit_add_tenant(kit, &other, true);
    for (int i = 0; i < 6; i++) {
        kit->tenant = i % 2 == 0 ? other : mine;
        (void)kit_create_profile(kit, i % 2 == 0 ? "Theirs" : "Mine");
    }
    kit->tenant = mine;
    struct store_query query = list(kit, 0, 3);
    assert_int_equal(query.audit_list.count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_slice(query.audit_list.results[i].target_name, "Mine");
    kit->tenant = kit_make_guid(kit);
    assert_int_equal(list(kit, 0, 100).audit_list.count, 0);
}

/* So many events of another tenant, of which the first says that it was added. */
static void flood(struct kit *kit, size_t count) {
    struct guid mine = kit->tenant;
    kit->tenant = kit_make_guid(kit);
    kit_add_tenant(kit, &kit->tenant, true);
    struct store_command *commands = arena_allocate(&kit->arena, count * sizeof *commands);
    for (size_t i = 1; i < count; i++) {
        commands[i] = kit_command(kit, STORE_AUDIT_APPEND);
        commands[i].audit_append.activity = AUDIT_CALL_REFUSED;
        kit_submit(kit, &commands[i]);
    }
    kit_take(kit, 0, count - 1);
    kit->tenant = mine;
}

static void one_page_looks_at_a_bounded_number_of_rows_and_says_where_to_go_on(void **state) {
    struct kit *kit = *state;
    flood(kit, STORE_AUDIT_ROWS_VISITED_AT_MOST);
    struct store_query query = list(kit, 0, 10);
    assert_int_equal(query.audit_list.count, 0);
    assert_true(next_before_row(&query) > 0);
    query = list(kit, next_before_row(&query), 10);
    assert_int_equal(query.audit_list.count, 1);
    assert_int_equal(next_before_row(&query), 0);
}

static void the_last_row_that_one_page_looks_at_is_not_on_the_next(void **state) {
    struct kit *kit = *state;
    (void)kit_create_profile(kit, "Kiosk");
    flood(kit, STORE_AUDIT_ROWS_VISITED_AT_MOST - 1);
    struct store_query query = list(kit, 0, 10);
    assert_int_equal(query.audit_list.count, 1);
    assert_int_equal(query.audit_list.results[0].activity, AUDIT_PROFILE_CREATED);
    query = list(kit, next_before_row(&query), 10);
    assert_int_equal(query.audit_list.count, 1);
    assert_int_equal(query.audit_list.results[0].activity, AUDIT_TENANT_ADDED);
}

static void a_list_goes_on_from_anywhere(void **state) {
    struct kit *kit = *state;
    assert_int_equal(list(kit, 1, 10).audit_list.count, 0);
    assert_int_equal(list(kit, INT64_MAX, 10).audit_list.count, 1);
}

static void an_event_is_found_by_its_row_but_only_by_its_tenant(void **state) {
    struct kit *kit = *state;
    refuse(kit, SLICE("GET profiles"), 7);
    struct store_query query = kit_query(kit, STORE_AUDIT_GET);
    query.audit_get.row = list(kit, 0, 1).audit_list.results[0].row;
    assert_ok(kit_ask(kit, &query));
    assert_int_equal(query.audit_get.result.activity, AUDIT_CALL_REFUSED);
    assert_true(query.audit_get.result.refused);
    assert_slice(query.audit_get.result.target_name, "GET profiles");
    assert_slice(query.audit_get.result.details, "{\"reason\":\"Not allowed.\",\"unrecorded\":7}");
    query.tenant = kit_make_guid(kit);
    kit_add_tenant(kit, &query.tenant, true);
    assert_error(kit_ask(kit, &query), ERROR_NOT_FOUND);
    query.tenant = kit->tenant;
    query.audit_get.row = INT64_MAX;
    assert_error(kit_ask(kit, &query), ERROR_NOT_FOUND);
}

static void what_concerns_no_tenant_is_shown_to_none(void **state) {
    struct kit *kit = *state;
    struct token token = {.id = 77};
    assert_int_equal(kit_redeem(kit, &token, "S-1"), ENROLL_TOKEN_UNKNOWN);
    struct store_query query = list(kit, 0, 10);
    assert_int_equal(query.audit_list.count, 1);
    assert_int_equal(query.audit_list.results[0].activity, AUDIT_TENANT_ADDED);
}

static void what_concerns_no_tenant_is_listed_apart_page_by_page(void **state) {
    struct kit *kit = *state;
    struct token token = {.id = 77};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(kit_redeem(kit, &token, "S-1"), ENROLL_TOKEN_UNKNOWN);
        (void)kit_create_profile(kit, "Kiosk");
    }
    kit->tenant = (struct guid){0};
    struct store_query query = list(kit, 0, 2);
    assert_int_equal(query.audit_list.count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(query.audit_list.results[i].activity, AUDIT_DEVICE_REFUSED);
        assert_slice(query.audit_list.results[i].actor.subject, "S-1");
    }
    query = list(kit, next_before_row(&query), 2);
    assert_int_equal(query.audit_list.count, 1);
    assert_int_equal(next_before_row(&query), 0);
}

static void a_page_of_what_concerns_no_tenant_looks_at_a_bounded_number_of_rows(void **state) {
    struct kit *kit = *state;
    struct token token = {.id = 77};
    assert_int_equal(kit_redeem(kit, &token, "S-1"), ENROLL_TOKEN_UNKNOWN);
    flood(kit, STORE_AUDIT_ROWS_VISITED_AT_MOST);
    kit->tenant = (struct guid){0};
    struct store_query query = list(kit, 0, 10);
    assert_int_equal(query.audit_list.count, 0);
    query = list(kit, next_before_row(&query), 10);
    assert_int_equal(query.audit_list.count, 1);
}

const struct conformance_case conformance_of_audit[] = {
    CONFORMANCE_CASE(events_are_listed_the_newest_first),
    CONFORMANCE_CASE(pages_of_events_meet_without_gap_or_overlap),
    CONFORMANCE_CASE(events_of_other_tenants_lie_between_and_are_not_seen),
    CONFORMANCE_CASE(one_page_looks_at_a_bounded_number_of_rows_and_says_where_to_go_on),
    CONFORMANCE_CASE(the_last_row_that_one_page_looks_at_is_not_on_the_next),
    CONFORMANCE_CASE(a_list_goes_on_from_anywhere),
    CONFORMANCE_CASE(an_event_is_found_by_its_row_but_only_by_its_tenant),
    CONFORMANCE_CASE(what_concerns_no_tenant_is_shown_to_none),
    CONFORMANCE_CASE(what_concerns_no_tenant_is_listed_apart_page_by_page),
    CONFORMANCE_CASE(a_page_of_what_concerns_no_tenant_looks_at_a_bounded_number_of_rows),
    {NULL, NULL},
};
