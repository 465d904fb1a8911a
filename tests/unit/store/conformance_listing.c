/* Filters, orders and pages: compared with a model that keeps everything in memory. */
#include <stdio.h>

#include "listing_model.h"
#include "store_conformance.h"

#define PROFILES 240
#define DEVICES 160
#define QUERIES 400

/* Names that differ in case only, hold what SQL's LIKE gives a meaning, quotes, letters beyond
 * ASCII, and more characters than an order looks at. */
static const char *const words[] = {
    "Kiosk",       "kiosk",
    "KIOSK lobby", "Über",
    "über",        "100% sure",
    "a_b",         "a\\b",
    "O'Neill",     "",
    " ",           "z",
    "Zürich",      "\xF0\x9F\x98\x80 smile",
    "a\"quote",    "Lager 12",
    "lager 2",     "ÄÖÜ",
    "ß",           "NULL",
    "-- drop",
};

static struct slice make_text(struct kit *kit, struct model_random *random) {
    const char *first = words[model_random_below(random, COUNT_OF(words))];
    const char *second = words[model_random_below(random, COUNT_OF(words))];
    if (model_random_below(random, 20) == 0)
        return arena_format(&kit->arena, "%0199d€%s", 7, second);
    return arena_format(&kit->arena, "%s%s", first, second);
}

static struct device_owner_changes make_owner(struct kit *kit, struct model_random *random) {
    struct device_owner_changes owner = {.given = (1U << DEVICE_OWNER_MEMBER_COUNT) - 1};
    union device_owner_value *values = owner.to.values;
    values[DEVICE_OWNER_ENROLLMENT_MODE].number = model_random_below(random, 5);
    values[DEVICE_OWNER_ENROLLMENT_TOKEN_TYPE].number = model_random_below(random, 3);
    values[DEVICE_OWNER_ROLE_SCOPE_TAG_IDS].text = SLICE("0\n1");
    values[DEVICE_OWNER_CONFIGURE_WIFI].number = model_random_below(random, 2);
    if (model_random_below(random, 3) > 0)
        values[DEVICE_OWNER_WIFI_SSID].text = make_text(kit, random);
    values[DEVICE_OWNER_WIFI_SECURITY_TYPE].number = model_random_below(random, 3);
    values[DEVICE_OWNER_WIFI_HIDDEN].number = model_random_below(random, 2);
    values[DEVICE_OWNER_IS_TEAMS_DEVICE_PROFILE].number = model_random_below(random, 2);
    return owner;
}

static struct profile make_profile(struct kit *kit, struct model_random *random) {
    struct store_command command = kit_command(kit, STORE_PROFILE_CREATE);
    command.profile_create.set = kit->set;
    command.profile_create.id = kit_make_guid(kit);
    command.profile_create.changes = (struct profile_changes){
        .has_display_name = true,
        .display_name = make_text(kit, random),
        .has_description = true,
        .description =
            model_random_below(random, 3) == 0 ? (struct slice){0} : make_text(kit, random),
    };
    if (kit->set == PROFILE_SET_ANDROID_DEVICE_OWNER)
        command.profile_create.changes.owner = make_owner(kit, random);
    assert_ok(kit_run(kit, &command));
    struct profile profile = command.profile_create.result;
    uint32_t tokens = model_random_below(random, 4);
    for (uint32_t i = 0; i < tokens; i++)
        (void)kit_create_token(kit, &profile, 10 + (int32_t)model_random_below(random, 5), 0);
    kit->now += model_random_below(random, 2) * INSTANT_TICKS_PER_SECOND;
    if (model_random_below(random, 5) == 0)
        kit_revoke(kit, &profile);
    return kit_get_profile(kit, &profile.id);
}

static void make_profiles(struct kit *kit, struct model_random *random,
                          struct model_record *records) {
    struct profile *profiles = arena_allocate(&kit->arena, PROFILES * sizeof *profiles);
    for (size_t i = 0; i < PROFILES; i++)
        profiles[i] = make_profile(kit, random);
    struct guid tenant = kit->tenant;
    kit->tenant = kit_make_guid(kit);
    kit_add_tenant(kit, &kit->tenant, true);
    (void)make_profile(kit, random);
    kit->tenant = tenant;
    for (size_t i = 0; i < PROFILES; i++)
        records[i] = model_from_profile(&profiles[i]);
}

static struct slice maybe(struct kit *kit, struct model_random *random) {
    return model_random_below(random, 3) == 0
               ? (struct slice){0}
               : arena_format(&kit->arena, "x%s",
                              words[model_random_below(random, COUNT_OF(words))]);
}

static void make_devices(struct kit *kit, struct model_random *random,
                         struct model_record *records) {
    struct device *devices = arena_allocate(&kit->arena, DEVICES * sizeof *devices);
    struct profile profiles[2] = {kit_create_profile(kit, "Kiosk"),
                                  kit_create_profile(kit, "Hall")};
    struct token tokens[2] = {kit_create_token(kit, &profiles[0], 3600, 0),
                              kit_create_token(kit, &profiles[1], 3600, 0)};
    for (size_t i = 0; i < DEVICES; i++) {
        struct store_command command = kit_command(kit, STORE_DEVICE_ENROLL);
        const struct token *token = &tokens[model_random_below(random, 2)];
        command.device_enroll.token_id = token->id;
        memcpy(command.device_enroll.token_nonce, token->nonce, TOKEN_NONCE_SIZE);
        command.device_enroll.device_id = kit_make_guid(kit);
        command.device_enroll.description = (struct device_description){
            .serial_number =
                arena_format(&kit->arena, "s-%u-%zu", model_random_below(random, 9), i),
            .imei = maybe(kit, random),
            .manufacturer = maybe(kit, random),
            .model = maybe(kit, random),
            .os_version = maybe(kit, random),
        };
        assert_ok(kit_run(kit, &command));
        assert_int_equal(command.device_enroll.refusal, ENROLL_ACCEPTED);
        kit->now += model_random_below(random, 2);
        if (model_random_below(random, 4) == 0) {
            struct store_command retire = kit_command(kit, STORE_DEVICE_RETIRE);
            retire.device_retire.id = command.device_enroll.result.id;
            assert_ok(kit_run(kit, &retire));
        }
        devices[i] = kit_get_device(kit, &command.device_enroll.result.id);
    }
    for (size_t i = 0; i < DEVICES; i++)
        records[i] = model_from_device(&devices[i]);
}

/* One page: the rows of it, and its end. */
typedef size_t read_page(struct kit *kit, const struct listing *listing, int64_t *rows,
                         struct listing_end *end);

static size_t read_profiles(struct kit *kit, const struct listing *listing, int64_t *rows,
                            struct listing_end *end) {
    struct store_query query = kit_query(kit, STORE_PROFILE_LIST);
    query.profile_list.set = kit->set;
    query.profile_list.listing = listing;
    assert_ok(kit_ask(kit, &query));
    for (size_t i = 0; i < query.profile_list.count; i++)
        rows[i] = query.profile_list.results[i].row;
    *end = query.profile_list.end;
    return query.profile_list.count;
}

static size_t read_devices(struct kit *kit, const struct listing *listing, int64_t *rows,
                           struct listing_end *end) {
    struct store_query query = kit_query(kit, STORE_DEVICE_LIST);
    query.device_list.listing = listing;
    assert_ok(kit_ask(kit, &query));
    for (size_t i = 0; i < query.device_list.count; i++)
        rows[i] = query.device_list.results[i].row;
    *end = query.device_list.end;
    return query.device_list.count;
}

static size_t read_events(struct kit *kit, const struct listing *listing, int64_t *rows,
                          struct listing_end *end) {
    struct store_query query = kit_query(kit, STORE_AUDIT_LIST);
    query.audit_list.listing = listing;
    assert_ok(kit_ask(kit, &query));
    for (size_t i = 0; i < query.audit_list.count; i++)
        rows[i] = query.audit_list.results[i].row;
    *end = query.audit_list.end;
    return query.audit_list.count;
}

/* Walks through all pages. Returns how many records there were, all in the expected order. */
static void compare_pages(struct kit *kit, struct listing *listing, read_page *read,
                          const struct model_record *expected, size_t expected_count,
                          size_t query_number) {
    int64_t rows[1000];
    struct listing_end end;
    size_t seen = listing->skip < expected_count ? listing->skip : expected_count;
    do {
        size_t count = read(kit, listing, rows, &end);
        if (listing->wants_total)
            assert_int_equal(end.total, expected_count);
        for (size_t i = 0; i < count; i++, seen++) {
            if (seen >= expected_count || rows[i] != expected[seen].row)
                fail_msg("query %zu: record %zu is row %lld", query_number, seen,
                         (long long)rows[i]);
        }
        if (end.has_more)
            assert_int_equal(count, listing->limit);
        listing->skip = 0;
        listing->has_after = true;
        listing->after = end.position;
    } while (end.has_more);
    if (seen != expected_count)
        fail_msg("query %zu: %zu records instead of %zu", query_number, seen, expected_count);
}

static void compare_with_model(struct kit *kit, const struct model_kind *kind, read_page *read,
                               const struct model_record *records, size_t count,
                               struct model_random *random) {
    struct model_record *expected = arena_allocate(&kit->arena, count * sizeof *expected);
    size_t partial = 0;
    for (size_t i = 0; i < QUERIES; i++) {
        struct arena arena = {0};
        struct listing listing = {
            .filter = model_random_below(random, 8) == 0
                          ? NULL
                          : model_make_filter(kind, &arena, random, records, count,
                                              model_random_below(random, 5)),
            .limit = 1 + model_random_below(random, 60),
            .skip = model_random_below(random, 3) == 0 ? model_random_below(random, 30) : 0,
            .wants_total = model_random_below(random, 2) == 0,
        };
        model_make_orders(kind, random, &listing);
        memcpy(expected, records, count * sizeof *expected);
        size_t expected_count = model_list(kind, &listing, expected, count);
        partial += expected_count > 0 && expected_count < count ? 1 : 0;
        compare_pages(kit, &listing, read, expected, expected_count, i);
        arena_free(&arena);
    }
    /* Many conditions must tell some records from others, or little was tried. */
    assert_true(partial > QUERIES / 4);
}

static void any_filter_and_order_of_profiles_gives_what_the_model_gives(void **state) {
    struct kit *kit = *state;
    struct model_random random = {.state = 20240707};
    struct model_record *records = arena_allocate(&kit->arena, PROFILES * sizeof *records);
    make_profiles(kit, &random, records);
    compare_with_model(kit, &model_of_profiles, read_profiles, records, PROFILES, &random);
}

static void any_filter_and_order_of_owner_profiles_gives_what_the_model_gives(void **state) {
    struct kit *kit = *state;
    kit->set = PROFILE_SET_ANDROID_DEVICE_OWNER;
    struct model_random random = {.state = 20261124};
    struct model_record *records = arena_allocate(&kit->arena, PROFILES * sizeof *records);
    make_profiles(kit, &random, records);
    compare_with_model(kit, &model_of_owner_profiles, read_profiles, records, PROFILES, &random);
}

static void any_filter_and_order_of_devices_gives_what_the_model_gives(void **state) {
    struct kit *kit = *state;
    struct model_random random = {.state = 19700101};
    struct model_record *records = arena_allocate(&kit->arena, DEVICES * sizeof *records);
    make_devices(kit, &random, records);
    compare_with_model(kit, &model_of_devices, read_devices, records, DEVICES, &random);
}

/* What making profiles and devices left in the audit, and a few refusals of known correlation. */
static size_t read_all_events(struct kit *kit, struct model_random *random,
                              struct model_record *records) {
    for (int i = 0; i < 40; i++) {
        struct store_command command = kit_command(kit, STORE_AUDIT_APPEND);
        command.audit_append.activity = AUDIT_CALL_REFUSED;
        command.actor.correlation = kit_make_guid(kit);
        kit->now -= model_random_below(random, 2) * INSTANT_TICKS_PER_SECOND;
        assert_ok(kit_run(kit, &command));
    }
    struct listing listing = {.limit = 999};
    struct store_query query = kit_query(kit, STORE_AUDIT_LIST);
    query.audit_list.listing = &listing;
    assert_ok(kit_ask(kit, &query));
    assert_false(query.audit_list.end.has_more);
    for (size_t i = 0; i < query.audit_list.count; i++)
        records[i] = model_from_event(&query.audit_list.results[i]);
    return query.audit_list.count;
}

static void any_filter_and_order_of_events_gives_what_the_model_gives(void **state) {
    struct kit *kit = *state;
    struct model_random random = {.state = 42};
    struct model_record *records = arena_allocate(&kit->arena, 1000 * sizeof *records);
    make_devices(kit, &random, records);
    size_t count = read_all_events(kit, &random, records);
    compare_with_model(kit, &model_of_events, read_events, records, count, &random);
}

static void delete_profile(struct kit *kit, const struct guid *id) {
    struct store_command command = kit_command(kit, STORE_PROFILE_DELETE);
    command.profile_delete.set = kit->set;
    command.profile_delete.id = *id;
    assert_ok(kit_run(kit, &command));
}

/* Between any two pages the last record of the page goes, and others come on both sides of it. */
static void profiles_that_come_and_go_neither_repeat_nor_hide_others(void **state) {
    struct kit *kit = *state;
    enum { STAYING = 60 };
    struct profile staying[STAYING];
    for (int i = 0; i < STAYING; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "%c stays %d", 'a' + i * 7 % 26, i);
        staying[i] = kit_create_profile(kit, name);
    }
    struct listing listing = {
        .orders = {{PROFILE_FIELD_DISPLAY_NAME, true}}, .order_count = 1, .limit = 7};
    size_t times_seen[STAYING] = {0};
    bool has_more = true;
    while (has_more) {
        struct store_query query = kit_query(kit, STORE_PROFILE_LIST);
        query.profile_list.set = kit->set;
        query.profile_list.listing = &listing;
        assert_ok(kit_ask(kit, &query));
        for (size_t i = 0; i < query.profile_list.count; i++) {
            for (size_t k = 0; k < STAYING; k++)
                times_seen[k] += query.profile_list.results[i].row == staying[k].row ? 1U : 0U;
        }
        has_more = query.profile_list.end.has_more;
        listing.has_after = true;
        listing.after = query.profile_list.end.position;
        if (!has_more)
            break;
        /* Of what has been seen, and what is still to come. */
        delete_profile(kit, &query.profile_list.results[query.profile_list.count - 1].id);
        (void)kit_create_profile(kit, "zz comes");
        (void)kit_create_profile(kit, "aa comes");
    }
    for (size_t k = 0; k < STAYING; k++)
        assert_int_equal(times_seen[k], 1);
}

static void a_position_without_an_order_is_a_row(void **state) {
    struct kit *kit = *state;
    struct profile first = kit_create_profile(kit, "A");
    struct profile second = kit_create_profile(kit, "B");
    struct listing listing = {.limit = 10, .has_after = true, .after = {.row = first.row}};
    int64_t rows[10];
    struct listing_end end;
    assert_int_equal(read_profiles(kit, &listing, rows, &end), 1);
    assert_int_equal(rows[0], second.row);
    assert_false(end.has_more);
    delete_profile(kit, &first.id);
    assert_int_equal(read_profiles(kit, &listing, rows, &end), 1);
}

static const struct filter *nest(struct arena *arena, const struct filter *inner,
                                 enum filter_kind kind, const struct filter *beside) {
    struct filter *filter = arena_allocate_zeroed(arena, sizeof *filter);
    filter->kind = kind;
    if (kind == FILTER_NOT || kind == FILTER_IS) {
        filter->single.operand = inner;
        filter->single.expected = true;
    } else {
        filter->pair.left = beside;
        filter->pair.right = inner;
    }
    return filter;
}

static const struct filter *chain(struct arena *arena, const struct filter *leaf, size_t count) {
    const struct filter *whole = leaf;
    for (size_t i = 1; i < count; i++) {
        struct filter *pair = arena_allocate_zeroed(arena, sizeof *pair);
        pair->kind = FILTER_OR;
        pair->pair.left = whole;
        pair->pair.right = leaf;
        whole = pair;
    }
    return whole;
}

/* An OR within an AND needs parentheses, an AND within an OR does not. */
static const struct {
    enum filter_kind kinds[4];
    size_t levels; /* that make up FILTER_DEPTH_AT_MOST */
} deepest[] = {
    {{FILTER_NOT, FILTER_NOT, FILTER_NOT, FILTER_NOT}, FILTER_DEPTH_AT_MOST},
    {{FILTER_IS, FILTER_IS, FILTER_IS, FILTER_IS}, FILTER_DEPTH_AT_MOST},
    {{FILTER_OR, FILTER_AND, FILTER_OR, FILTER_AND}, 2 * FILTER_DEPTH_AT_MOST},
    {{FILTER_AND, FILTER_NOT, FILTER_OR, FILTER_NOT}, 2 * FILTER_DEPTH_AT_MOST},
    {{FILTER_OR, FILTER_IS, FILTER_AND, FILTER_NOT}, 2 * FILTER_DEPTH_AT_MOST},
    {{FILTER_AND, FILTER_AND, FILTER_AND, FILTER_AND}, FILTER_TERMS_AT_MOST - 1},
};

static void read_deepest(struct kit *kit, read_page *read, const struct filter *leaf) {
    int64_t rows[10];
    struct listing_end end;
    for (size_t i = 0; i < COUNT_OF(deepest); i++) {
        const struct filter *filter = leaf;
        for (size_t level = 0; level < deepest[i].levels; level++)
            filter = nest(&kit->arena, filter, deepest[i].kinds[level % 4], leaf);
        struct listing listing = {.filter = filter, .limit = 10};
        (void)read(kit, &listing, rows, &end);
        /* Beside larger ones, and within them. */
        for (size_t width = 40; width <= 160; width *= 2)
            filter = nest(&kit->arena, filter, width == 80 ? FILTER_OR : FILTER_AND,
                          chain(&kit->arena, leaf, width));
        listing.filter = filter;
        (void)read(kit, &listing, rows, &end);
    }
    struct listing listing = {.filter = chain(&kit->arena, leaf, FILTER_TERMS_AT_MOST),
                              .limit = 10};
    (void)read(kit, &listing, rows, &end);
}

/* The deepest and the longest conditions that a reader lets through, and more. */
static void the_largest_filters_are_understood(void **state) {
    struct kit *kit = *state;
    struct profile profile = kit_create_profile(kit, "Kiosk");
    struct filter leaf = {
        .kind = FILTER_MATCH,
        .match = {.field = PROFILE_FIELD_ID, .match = FILTER_ENDS_WITH, .text = SLICE("ee")}};
    read_deepest(kit, read_profiles, &leaf);
    struct listing listing = {.filter = chain(&kit->arena, &leaf, FILTER_TERMS_AT_MOST),
                              .limit = 10};
    for (unsigned i = 0; i < LISTING_ORDERS_AT_MOST; i++)
        listing.orders[i] = (struct listing_order){.field = i, .descending = i % 2 == 0};
    listing.order_count = LISTING_ORDERS_AT_MOST;
    int64_t rows[10];
    struct listing_end end;
    assert_int_equal(read_profiles(kit, &listing, rows, &end), 1);
    assert_int_equal(rows[0], profile.row);
    leaf.match.field = AUDIT_FIELD_CORRELATION;
    read_deepest(kit, read_events, &leaf);
    leaf.match.field = DEVICE_FIELD_REGISTRATION_STATE;
    read_deepest(kit, read_devices, &leaf);
}
_Static_assert(PROFILE_FIELD_ENROLLMENT_MODE >= LISTING_ORDERS_AT_MOST,
               "as many orders as there may be");

const struct conformance_case conformance_of_listings[] = {
    CONFORMANCE_CASE(any_filter_and_order_of_profiles_gives_what_the_model_gives),
    CONFORMANCE_CASE(any_filter_and_order_of_owner_profiles_gives_what_the_model_gives),
    CONFORMANCE_CASE(any_filter_and_order_of_devices_gives_what_the_model_gives),
    CONFORMANCE_CASE(any_filter_and_order_of_events_gives_what_the_model_gives),
    CONFORMANCE_CASE(profiles_that_come_and_go_neither_repeat_nor_hide_others),
    CONFORMANCE_CASE(a_position_without_an_order_is_a_row),
    CONFORMANCE_CASE(the_largest_filters_are_understood),
    {NULL, NULL},
};
