#include "store_conformance.h"

#define DAY_SECONDS (24 * 3600)
#define YEAR_SECONDS (365 * DAY_SECONDS)

static void wait_seconds(struct kit *kit, int64_t seconds) {
    kit->now = instant_add_seconds(kit->now, seconds);
}

static void a_new_token_is_the_profiles_current_one(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    wait_seconds(kit, 1);
    struct store_command command = kit_command(kit, STORE_TOKEN_CREATE);
    command.token_create.set = profile.set;
    command.token_create.profile_id = profile.id;
    command.token_create.validity_seconds = 6;
    command.token_create.max_enrollments = 7;
    memcpy(command.token_create.nonce, "nonce: 8", TOKEN_NONCE_SIZE);
    assert_ok(kit_run(kit, &command));

    struct profile found = kit_get_profile(kit, &profile.id);
    assert_true(found.token.id > 0);
    assert_memory_equal(found.token.nonce, "nonce: 8", TOKEN_NONCE_SIZE);
    assert_int_equal(found.token.created, kit->now);
    assert_int_equal(found.token.expires, kit->now + 6 * INSTANT_TICKS_PER_SECOND);
    assert_int_equal(found.token.end, TOKEN_NOT_ENDED);
    assert_int_equal(found.token.enrollments, 0);
    assert_int_equal(found.token.max_enrollments, 7);
    assert_int_equal(found.last_modified, kit->now);
    assert_int_equal(found.created, profile.created);
}

static void the_result_is_the_profile_after_the_change(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct store_command command = kit_command(kit, STORE_TOKEN_CREATE);
    command.token_create.set = profile.set;
    command.token_create.profile_id = profile.id;
    command.token_create.validity_seconds = 6;
    command.token_create.wants_result = true;
    assert_ok(kit_run(kit, &command));
    assert_slice(command.token_create.result.display_name, "Kiosk");
    assert_int_equal(command.token_create.result.token.id,
                     kit_get_profile(kit, &profile.id).token.id);
}

static void a_token_expires_to_the_tick(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token token = kit_create_token(kit, &profile, 6, 0);
    kit->now = token.expires - 1;
    assert_int_equal(kit_redeem(kit, &token, "S-1"), ENROLL_ACCEPTED);
    kit->now = token.expires;
    assert_int_equal(kit_redeem(kit, &token, "S-2"), ENROLL_TOKEN_EXPIRED);
}

static void a_replaced_token_is_refused_at_once(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token old = kit_create_token(kit, &profile, 3600, 0);
    struct token new = kit_create_token(kit, &profile, 3600, 0);
    assert_true(new.id > old.id);
    assert_int_equal(kit_redeem(kit, &old, "S-1"), ENROLL_TOKEN_REPLACED);
    assert_int_equal(kit_redeem(kit, &new, "S-1"), ENROLL_ACCEPTED);
}

static void a_replaced_token_lives_on_for_the_overlap(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token old = kit_create_token(kit, &profile, 3600, 0);
    struct token new = kit_create_token(kit, &profile, 3600, 60);
    wait_seconds(kit, 59);
    assert_int_equal(kit_redeem(kit, &old, "S-1"), ENROLL_ACCEPTED);
    assert_int_equal(kit_redeem(kit, &new, "S-2"), ENROLL_ACCEPTED);
    wait_seconds(kit, 1);
    assert_int_equal(kit_redeem(kit, &old, "S-3"), ENROLL_TOKEN_REPLACED);
    assert_int_equal(kit_redeem(kit, &new, "S-3"), ENROLL_ACCEPTED);
}

static void the_overlap_does_not_prolong_a_token(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token old = kit_create_token(kit, &profile, 10, 0);
    (void)kit_create_token(kit, &profile, 3600, 60);
    wait_seconds(kit, 10);
    assert_int_equal(kit_redeem(kit, &old, "S-1"), ENROLL_TOKEN_EXPIRED);
}

static void an_older_token_keeps_its_own_end(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token first = kit_create_token(kit, &profile, 3600, 0);
    struct token second = kit_create_token(kit, &profile, 3600, 60);
    wait_seconds(kit, 30);
    (void)kit_create_token(kit, &profile, 3600, 0);
    assert_int_equal(kit_redeem(kit, &second, "S-1"), ENROLL_TOKEN_REPLACED);
    wait_seconds(kit, 29);
    assert_int_equal(kit_redeem(kit, &first, "S-1"), ENROLL_ACCEPTED);
    wait_seconds(kit, 1);
    assert_int_equal(kit_redeem(kit, &first, "S-1"), ENROLL_TOKEN_REPLACED);
}

static void revocation_ends_the_current_token_at_once(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token token = kit_create_token(kit, &profile, 3600, 0);
    wait_seconds(kit, 5);
    kit_revoke(kit, &profile);
    assert_int_equal(kit_redeem(kit, &token, "S-1"), ENROLL_TOKEN_REVOKED);
    struct profile found = kit_get_profile(kit, &profile.id);
    assert_int_equal(found.token.id, token.id);
    assert_int_equal(found.token.end, TOKEN_REVOKED);
    assert_int_equal(found.token.ended, kit->now);
    assert_int_equal(found.token.expires, token.expires);
    assert_int_equal(found.last_modified, kit->now);
}

static void revocation_ends_every_token_in_its_overlap(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token tokens[12];
    for (size_t i = 0; i < COUNT_OF(tokens); i++) {
        tokens[i] = kit_create_token(kit, &profile, 3600, 600);
        wait_seconds(kit, 1);
    }
    kit_revoke(kit, &profile);
    for (size_t i = 0; i < COUNT_OF(tokens); i++)
        assert_int_equal(kit_redeem(kit, &tokens[i], "S-1"), ENROLL_TOKEN_REVOKED);
}

/* The middle token dies of its short validity before the first one's overlap is over. */
static void a_dead_token_does_not_hide_an_older_live_one_from_revocation(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token first = kit_create_token(kit, &profile, YEAR_SECONDS, 0);
    (void)kit_create_token(kit, &profile, 1, 3600);
    wait_seconds(kit, 10);
    (void)kit_create_token(kit, &profile, 1, 0);
    wait_seconds(kit, 10);
    (void)kit_create_token(kit, &profile, 1, 3600);
    wait_seconds(kit, 10);
    assert_int_equal(kit_redeem(kit, &first, "S-1"), ENROLL_ACCEPTED);
    kit_revoke(kit, &profile);
    assert_int_equal(kit_redeem(kit, &first, "S-1"), ENROLL_TOKEN_REVOKED);
}

static void a_live_token_behind_one_that_was_replaced_at_once_is_revoked_as_well(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token first = kit_create_token(kit, &profile, YEAR_SECONDS, 0);
    (void)kit_create_token(kit, &profile, 3600, 3600);
    (void)kit_create_token(kit, &profile, 3600, 0);
    (void)kit_create_token(kit, &profile, 3600, 7200);
    kit_revoke(kit, &profile);
    assert_int_equal(kit_redeem(kit, &first, "S-1"), ENROLL_TOKEN_REVOKED);
}

/* Revoked while the clock was ahead, by which the token had expired already. */
static void a_revocation_holds_when_the_clock_is_put_right(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct token token = kit_create_token(kit, &profile, 3600, 0);
    instant right = kit->now;
    kit->now = instant_add_seconds(right, 7200);
    kit_revoke(kit, &profile);
    kit->now = right;
    assert_int_not_equal(kit_redeem(kit, &token, "late"), ENROLL_ACCEPTED);
}

static void so_does_that_of_one_replaced_with_an_overlap(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct token old = kit_create_token(kit, &profile, 3600, 0);
    (void)kit_create_token(kit, &profile, 3600, 600);
    instant right = kit->now;
    kit->now = instant_add_seconds(right, 7200);
    kit_revoke(kit, &profile);
    kit->now = right;
    assert_int_not_equal(kit_redeem(kit, &old, "late"), ENROLL_ACCEPTED);
}

/* While the clock was ahead, the first token looked dead for good when the third one was made. */
static void so_does_that_of_one_whose_overlap_had_ended_by_the_clock(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct token tokens[3];
    tokens[0] = kit_create_token(kit, &profile, YEAR_SECONDS, DAY_SECONDS);
    tokens[1] = kit_create_token(kit, &profile, YEAR_SECONDS, DAY_SECONDS);
    instant right = kit->now;
    wait_seconds(kit, 2 * DAY_SECONDS);
    tokens[2] = kit_create_token(kit, &profile, YEAR_SECONDS, DAY_SECONDS);
    kit->now = right;
    assert_int_equal(kit_redeem(kit, &tokens[0], "S-1"), ENROLL_ACCEPTED);
    kit_revoke(kit, &profile);
    for (size_t i = 0; i < COUNT_OF(tokens); i++)
        assert_int_equal(kit_redeem(kit, &tokens[i], "late"), ENROLL_TOKEN_REVOKED);
}

static void a_token_made_after_a_revocation_is_live(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct token old = kit_create_token(kit, &profile, 3600, 0);
    kit_revoke(kit, &profile);
    struct token first = kit_create_token(kit, &profile, 3600, 600);
    struct token second = kit_create_token(kit, &profile, 3600, 600);
    assert_int_equal(kit_redeem(kit, &old, "S-1"), ENROLL_TOKEN_REVOKED);
    assert_int_equal(kit_redeem(kit, &first, "S-1"), ENROLL_ACCEPTED);
    assert_int_equal(kit_redeem(kit, &second, "S-2"), ENROLL_ACCEPTED);
}

/* As long as it could have been redeemed, that is why it cannot. */
static void a_revoked_token_says_so_although_its_overlap_went_on_to_its_expiry(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct token old = kit_create_token(kit, &profile, 60, 0);
    (void)kit_create_token(kit, &profile, 3600, 600);
    kit_revoke(kit, &profile);
    kit->now = old.expires - 1;
    assert_int_equal(kit_redeem(kit, &old, "S-1"), ENROLL_TOKEN_REVOKED);
}

static struct slice newest_details(struct kit *kit) {
    struct store_query query = kit_query(kit, STORE_AUDIT_LIST);
    query.audit_list.listing = &kit_first_ten;
    assert_ok(kit_ask(kit, &query));
    assert_int_equal(query.audit_list.results[0].activity, AUDIT_TOKEN_REVOKED);
    return query.audit_list.results[0].details;
}

static void a_revocation_tells_how_many_tokens_were_live(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    (void)kit_create_token(kit, &profile, YEAR_SECONDS, 0);
    (void)kit_create_token(kit, &profile, YEAR_SECONDS, 60);
    (void)kit_create_token(kit, &profile, YEAR_SECONDS, 3600);
    wait_seconds(kit, 60);
    kit_revoke(kit, &profile);
    assert_slice(newest_details(kit), "{\"revokedTokens\":2}");
    kit_revoke(kit, &profile);
    assert_slice(newest_details(kit), "{\"revokedTokens\":0}");
    (void)kit_create_token(kit, &profile, YEAR_SECONDS, 3600);
    kit_revoke(kit, &profile);
    assert_slice(newest_details(kit), "{\"revokedTokens\":1}");
}

static void a_revocation_looks_at_so_many_tokens_only_and_ends_all(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct token tokens[STORE_REVOKED_TOKENS_COUNTED_AT_MOST + 20];
    for (size_t i = 0; i < COUNT_OF(tokens); i++)
        tokens[i] = kit_create_token(kit, &profile, YEAR_SECONDS, DAY_SECONDS);
    kit_revoke(kit, &profile);
    assert_slice(newest_details(kit), "{\"revokedTokens\":100}");
    for (size_t i = 0; i < COUNT_OF(tokens); i++)
        assert_int_equal(kit_redeem(kit, &tokens[i], "S-1"), ENROLL_TOKEN_REVOKED);
}

/* So many dead ones lie before it that it is not looked at. */
static void a_revocation_that_ends_something_tells_so(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct token oldest = kit_create_token(kit, &profile, YEAR_SECONDS, 0);
    for (size_t i = 0; i < STORE_REVOKED_TOKENS_COUNTED_AT_MOST + 20; i++)
        (void)kit_create_token(kit, &profile, 1, DAY_SECONDS);
    wait_seconds(kit, 60);
    assert_int_equal(kit_redeem(kit, &oldest, "S-1"), ENROLL_ACCEPTED);
    kit_revoke(kit, &profile);
    assert_slice(newest_details(kit), "{\"revokedTokens\":1}");
    assert_int_equal(kit_get_profile(kit, &profile.id).last_modified, kit->now);
    assert_int_equal(kit_redeem(kit, &oldest, "S-1"), ENROLL_TOKEN_REVOKED);
}

static void a_revoked_token_is_not_brought_back_by_an_overlap(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct token old = kit_create_token(kit, &profile, 3600, 0);
    kit_revoke(kit, &profile);
    (void)kit_create_token(kit, &profile, 3600, 600);
    assert_int_equal(kit_redeem(kit, &old, "S-1"), ENROLL_TOKEN_REVOKED);
}

static void revoking_succeeds_when_there_is_nothing_to_end(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    kit_revoke(kit, &profile);
    struct token token = kit_create_token(kit, &profile, 1, 0);
    kit->now = token.expires;
    kit_revoke(kit, &profile);
    assert_int_equal(kit_redeem(kit, &token, "S-1"), ENROLL_TOKEN_EXPIRED);
    assert_int_equal(kit_get_profile(kit, &profile.id).last_modified, token.created);
}

static void one_profiles_tokens_do_not_touch_anothers(void **state) {
    struct kit *kit = *state;
    struct profile a = kit_create_profile(kit, "A");
    struct profile b = kit_create_profile(kit, "B");
    struct token of_a = kit_create_token(kit, &a, 3600, 0);
    struct token of_b = kit_create_token(kit, &b, 3600, 0);
    (void)kit_create_token(kit, &b, 3600, 0);
    kit_revoke(kit, &b);
    assert_int_equal(kit_redeem(kit, &of_a, "S-1"), ENROLL_ACCEPTED);
    assert_int_equal(kit_redeem(kit, &of_b, "S-2"), ENROLL_TOKEN_REPLACED);
}

static void the_end_of_time_is_not_overrun(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    kit->now = INSTANT_LAST - INSTANT_TICKS_PER_SECOND;
    struct token old = kit_create_token(kit, &profile, INT32_MAX, INT32_MAX);
    assert_int_equal(old.expires, INSTANT_LAST);
    struct token new = kit_create_token(kit, &profile, INT32_MAX, INT32_MAX);
    assert_int_equal(new.expires, INSTANT_LAST);
    assert_int_equal(kit_redeem(kit, &old, "S-1"), ENROLL_ACCEPTED);
    assert_int_equal(kit_redeem(kit, &new, "S-2"), ENROLL_ACCEPTED);
    kit->now = INSTANT_LAST;
    assert_int_equal(kit_redeem(kit, &new, "S-3"), ENROLL_TOKEN_EXPIRED);
}

const struct conformance_case conformance_of_tokens[] = {
    CONFORMANCE_CASE(a_new_token_is_the_profiles_current_one),
    CONFORMANCE_CASE(the_result_is_the_profile_after_the_change),
    CONFORMANCE_CASE(a_token_expires_to_the_tick),
    CONFORMANCE_CASE(a_replaced_token_is_refused_at_once),
    CONFORMANCE_CASE(a_replaced_token_lives_on_for_the_overlap),
    CONFORMANCE_CASE(the_overlap_does_not_prolong_a_token),
    CONFORMANCE_CASE(an_older_token_keeps_its_own_end),
    CONFORMANCE_CASE(revocation_ends_the_current_token_at_once),
    CONFORMANCE_CASE(revocation_ends_every_token_in_its_overlap),
    CONFORMANCE_CASE(a_dead_token_does_not_hide_an_older_live_one_from_revocation),
    CONFORMANCE_CASE(a_live_token_behind_one_that_was_replaced_at_once_is_revoked_as_well),
    CONFORMANCE_CASE(a_revocation_holds_when_the_clock_is_put_right),
    CONFORMANCE_CASE(so_does_that_of_one_replaced_with_an_overlap),
    CONFORMANCE_CASE(so_does_that_of_one_whose_overlap_had_ended_by_the_clock),
    CONFORMANCE_CASE(a_token_made_after_a_revocation_is_live),
    CONFORMANCE_CASE(a_revoked_token_says_so_although_its_overlap_went_on_to_its_expiry),
    CONFORMANCE_CASE(a_revocation_tells_how_many_tokens_were_live),
    CONFORMANCE_CASE(a_revocation_looks_at_so_many_tokens_only_and_ends_all),
    CONFORMANCE_CASE(a_revocation_that_ends_something_tells_so),
    CONFORMANCE_CASE(a_revoked_token_is_not_brought_back_by_an_overlap),
    CONFORMANCE_CASE(revoking_succeeds_when_there_is_nothing_to_end),
    CONFORMANCE_CASE(one_profiles_tokens_do_not_touch_anothers),
    CONFORMANCE_CASE(the_end_of_time_is_not_overrun),
    {NULL, NULL},
};
