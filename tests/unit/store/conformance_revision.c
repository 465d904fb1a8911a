/* That a profile's revision moves with all that a client sees of it, and that a change whose
 * condition does not hold changes nothing. */
#include "store_conformance.h"

static struct revision revision_of(struct kit *kit, const struct profile *profile) {
    struct profile found = kit_get_profile(kit, &profile->id);
    return profile_revision(&found);
}

static bool has_moved(struct kit *kit, const struct profile *profile, struct revision *last) {
    struct revision before = *last;
    *last = revision_of(kit, profile);
    return last->number > before.number;
}

static struct store_command rename_command(struct kit *kit, const struct profile *profile) {
    struct store_command command = kit_command(kit, STORE_PROFILE_UPDATE);
    command.profile_update.set = profile->set;
    command.profile_update.id = profile->id;
    command.profile_update.changes =
        (struct profile_changes){.has_display_name = true, .display_name = SLICE("Renamed")};
    return command;
}

static void the_revision_grows_with_every_change_that_a_client_sees(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    struct profile other = kit_create_profile(kit, "B");
    struct revision last = profile_revision(&profile);
    struct revision others = profile_revision(&other);
    struct token of_other = kit_create_token(kit, &other, 60, 0);
    assert_false(has_moved(kit, &profile, &last));
    struct store_command rename = rename_command(kit, &profile);
    assert_ok(kit_run(kit, &rename));
    assert_true(has_moved(kit, &profile, &last));
    struct token token = kit_create_token(kit, &profile, 60, 0);
    assert_true(has_moved(kit, &profile, &last));
    struct store_command enrollment = kit_enroll(kit, &token, "R58M1");
    assert_true(has_moved(kit, &profile, &last));
    (void)has_moved(kit, &other, &others);
    assert_int_equal(kit_redeem(kit, &of_other, "R58M1"), ENROLL_ACCEPTED);
    assert_true(has_moved(kit, &profile, &last));
    assert_true(has_moved(kit, &other, &others));
    /* A new token's own count, while the device stays with the profile. */
    of_other = kit_create_token(kit, &other, 60, 0);
    (void)has_moved(kit, &other, &others);
    assert_int_equal(kit_redeem(kit, &of_other, "R58M1"), ENROLL_ACCEPTED);
    assert_true(has_moved(kit, &other, &others));
    assert_int_equal(kit_redeem(kit, &of_other, "R58M1"), ENROLL_ACCEPTED);
    assert_false(has_moved(kit, &other, &others));
    struct store_command deletion = kit_command(kit, STORE_DEVICE_DELETE);
    deletion.device_delete.id = enrollment.device_enroll.result.id;
    assert_ok(kit_run(kit, &deletion));
    assert_true(has_moved(kit, &other, &others));
    kit_revoke(kit, &profile);
    assert_true(has_moved(kit, &profile, &last));
}

/* The writer may remember what the token before has made of the profile. */
static void a_token_counts_on_from_whatever_came_before_it(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    (void)kit_create_token(kit, &profile, 60, 0);
    struct store_command rename = rename_command(kit, &profile);
    assert_ok(kit_run(kit, &rename));
    struct token token = kit_create_token(kit, &profile, 60, 0);
    assert_int_equal(revision_of(kit, &profile).number, profile.version + 3);
    assert_int_equal(kit_redeem(kit, &token, "R58M1"), ENROLL_ACCEPTED);
    (void)kit_create_token(kit, &profile, 60, 0);
    assert_int_equal(revision_of(kit, &profile).number, profile.version + 5);
    kit_revoke(kit, &profile);
    (void)kit_create_token(kit, &profile, 60, 0);
    assert_int_equal(revision_of(kit, &profile).number, profile.version + 7);
}

static void what_is_handed_back_has_the_revision_that_is_read_next(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    assert_int_equal(profile_revision(&profile).number, revision_of(kit, &profile).number);
    kit->now += 5;
    struct store_command rename = rename_command(kit, &profile);
    assert_ok(kit_run(kit, &rename));
    struct revision handed = profile_revision(&rename.profile_update.result);
    assert_int_equal(handed.number, revision_of(kit, &profile).number);
    assert_int_equal(handed.last_modified, kit->now);
    struct store_query query = kit_query(kit, STORE_PROFILE_LIST);
    query.profile_list.set = profile.set;
    query.profile_list.listing = &kit_first_ten;
    assert_ok(kit_ask(kit, &query));
    assert_int_equal(profile_revision(&query.profile_list.results[0]).number, handed.number);
}

/* The four changes of a profile; the last one takes it away. */
static struct store_command make_change(struct kit *kit, size_t which,
                                        const struct profile *profile) {
    struct store_command command;
    switch (which) {
    case 0:
        return rename_command(kit, profile);
    case 1:
        command = kit_command(kit, STORE_TOKEN_CREATE);
        command.token_create.set = profile->set;
        command.token_create.profile_id = profile->id;
        command.token_create.validity_seconds = 60;
        return command;
    case 2:
        command = kit_command(kit, STORE_TOKEN_REVOKE);
        command.token_revoke.set = profile->set;
        command.token_revoke.profile_id = profile->id;
        return command;
    default:
        command = kit_command(kit, STORE_PROFILE_DELETE);
        command.profile_delete.set = profile->set;
        command.profile_delete.id = profile->id;
        return command;
    }
}
#define CHANGES 4

static struct error change_with(struct kit *kit, size_t which, const struct profile *profile,
                                const struct precondition *precondition) {
    struct store_command command = make_change(kit, which, profile);
    command.precondition = precondition;
    return kit_run(kit, &command);
}

static void a_change_of_a_revision_that_is_gone_is_refused_and_changes_nothing(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    const struct revision stale[] = {
        {.number = profile.version - 1, .last_modified = profile.last_modified},
        {.number = profile.version + 1, .last_modified = profile.last_modified},
        {.number = profile.version, .last_modified = profile.last_modified - 1},
    };
    const struct revision current = profile_revision(&profile);
    const struct precondition conditions[] = {
        {.one_of = {.is_given = true, .items = stale, .count = COUNT_OF(stale)}},
        {.one_of = {.is_given = true}},
        {.none_of = {.is_given = true, .is_any = true}},
        {.none_of = {.is_given = true, .items = &current, .count = 1}},
    };
    for (size_t i = 0; i < COUNT_OF(conditions); i++) {
        for (size_t j = 0; j < CHANGES; j++)
            assert_error(change_with(kit, j, &profile, &conditions[i]), ERROR_PRECONDITION_FAILED);
    }
    struct profile after = kit_get_profile(kit, &profile.id);
    assert_slice(after.display_name, "A");
    assert_int_equal(after.version, profile.version);
    assert_int_equal(after.token.id, 0);
}

static void a_change_of_a_revision_that_is_there_is_made(void **state) {
    struct kit *kit = *state;
    for (size_t i = 0; i < CHANGES; i++) {
        struct profile profile = kit_create_profile(kit, "A");
        struct token token = kit_create_token(kit, &profile, 60, 0);
        struct revision known[] = {{.number = 0}, revision_of(kit, &profile)};
        const struct precondition condition = {
            .one_of = {.is_given = true, .items = known, .count = COUNT_OF(known)},
            .none_of = {.is_given = true, .items = known, .count = 1},
        };
        assert_int_equal(kit_redeem(kit, &token, "R58M1"), ENROLL_ACCEPTED);
        assert_error(change_with(kit, i, &profile, &condition), ERROR_PRECONDITION_FAILED);
        known[1] = revision_of(kit, &profile);
        assert_ok(change_with(kit, i, &profile, &condition));
        const struct precondition any = {.one_of = {.is_given = true, .is_any = true}};
        assert_error(change_with(kit, i, &profile, &condition),
                     i + 1 == CHANGES ? ERROR_NOT_FOUND : ERROR_PRECONDITION_FAILED);
        if (i + 1 < CHANGES)
            assert_ok(change_with(kit, i, &profile, &any));
    }
}

/* Both are in one batch, and the second one must see what the first one did. */
static void of_two_changes_of_the_same_revision_one_is_made(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "A");
    const struct revision known = profile_revision(&profile);
    const struct precondition condition = {
        .one_of = {.is_given = true, .items = &known, .count = 1}};
    struct store_command both[2];
    for (size_t i = 0; i < COUNT_OF(both); i++) {
        both[i] = make_change(kit, i, &profile);
        both[i].precondition = &condition;
    }
    for (size_t i = 0; i < COUNT_OF(both); i++)
        kit_submit(kit, &both[i]);
    kit_take(kit, both[0].loop, COUNT_OF(both));
    assert_ok(both[0].error);
    assert_error(both[1].error, ERROR_PRECONDITION_FAILED);
}

const struct conformance_case conformance_of_revisions[] = {
    CONFORMANCE_CASE(the_revision_grows_with_every_change_that_a_client_sees),
    CONFORMANCE_CASE(a_token_counts_on_from_whatever_came_before_it),
    CONFORMANCE_CASE(what_is_handed_back_has_the_revision_that_is_read_next),
    CONFORMANCE_CASE(a_change_of_a_revision_that_is_gone_is_refused_and_changes_nothing),
    CONFORMANCE_CASE(a_change_of_a_revision_that_is_there_is_made),
    CONFORMANCE_CASE(of_two_changes_of_the_same_revision_one_is_made),
    {NULL, NULL},
};
