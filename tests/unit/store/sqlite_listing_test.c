/* What bounds the cost of lists in SQLite; what they give is in conformance_listing.c. */
#include <stdlib.h>

#include "sqlite_place.h"
#include "store/sqlite/sqlite_store.h"

#define PROFILES 300

static const struct filter matches_nothing = {
    .kind = FILTER_MATCH,
    .match = {.field = PROFILE_FIELD_DISPLAY_NAME,
              .match = FILTER_CONTAINS,
              .text = {"nothing like it", sizeof "nothing like it" - 1}},
};

static void reopen_with_steps(struct kit *kit, int steps) {
    const struct sqlite_place *place = (const struct sqlite_place *)(void *)kit->engine;
    const struct sqlite_store_options options = {.path = place->path,
                                                 .loops = KIT_LOOPS,
                                                 .completions = &kit->completions,
                                                 .listing_steps_at_most = steps};
    kit_close(kit);
    assert_ok(sqlite_store_open(&options, &kit->store));
}

static struct error list(struct kit *kit, const struct listing *listing, size_t *count) {
    struct store_query query = kit_query(kit, STORE_PROFILE_LIST);
    query.profile_list.set = PROFILE_SET_ANDROID_FOR_WORK;
    query.profile_list.listing = listing;
    struct error error = kit_ask(kit, &query);
    *count = query.profile_list.count;
    return error;
}

/* A few steps for each record, and nothing for those that are not on the page. */
#define STEPS_FOR_TEN 1000
#define STEPS_FOR_ALL (PROFILES * 200)

static void a_page_costs_what_is_on_it_and_not_what_there_is(void **state) {
    struct kit *kit = *state;
    struct profile profile = {0};
    for (int i = 0; i < PROFILES; i++)
        profile = kit_create_profile(kit, "Kiosk");
    reopen_with_steps(kit, STEPS_FOR_TEN);
    size_t count = 0;
    struct listing listing = {.limit = 10};
    assert_ok(list(kit, &listing, &count));
    assert_int_equal(count, 10);
    listing.has_after = true;
    listing.after.row = profile.row - 1;
    assert_ok(list(kit, &listing, &count));
    assert_int_equal(count, 1);
    const struct filter by_id = {
        .kind = FILTER_COMPARE,
        .compare = {.field = PROFILE_FIELD_ID,
                    .comparison = FILTER_EQUAL,
                    .value = {.kind = FILTER_VALUE_GUID, .guid = profile.id}}};
    const struct listing one = {.filter = &by_id, .limit = 10, .wants_total = true};
    assert_ok(list(kit, &one, &count));
    assert_int_equal(count, 1);
}

static void a_listing_that_takes_too_many_steps_is_refused_and_the_next_one_is_not(void **state) {
    struct kit *kit = *state;
    for (int i = 0; i < PROFILES; i++)
        (void)kit_create_profile(kit, "Kiosk");
    const struct listing costly[] = {
        {.filter = &matches_nothing, .limit = 10},
        {.orders = {{PROFILE_FIELD_DISPLAY_NAME, false}}, .order_count = 1, .limit = 10},
        {.skip = 250, .limit = 10},
        {.wants_total = true, .limit = 10},
    };
    const struct listing cheap = {.limit = 10};
    size_t count = 0;
    reopen_with_steps(kit, STEPS_FOR_TEN);
    for (size_t i = 0; i < COUNT_OF(costly); i++) {
        assert_error(list(kit, &costly[i], &count), ERROR_INVALID);
        assert_ok(list(kit, &cheap, &count));
        assert_int_equal(count, 10);
        (void)kit_create_profile(kit, "Written in between");
    }
    reopen_with_steps(kit, STEPS_FOR_ALL);
    for (size_t i = 0; i < COUNT_OF(costly); i++)
        assert_ok(list(kit, &costly[i], &count));
}

/* Profiles of two tenants, with large gaps in between: one whose token is to be told of, and one of
 * which it was told that its token is about to expire, in turn. */
#define LOOKED_THROUGH 25000
static const char many_states[] =
    "INSERT INTO tenants (id, account_id, licensed, name, created) "
    "VALUES (1001, randomblob(16), 1, 'A', 1), (1005, randomblob(16), 1, 'B', 1);"
    "CREATE TEMP TABLE made AS "
    "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 25000) "
    "SELECT i, iif(i <= 12000, 1001, 1005) AS tenant, 1 + i % 2 AS part FROM n;"
    "INSERT INTO profiles (id, tenant_id, entity_set, guid, display_name, created) "
    "SELECT (tenant << 34) + (part << 32) + i, tenant, part, randomblob(16), 'Kiosk', 1 FROM made;"
    "INSERT INTO profile_states (profile_id, last_modified, version, enrolled_device_count, "
    "current_token_id, current_nonce, current_created, current_expires, current_told, "
    "current_enrollments, current_max_enrollments) "
    "SELECT (tenant << 34) + (part << 32) + i, 1, 1, 0, i, zeroblob(8), 1, 9, i % 2, 0, 0 "
    "FROM made";

static void current_tokens_are_looked_through_so_many_profiles_at_a_time(void **state) {
    struct kit *kit = *state;
    sqlite_place_execute((const struct sqlite_place *)(void *)kit->engine, many_states);
    size_t looks = 0;
    size_t found = 0;
    size_t warned = 0;
    int64_t sum = 0;
    struct store_query query = kit_query(kit, STORE_TOKEN_LIST_CURRENT);
    query.token_list_current.until = INSTANT_LAST;
    do {
        assert_ok(kit_ask(kit, &query));
        assert_true(query.token_list_current.count <= STORE_ROWS_FOLLOWED_AT_MOST);
        assert_true(query.token_list_current.through > query.token_list_current.after);
        for (size_t i = 0; i < query.token_list_current.count; i++)
            sum += query.token_list_current.results[i].token_id;
        found += query.token_list_current.count;
        warned += query.token_list_current.warned;
        query.token_list_current.after = query.token_list_current.through;
        looks++;
    } while (query.token_list_current.through < query.token_list_current.newest);
    assert_int_equal(looks, LOOKED_THROUGH / STORE_ROWS_FOLLOWED_AT_MOST + 1);
    assert_int_equal(found, LOOKED_THROUGH);
    assert_int_equal(warned, LOOKED_THROUGH / 2);
    assert_int_equal(sum, (int64_t)LOOKED_THROUGH * (LOOKED_THROUGH + 1) / 2);
}

int main(void) {
    struct sqlite_place place = sqlite_place_make();
    struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_page_costs_what_is_on_it_and_not_what_there_is,
                                        kit_set_up, kit_tear_down),
        cmocka_unit_test_setup_teardown(
            a_listing_that_takes_too_many_steps_is_refused_and_the_next_one_is_not, kit_set_up,
            kit_tear_down),
        cmocka_unit_test_setup_teardown(
            current_tokens_are_looked_through_so_many_profiles_at_a_time, kit_set_up,
            kit_tear_down),
    };
    for (size_t i = 0; i < COUNT_OF(tests); i++)
        tests[i].initial_state = &place.engine;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sqlite_place_remove(&place);
    return failed;
}
