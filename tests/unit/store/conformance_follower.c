/* Reading the audit from one event to the next, whoever's they are, and keeping the place. */
#include "store_conformance.h"

#define ALL UINT64_MAX

static struct store_query follow(struct kit *kit, int64_t after, uint64_t activities,
                                 size_t limit) {
    struct store_query query = kit_query(kit, STORE_AUDIT_FOLLOW);
    query.tenant = (struct guid){{0}};
    query.audit_follow.after = after;
    query.audit_follow.activities = activities;
    query.audit_follow.limit = limit;
    assert_ok(kit_ask(kit, &query));
    return query;
}

static void open_followers(struct kit *kit, struct store_follower *followers, size_t count) {
    struct store_command command = kit_command(kit, STORE_FOLLOWER_OPEN);
    command.follower_open.followers = followers;
    command.follower_open.count = count;
    assert_ok(kit_run(kit, &command));
}

static int64_t open_one(struct kit *kit, const char *name) {
    struct store_follower follower = {.name = name};
    open_followers(kit, &follower, 1);
    return follower.position;
}

static void advance(struct kit *kit, const char *name, int64_t position) {
    struct store_command command = kit_command(kit, STORE_FOLLOWER_ADVANCE);
    command.follower_advance = (struct store_follower){.name = name, .position = position};
    assert_ok(kit_run(kit, &command));
}

static void events_of_all_tenants_come_in_the_order_in_which_they_happened(void **state) {
    struct kit *kit = *state;
    struct guid first = kit->tenant;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct guid second = kit_make_guid(kit);
    kit_add_tenant(kit, &second, true);
    kit->tenant = second;
    (void)kit_create_profile(kit, "Theirs");
    struct token unknown = {.id = 77};
    (void)kit_redeem(kit, &unknown, "S-1");
    struct store_query query = follow(kit, 0, ALL, 100);
    static const enum audit_activity expected[] = {AUDIT_TENANT_ADDED, AUDIT_PROFILE_CREATED,
                                                   AUDIT_TENANT_ADDED, AUDIT_PROFILE_CREATED,
                                                   AUDIT_DEVICE_REFUSED};
    const struct guid tenants[] = {first, first, second, second, {{0}}};
    const struct store_event *events = query.audit_follow.results;
    assert_int_equal(query.audit_follow.count, COUNT_OF(expected));
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        assert_int_equal(events[i].record.activity, expected[i]);
        assert_true(guid_equals(&events[i].tenant, &tenants[i]));
        assert_true(i == 0 || events[i].record.row > events[i - 1].record.row);
    }
    assert_true(guid_equals(&events[1].record.target, &profile.id));
    assert_int_equal(query.audit_follow.through, events[4].record.row);
    assert_int_equal(query.audit_follow.newest, events[4].record.row);
    assert_int_equal(query.audit_follow.missed, 0);
}

static void only_the_wanted_events_come_and_the_others_are_passed(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    for (int i = 0; i < 5; i++)
        (void)kit_create_token(kit, &profile, 60, 0);
    kit_revoke(kit, &profile);
    const uint64_t wanted = UINT64_C(1) << AUDIT_TOKEN_CREATED;
    struct store_query query = follow(kit, 0, wanted, 3);
    assert_int_equal(query.audit_follow.count, 3);
    assert_int_equal(query.audit_follow.through, query.audit_follow.results[2].record.row);
    query = follow(kit, query.audit_follow.through, wanted, 3);
    assert_int_equal(query.audit_follow.count, 2);
    assert_int_equal(query.audit_follow.through, query.audit_follow.newest);
    query = follow(kit, query.audit_follow.through, wanted, 3);
    assert_int_equal(query.audit_follow.count, 0);
    assert_int_equal(query.audit_follow.through, query.audit_follow.newest);
}

static void a_new_follower_begins_at_the_present(void **state) {
    struct kit *kit = *state;
    (void)kit_create_profile(kit, "Before");
    int64_t position = open_one(kit, "tickets");
    (void)kit_create_profile(kit, "After");
    struct store_query query = follow(kit, position, ALL, 100);
    assert_int_equal(query.audit_follow.count, 1);
    assert_slice(query.audit_follow.results[0].record.target_name, "After");
}

static void a_position_survives_and_never_goes_back(void **state) {
    struct kit *kit = *state;
    int64_t start = open_one(kit, "tickets");
    advance(kit, "tickets", start + 5);
    advance(kit, "tickets", start + 3);
    kit_close(kit);
    kit_open(kit);
    assert_int_equal(open_one(kit, "tickets"), start + 5);
}

static void who_is_not_named_any_more_is_forgotten(void **state) {
    struct kit *kit = *state;
    struct store_follower both[] = {{.name = "tickets"}, {.name = "chat"}};
    open_followers(kit, both, 2);
    advance(kit, "tickets", both[0].position + 5);
    advance(kit, "chat", both[1].position + 7);
    advance(kit, "nobody", 1000);
    assert_int_equal(open_one(kit, "chat"), both[1].position + 7);
    struct store_follower again[] = {{.name = "chat"}, {.name = "tickets"}, {.name = "nobody"}};
    open_followers(kit, again, 3);
    assert_int_equal(again[0].position, both[1].position + 7);
    assert_int_equal(again[1].position, both[0].position);
    assert_int_equal(again[2].position, both[0].position);
    open_followers(kit, NULL, 0);
}

static struct error give_up(struct kit *kit, const struct store_follower *place) {
    struct store_command command = kit_command(kit, STORE_FOLLOWER_SKIP);
    command.actor = (struct audit_actor){.kind = AUDIT_ACTOR_OPERATOR};
    command.follower_skip.place = *place;
    command.follower_skip.event = audit_id_make(7);
    command.follower_skip.type = "token.created";
    command.follower_skip.at = kit->now;
    command.follower_skip.reason = SLICE("answers with status 400 instead of 2xx");
    return kit_run(kit, &command);
}

static void a_skip_moves_the_place_and_tells_the_tenant_of_it(void **state) {
    struct kit *kit = *state;
    struct store_follower place = {.name = "tickets", .position = open_one(kit, "tickets") + 1};
    assert_ok(give_up(kit, &place));
    const uint64_t wanted = UINT64_C(1) << AUDIT_WEBHOOK_EVENT_SKIPPED;
    struct store_query query = follow(kit, 0, wanted, 10);
    assert_int_equal(query.audit_follow.count, 1);
    const struct store_event *event = query.audit_follow.results;
    assert_true(guid_equals(&event->tenant, &kit->tenant));
    assert_int_equal(event->record.actor.kind, AUDIT_ACTOR_OPERATOR);
    assert_slice(event->record.target_name, "tickets");
    assert_non_null(strstr(event->record.details.data,
                           "\"eventId\":\"61756469-7400-8000-8000-000000000007\","
                           "\"eventType\":\"token.created\""));
    assert_non_null(strstr(event->record.details.data, "answers with status 400"));
    kit_close(kit);
    kit_open(kit);
    assert_int_equal(open_one(kit, "tickets"), place.position);
}

static void a_skip_of_what_nobodys_event_told_is_nobodys(void **state) {
    struct kit *kit = *state;
    struct store_follower place = {.name = "tickets", .position = open_one(kit, "tickets") + 1};
    kit->tenant = (struct guid){{0}};
    assert_ok(give_up(kit, &place));
    struct store_query query = follow(kit, 0, UINT64_C(1) << AUDIT_WEBHOOK_EVENT_SKIPPED, 10);
    assert_int_equal(query.audit_follow.count, 1);
    assert_true(guid_is_zero(&query.audit_follow.results->tenant));
}

static void a_skip_of_a_follower_that_nobody_knows_writes_nothing(void **state) {
    struct kit *kit = *state;
    int64_t newest = open_one(kit, "tickets");
    assert_int_equal(give_up(kit, &(struct store_follower){.name = "chat", .position = 1}).code,
                     ERROR_NOT_FOUND);
    assert_int_equal(follow(kit, 0, ALL, 100).audit_follow.newest, newest);
}

static struct store_follower reopen(struct kit *kit) {
    struct store_follower follower = {.name = "tickets"};
    kit_close(kit);
    kit_open(kit);
    open_followers(kit, &follower, 1);
    return follower;
}

static void what_is_done_of_the_next_row_is_kept_until_the_row_is_passed(void **state) {
    struct kit *kit = *state;
    struct store_follower place = {.name = "tickets", .position = open_one(kit, "tickets")};
    place.parts = 1U << 2;
    assert_ok(give_up(kit, &place));
    assert_int_equal(reopen(kit).parts, 1U << 2);
    place.parts = 1U << 31;
    assert_ok(give_up(kit, &place));
    assert_int_equal(reopen(kit).parts, 1U << 31 | 1U << 2);
    assert_int_equal(reopen(kit).position, place.position);
    advance(kit, "tickets", place.position + 1);
    assert_int_equal(reopen(kit).parts, 0);
    assert_ok(give_up(kit, &place));
    assert_int_equal(reopen(kit).parts, 0);
    assert_int_equal(reopen(kit).position, place.position + 1);
}

const struct conformance_case conformance_of_followers[] = {
    CONFORMANCE_CASE(events_of_all_tenants_come_in_the_order_in_which_they_happened),
    CONFORMANCE_CASE(only_the_wanted_events_come_and_the_others_are_passed),
    CONFORMANCE_CASE(a_new_follower_begins_at_the_present),
    CONFORMANCE_CASE(a_position_survives_and_never_goes_back),
    CONFORMANCE_CASE(who_is_not_named_any_more_is_forgotten),
    CONFORMANCE_CASE(a_skip_moves_the_place_and_tells_the_tenant_of_it),
    CONFORMANCE_CASE(a_skip_of_what_nobodys_event_told_is_nobodys),
    CONFORMANCE_CASE(a_skip_of_a_follower_that_nobody_knows_writes_nothing),
    CONFORMANCE_CASE(what_is_done_of_the_next_row_is_kept_until_the_row_is_passed),
    {NULL, NULL},
};
