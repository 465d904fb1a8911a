/* What becomes of a token by time alone: told once, of those alone that it is true of. */
#include "store_conformance.h"

#define DAY 86400
#define WARNING (7 * DAY)
#define SECONDS(count) ((count)*INSTANT_TICKS_PER_SECOND)

static struct token_notice notice(struct kit *kit, const struct token *token,
                                  enum token_notice_kind kind) {
    struct token_notice notice = {.token_id = token->id, .kind = kind};
    struct store_command command = kit_command(kit, STORE_TOKEN_NOTICE);
    command.token_notice.notices = &notice;
    command.token_notice.count = 1;
    assert_ok(kit_run(kit, &command));
    return notice;
}

static bool is_told(struct kit *kit, const struct token *token, enum token_notice_kind kind) {
    return notice(kit, token, kind).is_given;
}

/* The tenant's events, the newest first. */
static const struct audit_record *list(struct kit *kit) {
    struct store_query query = kit_query(kit, STORE_AUDIT_LIST);
    query.audit_list.listing = &kit_first_ten;
    assert_ok(kit_ask(kit, &query));
    return query.audit_list.results;
}

static void a_warning_is_given_once_and_says_of_what(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct token token = kit_create_token(kit, &profile, 90 * DAY, 0);
    kit->now += SECONDS(83 * DAY);
    struct token_notice given = notice(kit, &token, TOKEN_NOTICE_EXPIRING);
    assert_true(given.is_given);
    assert_false(given.was_warned);
    assert_true(guid_equals(&given.tenant, &kit->tenant));
    assert_true(guid_equals(&given.profile_id, &profile.id));
    assert_slice(given.profile_name, "Kiosk");
    assert_int_equal(given.expires, token.expires);
    const struct audit_record *event = list(kit);
    assert_int_equal(event->activity, AUDIT_TOKEN_EXPIRING);
    assert_int_equal(event->actor.kind, AUDIT_ACTOR_SYSTEM);
    assert_int_equal(event->actor.name.length, 0);
    assert_true(guid_equals(&event->target, &profile.id));
    assert_int_equal(event->target_set, profile.set);
    assert_slice(event->details, "{\"tokenExpirationDateTime\":\"2024-10-05T00:00:00Z\"}");
    assert_false(is_told(kit, &token, TOKEN_NOTICE_EXPIRING));
}

static void the_profile_of_either_set_is_told_with_its_set(void **state) {
    struct kit *kit = *state;
    struct store_command command = kit_command(kit, STORE_PROFILE_CREATE);
    command.profile_create.set = PROFILE_SET_ANDROID_DEVICE_OWNER;
    command.profile_create.id = kit_make_guid(kit);
    command.profile_create.changes.has_display_name = true;
    command.profile_create.changes.display_name = SLICE("Owned");
    assert_ok(kit_run(kit, &command));
    struct profile profile = command.profile_create.result;
    struct token token = kit_create_token(kit, &profile, 60, 0);
    assert_true(is_told(kit, &token, TOKEN_NOTICE_EXPIRING));
    assert_int_equal(list(kit)->target_set, PROFILE_SET_ANDROID_DEVICE_OWNER);
    kit->now += SECONDS(60);
    (void)kit_create_token(kit, &profile, 60, 0);
    assert_int_equal(list(kit)[1].activity, AUDIT_TOKEN_EXPIRED);
    assert_int_equal(list(kit)[1].target_set, PROFILE_SET_ANDROID_DEVICE_OWNER);
}

static void an_expiry_is_told_once_and_not_before_it_is_true(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct token token = kit_create_token(kit, &profile, 60, 0);
    kit->now += SECONDS(60) - 1;
    assert_false(is_told(kit, &token, TOKEN_NOTICE_EXPIRED));
    kit->now += 1;
    assert_false(is_told(kit, &token, TOKEN_NOTICE_EXPIRING));
    assert_true(is_told(kit, &token, TOKEN_NOTICE_EXPIRED));
    assert_int_equal(list(kit)->activity, AUDIT_TOKEN_EXPIRED);
    assert_false(is_told(kit, &token, TOKEN_NOTICE_EXPIRED));
}

static void what_was_told_is_known_after_a_restart(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct token token = kit_create_token(kit, &profile, 60, 0);
    assert_true(is_told(kit, &token, TOKEN_NOTICE_EXPIRING));
    kit_close(kit);
    kit_open(kit);
    assert_false(is_told(kit, &token, TOKEN_NOTICE_EXPIRING));
    kit->now += SECONDS(60);
    struct token_notice expired = notice(kit, &token, TOKEN_NOTICE_EXPIRED);
    assert_true(expired.is_given);
    assert_true(expired.was_warned);
    kit_close(kit);
    kit_open(kit);
    assert_false(is_told(kit, &token, TOKEN_NOTICE_EXPIRED));
}

static void what_was_told_of_a_token_is_not_told_again_by_who_replaces_or_revokes_it(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct token token = kit_create_token(kit, &profile, 60, 0);
    kit->now += SECONDS(60);
    assert_true(is_told(kit, &token, TOKEN_NOTICE_EXPIRED));
    token = kit_create_token(kit, &profile, 60, 0);
    assert_int_equal(list(kit)[0].activity, AUDIT_TOKEN_CREATED);
    assert_int_equal(list(kit)[1].activity, AUDIT_TOKEN_EXPIRED);
    assert_int_equal(list(kit)[2].activity, AUDIT_TOKEN_CREATED);
    kit->now += SECONDS(60);
    assert_true(is_told(kit, &token, TOKEN_NOTICE_EXPIRED));
    kit_revoke(kit, &profile);
    assert_int_equal(list(kit)[0].activity, AUDIT_TOKEN_REVOKED);
    assert_int_equal(list(kit)[1].activity, AUDIT_TOKEN_EXPIRED);
    assert_int_equal(list(kit)[2].activity, AUDIT_TOKEN_CREATED);
}

static void a_token_that_was_replaced_or_revoked_does_not_expire(void **state) {
    struct kit *kit = *state;
    struct profile replaced = kit_create_profile(kit, "Replaced");
    struct profile overlapping = kit_create_profile(kit, "Overlapping");
    struct profile revoked = kit_create_profile(kit, "Revoked");
    const struct token tokens[] = {
        kit_create_token(kit, &replaced, 60, 0),
        kit_create_token(kit, &overlapping, 60, 0),
        kit_create_token(kit, &revoked, 60, 0),
    };
    (void)kit_create_token(kit, &replaced, 3600, 0);
    (void)kit_create_token(kit, &overlapping, 3600, 600);
    kit_revoke(kit, &revoked);
    for (size_t i = 0; i < COUNT_OF(tokens); i++)
        assert_false(is_told(kit, &tokens[i], TOKEN_NOTICE_EXPIRING));
    kit->now += SECONDS(60);
    for (size_t i = 0; i < COUNT_OF(tokens); i++)
        assert_false(is_told(kit, &tokens[i], TOKEN_NOTICE_EXPIRED));
}

static void a_token_whose_profile_is_gone_does_not_expire(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct token token = kit_create_token(kit, &profile, 60, 0);
    struct store_command command = kit_command(kit, STORE_PROFILE_DELETE);
    command.profile_delete.set = profile.set;
    command.profile_delete.id = profile.id;
    assert_ok(kit_run(kit, &command));
    kit->now += SECONDS(60);
    assert_false(is_told(kit, &token, TOKEN_NOTICE_EXPIRED));
    struct token unknown = {.id = 4711};
    assert_false(is_told(kit, &unknown, TOKEN_NOTICE_EXPIRED));
}

static void a_creation_says_whether_a_live_token_was_replaced(void **state) {
    struct kit *kit = *state;
    static const char replaced[] = "\"replacedTokens\":1";
    struct profile profile = kit_create_profile(kit, "Kiosk");
    (void)kit_create_token(kit, &profile, 60, 0);
    assert_null(strstr(list(kit)->details.data, replaced));
    (void)kit_create_token(kit, &profile, 60, 0);
    assert_non_null(strstr(list(kit)->details.data, replaced));
    kit_revoke(kit, &profile);
    assert_slice(list(kit)->details, "{\"revokedTokens\":1}");
    (void)kit_create_token(kit, &profile, 60, 0);
    assert_null(strstr(list(kit)->details.data, replaced));
    kit->now += SECONDS(60);
    (void)kit_create_token(kit, &profile, 60, 0);
    assert_null(strstr(list(kit)->details.data, replaced));
}

static void an_expiry_that_nobody_told_of_is_told_by_whoever_comes_first(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct token token = kit_create_token(kit, &profile, 60, 0);
    kit->now += SECONDS(60);
    (void)kit_create_token(kit, &profile, 60, 0);
    const struct audit_record *events = list(kit);
    assert_int_equal(events[0].activity, AUDIT_TOKEN_CREATED);
    assert_int_equal(events[1].activity, AUDIT_TOKEN_EXPIRED);
    assert_int_equal(events[1].actor.kind, AUDIT_ACTOR_SYSTEM);
    assert_false(is_told(kit, &token, TOKEN_NOTICE_EXPIRED));
    kit->now += SECONDS(60);
    kit_revoke(kit, &profile);
    events = list(kit);
    assert_int_equal(events[0].activity, AUDIT_TOKEN_REVOKED);
    assert_slice(events[0].details, "{\"revokedTokens\":0}");
    assert_int_equal(events[1].activity, AUDIT_TOKEN_EXPIRED);
    kit_revoke(kit, &profile);
    assert_int_equal(list(kit)[1].activity, AUDIT_TOKEN_REVOKED);
}

static struct store_query list_new(struct kit *kit, int64_t after, instant until) {
    struct store_query query = kit_query(kit, STORE_TOKEN_LIST_NEW);
    query.token_list_new.after = after;
    query.token_list_new.until = until;
    query.token_list_new.warning_seconds = WARNING;
    assert_ok(kit_ask(kit, &query));
    return query;
}

static void new_tokens_are_listed_if_something_becomes_of_them_soon(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    assert_int_equal(list_new(kit, 0, kit->now).token_list_new.newest, 0);
    struct token soon = kit_create_token(kit, &profile, 60, 0);
    (void)kit_create_token(kit, &profile, 90 * DAY, 0);
    (void)kit_create_token(kit, &profile, WARNING, 0);
    struct token warned = kit_create_token(kit, &profile, WARNING + 60, 0);
    struct store_query query = list_new(kit, 0, kit->now + SECONDS(61));
    assert_int_equal(query.token_list_new.count, 2);
    assert_int_equal(query.token_list_new.results[0].token_id, soon.id);
    assert_int_equal(query.token_list_new.results[0].expires, soon.expires);
    assert_int_equal(query.token_list_new.results[1].token_id, warned.id);
    assert_int_equal(query.token_list_new.results[1].created, kit->now);
    assert_int_equal(query.token_list_new.through, warned.id);
    assert_int_equal(query.token_list_new.newest, warned.id);
    assert_int_equal(list_new(kit, 0, kit->now + SECONDS(60)).token_list_new.count, 0);
    query = list_new(kit, warned.id, INSTANT_LAST);
    assert_int_equal(query.token_list_new.count, 0);
    assert_int_equal(query.token_list_new.through, warned.id);
}

static struct store_query list_current(struct kit *kit, instant until) {
    struct store_query query = kit_query(kit, STORE_TOKEN_LIST_CURRENT);
    query.token_list_current.until = until;
    query.token_list_current.warning_seconds = WARNING;
    assert_ok(kit_ask(kit, &query));
    assert_int_equal(query.token_list_current.through, query.token_list_current.newest);
    return query;
}

static void current_tokens_are_listed_while_something_is_to_be_told_of_them(void **state) {
    struct kit *kit = *state;
    struct profile profiles[4];
    for (size_t i = 0; i < COUNT_OF(profiles); i++)
        profiles[i] = kit_create_profile(kit, "Kiosk");
    (void)kit_create_token(kit, &profiles[0], 60, 0);
    struct token token = kit_create_token(kit, &profiles[0], 8 * DAY, 0);
    (void)kit_create_token(kit, &profiles[1], 8 * DAY, 0);
    kit_revoke(kit, &profiles[1]);
    (void)kit_create_token(kit, &profiles[2], 7 * DAY, 0);
    instant start = kit->now;
    assert_int_equal(list_current(kit, start + SECONDS(DAY)).token_list_current.count, 0);
    struct store_query query = list_current(kit, start + SECONDS(DAY) + 1);
    assert_int_equal(query.token_list_current.count, 1);
    assert_int_equal(query.token_list_current.results[0].token_id, token.id);
    assert_false(query.token_list_current.results[0].is_warned);
    assert_int_equal(query.token_list_current.warned, 0);
    kit->now += SECONDS(DAY);
    assert_true(is_told(kit, &token, TOKEN_NOTICE_EXPIRING));
    query = list_current(kit, start + SECONDS(DAY) + 1);
    assert_int_equal(query.token_list_current.count, 0);
    assert_int_equal(query.token_list_current.warned, 1);
    query = list_current(kit, INSTANT_LAST);
    assert_int_equal(query.token_list_current.count, 2);
    assert_true(query.token_list_current.results[0].is_warned);
    kit->now += SECONDS(7 * DAY);
    assert_true(is_told(kit, &token, TOKEN_NOTICE_EXPIRED));
    query = list_current(kit, INSTANT_LAST);
    assert_int_equal(query.token_list_current.count, 1);
    assert_int_equal(query.token_list_current.warned, 0);
}

static void nobody_is_warned_of_a_token_that_is_used_up(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct store_command command = kit_command(kit, STORE_TOKEN_CREATE);
    command.token_create.set = profile.set;
    command.token_create.profile_id = profile.id;
    command.token_create.validity_seconds = 8 * DAY;
    command.token_create.max_enrollments = 1;
    command.token_create.wants_result = true;
    assert_ok(kit_run(kit, &command));
    instant until = kit->now + SECONDS(2 * DAY);
    assert_int_equal(list_current(kit, until).token_list_current.count, 1);
    assert_int_equal(kit_redeem(kit, &command.token_create.result.token, "S-1"), ENROLL_ACCEPTED);
    assert_int_equal(list_current(kit, until).token_list_current.count, 0);
    assert_int_equal(list_current(kit, INSTANT_LAST).token_list_current.count, 1);
    kit->now += SECONDS(DAY);
    assert_false(is_told(kit, &command.token_create.result.token, TOKEN_NOTICE_EXPIRING));
    kit->now += SECONDS(7 * DAY);
    assert_true(is_told(kit, &command.token_create.result.token, TOKEN_NOTICE_EXPIRED));
}

const struct conformance_case conformance_of_notices[] = {
    CONFORMANCE_CASE(a_warning_is_given_once_and_says_of_what),
    CONFORMANCE_CASE(the_profile_of_either_set_is_told_with_its_set),
    CONFORMANCE_CASE(an_expiry_is_told_once_and_not_before_it_is_true),
    CONFORMANCE_CASE(what_was_told_is_known_after_a_restart),
    CONFORMANCE_CASE(what_was_told_of_a_token_is_not_told_again_by_who_replaces_or_revokes_it),
    CONFORMANCE_CASE(a_token_that_was_replaced_or_revoked_does_not_expire),
    CONFORMANCE_CASE(a_token_whose_profile_is_gone_does_not_expire),
    CONFORMANCE_CASE(a_creation_says_whether_a_live_token_was_replaced),
    CONFORMANCE_CASE(an_expiry_that_nobody_told_of_is_told_by_whoever_comes_first),
    CONFORMANCE_CASE(new_tokens_are_listed_if_something_becomes_of_them_soon),
    CONFORMANCE_CASE(current_tokens_are_listed_while_something_is_to_be_told_of_them),
    CONFORMANCE_CASE(nobody_is_warned_of_a_token_that_is_used_up),
    {NULL, NULL},
};
