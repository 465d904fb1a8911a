/* What bounds a listing's cost in SQLite; what it gives is in conformance_listing.c. */
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

int main(void) {
    struct sqlite_place place = sqlite_place_make();
    struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_page_costs_what_is_on_it_and_not_what_there_is,
                                        kit_set_up, kit_tear_down),
        cmocka_unit_test_setup_teardown(
            a_listing_that_takes_too_many_steps_is_refused_and_the_next_one_is_not, kit_set_up,
            kit_tear_down),
    };
    for (size_t i = 0; i < COUNT_OF(tests); i++)
        tests[i].initial_state = &place.engine;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sqlite_place_remove(&place);
    return failed;
}
