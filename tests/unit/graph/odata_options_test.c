/* All options of an address together: names, scopes, repetition, encoding, page sizes and what the
 * next page's link keeps (rules G25 to G28 of the Graph dialect). */
#include "graph/odata_options.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "graph/odata_skiptoken.h"
#include "odata_kit.h"

static const struct odata_target collection = {ODATA_SCOPE_COLLECTION, &kit_type, "set", 0};
static const struct odata_target entity = {ODATA_SCOPE_ENTITY, &kit_type, "set", 0};
static const struct odata_target number = {ODATA_SCOPE_COUNT, &kit_type, "set", 0};
static const struct odata_target nothing = {ODATA_SCOPE_NOTHING, NULL, "set", 0};

static struct odata_options parsed(struct arena *arena, const struct odata_target *target,
                                   const char *query) {
    struct odata_options options;
    struct error error = odata_options_parse(arena, target, slice_from_string(query), &options);
    if (error_is_set(&error))
        fail_msg("%s: %s", query, error.message);
    return options;
}

static void options_have_their_sign_or_not_and_any_case(void **state) {
    (void)state;
    static const char *const same[] = {
        "$filter=name eq 'x'&$top=5&$skip=2&$count=true&$orderby=size desc&$select=id",
        "filter=name+eq+'x'&top=5&skip=2&count=true&orderby=size+desc&select=id",
        "%24filter=name%20eq%20%27x%27&$Top=5&$SKIP=2&$count=True&$orderBy=size%20desc&$select=id",
        "a=b&&c&=d&$select=id&$orderby=size desc&$count=true&$skip=2&$top=5&$filter=name eq 'x'&",
    };
    for (size_t i = 0; i < COUNT_OF(same); i++) {
        struct arena arena = {0};
        struct odata_options options = parsed(&arena, &collection, same[i]);
        assert_string_equal(kit_print_filter(&arena, options.listing.filter), "(eq name 'x')");
        assert_int_equal(options.listing.limit, 5);
        assert_int_equal(options.listing.skip, 2);
        assert_true(options.listing.wants_total);
        assert_int_equal(options.listing.order_count, 1);
        assert_slice(options.selection.suffix, "(id)");
        arena_free(&arena);
    }
}

static void nothing_said_is_a_hundred_of_everything(void **state) {
    (void)state;
    struct arena arena = {0};
    struct odata_options options = parsed(&arena, &collection, "");
    assert_int_equal(options.listing.limit, ODATA_PAGE_SIZE);
    assert_null(options.listing.filter);
    assert_false(options.listing.wants_total);
    assert_false(options.selection.is_given);
    assert_int_equal(options.kept.length, 0);
    arena_free(&arena);
}

static void the_sample_scripts_of_microsoft_are_understood(void **state) {
    (void)state;
    struct arena arena = {0};
    struct odata_options options =
        parsed(&arena, &collection, "$filter=made%20gt%202024-06-01T10:00:00z");
    assert_string_equal(kit_print_filter(&arena, options.listing.filter),
                        "(gt made 2024-06-01T10:00:00Z)");
    options = parsed(&arena, &entity, "$select=secret");
    assert_slice(options.selection.suffix, "(secret)");
    arena_free(&arena);
}

static void a_search_is_one_more_condition(void **state) {
    (void)state;
    struct arena arena = {0};
    struct odata_options options = parsed(&arena, &collection, "$search=%22a b%22&$filter=on");
    assert_string_equal(kit_print_filter(&arena, options.listing.filter),
                        "(and (eq on 1) (contains name 'a b'))");
    options = parsed(&arena, &collection, "$search=a");
    assert_string_equal(kit_print_filter(&arena, options.listing.filter), "(contains name 'a')");
    arena_free(&arena);
}

static void a_count_alone_is_of_what_filter_and_search_let_through(void **state) {
    (void)state;
    struct arena arena = {0};
    struct odata_options options = parsed(&arena, &number, "$search=a&$filter=on");
    assert_string_equal(kit_print_filter(&arena, options.listing.filter),
                        "(and (eq on 1) (contains name 'a'))");
    assert_true(options.listing.wants_total);
    assert_int_equal(options.listing.limit, 1);
    arena_free(&arena);
}

static const struct {
    const struct odata_target *target;
    const char *query;
    const char *error_target;
    const char *sentence;
} refused[] = {
    {&collection, "$nonsense=1", "$nonsense", "'$nonsense' is not supported"},
    {&collection, "$=1", "$", "not supported"},
    {&collection, "$apply=x", "$apply", "not supported"},
    {&collection, "$top=0", "$top", "at position 1: expected a whole number from 1 to 999"},
    {&collection, "$top=1000", "$top", "but found 1000."},
    {&collection, "$top=x", "$top", "but found x."},
    {&collection, "$top=-1", "$top", "but found -1."},
    {&collection, "$top=5.0", "$top", "but found 5.0."},
    {&collection, "$top=", "$top", "but it ends there"},
    {&collection, "$top", "$top", "but it ends there"},
    {&collection, "$top= 5", "$top", "expected a whole number"},
    {&collection, "top=1000", "$top", "but found 1000."},
    {&collection, "$skip=-1", "$skip", "expected a whole number from 0 to 2147483647"},
    {&collection, "$skip=2147483648", "$skip", "expected a whole number"},
    {&collection, "$count=yes", "$count", "expected true or false, but found yes."},
    {&collection, "$count=", "$count", "expected true or false"},
    {&collection, "$skiptoken=x", "$skiptoken", "Follow @odata.nextLink"},
    {&collection, "$skiptoken=", "$skiptoken", "Follow @odata.nextLink"},
    {&collection, "$filter=", "$filter", "at position 1"},
    {&collection, "$filter=name eq 'a%26b", "$filter", "no closing quote"},
    {&collection, "$orderby=x", "$orderby", "Could not find a property named 'x'"},
    {&collection, "$search=", "$search", "at position 1"},
    {&collection, "$select=x", "$select", "Could not find a property named 'x'"},
    {&collection, "$expand=x", "$expand", "Could not find a property named 'x'"},
    {&collection, "$top=1&$top=1", "$top", "more than once"},
    {&collection, "$top=1&top=2", "$top", "more than once"},
    {&collection, "$filter=on&$Filter=on", "$filter", "more than once"},
    {&collection, "$top=%", "$top", "not percent-encoded UTF-8"},
    {&collection, "$filter=name eq '%FF'", "$filter", "not percent-encoded UTF-8"},
    {&collection, "$filter=name eq '%ED%A0%80'", "$filter", "not percent-encoded UTF-8"},
    {&collection, "$filter=name eq '%00'", "$filter", "not percent-encoded UTF-8"},
    {&collection, "$filter=name eq '\xC0\x80'", "$filter", "not percent-encoded UTF-8"},
    {&collection, "%FF=1", "", "not percent-encoded UTF-8"},
    {&entity, "$top=5", "$top", "'$top' is not supported for this resource"},
    {&entity, "filter=on", "$filter", "not supported"},
    {&entity, "$count=true", "$count", "not supported"},
    {&entity, "$skiptoken=x", "$skiptoken", "not supported"},
    {&entity, "$expand=name", "$expand", "is not a navigation property"},
    {&entity, "$select=x", "$select", "Could not find a property named 'x'"},
    {&number, "$top=5", "$top", "not supported"},
    {&number, "$orderby=id", "$orderby", "not supported"},
    {&number, "$count=true", "$count", "not supported"},
    {&number, "$skiptoken=x", "$skiptoken", "not supported"},
    {&nothing, "$select=id", "$select", "not supported"},
    {&nothing, "$expand=id", "$expand", "not supported"},
};

static void every_malformed_option_is_refused_by_its_name(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct arena arena = {0};
        struct odata_options options;
        struct error error = odata_options_parse(&arena, refused[i].target,
                                                 slice_from_string(refused[i].query), &options);
        if (error.code != ERROR_INVALID || strcmp(error.target, refused[i].error_target) != 0 ||
            strstr(error.message, refused[i].sentence) == NULL)
            fail_msg("%s: [%s] %s", refused[i].query, error.target, error.message);
        arena_free(&arena);
    }
}

static void options_of_clients_are_ignored_everywhere(void **state) {
    (void)state;
    struct arena arena = {0};
    (void)parsed(&arena, &collection, "api-version=1&x=1&x=2&y=%ff");
    (void)parsed(&arena, &entity, "x=1&x=2");
    (void)parsed(&arena, &nothing, "x=1");
    arena_free(&arena);
}

static struct error parse_long(const char *before, const char *piece, size_t length) {
    struct arena arena = {0};
    struct odata_options options;
    struct buffer query = {0};
    buffer_append_string(&query, before);
    while (query.length + strlen(piece) <= length)
        buffer_append_string(&query, piece);
    struct error error = odata_options_parse(&arena, &collection, buffer_slice(&query), &options);
    buffer_free(&query);
    arena_free(&arena);
    return error;
}

/* One that the client may send, or its spelling in the next page's link, may be too long. */
static void the_length_of_all_options_together_has_a_bound(void **state) {
    (void)state;
    static const struct {
        const char *before;
        const char *piece;
        size_t length;
        enum error_code code;
    } cases[] = {
        {"$search=", "x", ODATA_OPTIONS_BYTES_AT_MOST - 1, ERROR_NONE},
        {"$search=", "x", ODATA_OPTIONS_BYTES_AT_MOST, ERROR_INVALID},
        {"$search=", "x", 8192, ERROR_INVALID},
        {"$count=true&$search=", "x", ODATA_OPTIONS_BYTES_AT_MOST - 1, ERROR_NONE},
        {"$count=true&$search=", "x", ODATA_OPTIONS_BYTES_AT_MOST, ERROR_INVALID},
        {"$search=x", "+", ODATA_OPTIONS_BYTES_AT_MOST / 4, ERROR_NONE},
        {"$search=x", "+", ODATA_OPTIONS_BYTES_AT_MOST / 2, ERROR_INVALID},
        {"$skiptoken=", "A", 8192, ERROR_INVALID},
        {"mine=", "x", 8192, ERROR_NONE},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct error error = parse_long(cases[i].before, cases[i].piece, cases[i].length);
        if (error.code != cases[i].code)
            fail_msg("%zu bytes after %s: %s", cases[i].length, cases[i].before, error.message);
    }
}

static size_t page_size(struct arena *arena, size_t preferred, const char *query) {
    struct odata_target target = collection;
    target.max_page_size = preferred;
    struct odata_options options = parsed(arena, &target, query);
    assert_int_equal(options.has_max_page_size, preferred > 0);
    return options.listing.limit;
}

static void the_smaller_of_what_is_asked_and_what_is_preferred_is_the_page(void **state) {
    (void)state;
    struct arena arena = {0};
    assert_int_equal(page_size(&arena, 7, ""), 7);
    assert_int_equal(page_size(&arena, 500, ""), 500);
    assert_int_equal(page_size(&arena, 5000, ""), ODATA_TOP_AT_MOST);
    assert_int_equal(page_size(&arena, 7, "$top=5"), 5);
    assert_int_equal(page_size(&arena, 5, "$top=7"), 5);
    assert_int_equal(page_size(&arena, 0, "$top=50&$select=id"), 50);
    assert_int_equal(page_size(&arena, 0, "$top=50&$select=*"), 50);
    assert_int_equal(page_size(&arena, 0, "$top=50&$select=id,secret"), ODATA_HEAVY_PAGE_SIZE);
    assert_int_equal(page_size(&arena, 0, "$top=5&$select=id,secret"), 5);
    arena_free(&arena);
}

/* The next page's query, as the link has it. */
static const char *next_query(struct arena *arena, const struct odata_options *options) {
    struct listing_position position = {.row = 9};
    for (size_t i = 0; i < options->listing.order_count; i++)
        position.keys[i] = (struct filter_value){.kind = FILTER_VALUE_NULL};
    struct slice token = odata_skiptoken_write(arena, options->fingerprint, options->listing.limit,
                                               &options->listing, &position);
    return arena_format(arena, "%.*s$skiptoken=%.*s", SLICE_PRINTF(options->kept),
                        SLICE_PRINTF(token))
        .data;
}

static void the_next_page_keeps_all_but_what_was_skipped(void **state) {
    (void)state;
    struct arena arena = {0};
    struct odata_options first =
        parsed(&arena, &collection,
               "x=1&skip=3&filter=name+eq+'a%26b%2B%3d%C3%BC'&$Top=5&$count=true&$orderby=size");
    assert_slice(first.kept, "$filter=name%20eq%20'a%26b%2B%3D%C3%BC'&$top=5&$count=true&"
                             "$orderby=size&");
    struct odata_options second = parsed(&arena, &collection, next_query(&arena, &first));
    assert_string_equal(kit_print_filter(&arena, second.listing.filter), "(eq name 'a&b+=ü')");
    assert_int_equal(second.listing.limit, 5);
    assert_int_equal(second.listing.skip, 0);
    assert_true(second.listing.has_after);
    assert_int_equal(second.listing.after.row, 9);
    assert_true(second.listing.wants_total);
    assert_slice(second.kept, arena_copy(&arena, first.kept).data);
    arena_free(&arena);
}

static void a_preferred_page_size_goes_on_behind_the_first_page(void **state) {
    (void)state;
    struct arena arena = {0};
    struct odata_target prefers = collection;
    prefers.max_page_size = 7;
    struct odata_options first = parsed(&arena, &prefers, "$top=50");
    assert_int_equal(parsed(&arena, &collection, next_query(&arena, &first)).listing.limit, 7);
    prefers.max_page_size = 3;
    assert_int_equal(parsed(&arena, &prefers, next_query(&arena, &first)).listing.limit, 3);
    arena_free(&arena);
}

/* The PowerShell module changes $top in the link to the last page, so that it gets no more than its
 * user asked for. */
static void a_smaller_top_in_the_link_makes_the_page_smaller(void **state) {
    (void)state;
    struct arena arena = {0};
    struct odata_options first = parsed(&arena, &collection, "$top=5");
    const char *token = strstr(next_query(&arena, &first), "$skiptoken");
    const char *smaller = arena_format(&arena, "$top=2&%s", token).data;
    const char *larger = arena_format(&arena, "$top=50&%s", token).data;
    assert_int_equal(parsed(&arena, &collection, token).listing.limit, 5);
    assert_int_equal(parsed(&arena, &collection, smaller).listing.limit, 2);
    assert_int_equal(parsed(&arena, &collection, larger).listing.limit, 5);
    arena_free(&arena);
}

static void a_position_belongs_to_its_query(void **state) {
    (void)state;
    struct arena arena = {0};
    struct odata_options options = parsed(&arena, &collection, "$filter=on&$orderby=size");
    const char *token = strstr(next_query(&arena, &options), "$skiptoken");
    static const char *const others[] = {
        "$filter=on&$orderby=made",
        "$filter=not on&$orderby=size",
        "$orderby=size",
        "$filter=on",
        "$filter=on&$orderby=size&$search=a",
    };
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        const char *query = arena_format(&arena, "%s&%s", others[i], token).data;
        assert_error(odata_options_parse(&arena, &collection, slice_from_string(query), &options),
                     ERROR_INVALID);
    }
    struct odata_target elsewhere = collection;
    elsewhere.set_path = "other";
    const char *query = arena_format(&arena, "$filter=on&$orderby=size&%s", token).data;
    assert_error(odata_options_parse(&arena, &elsewhere, slice_from_string(query), &options),
                 ERROR_INVALID);
    assert_ok(odata_options_parse(&arena, &collection, slice_from_string(query), &options));
    query =
        arena_format(&arena, "$select=id&$count=true&$filter=on&$orderby=size&%s&$skip=4", token)
            .data;
    assert_ok(odata_options_parse(&arena, &collection, slice_from_string(query), &options));
    assert_int_equal(options.listing.skip, 0);
    arena_free(&arena);
}

/* A pair that is only names, values without end, all bytes: read or refused, without harm. */
static void any_bytes_are_read_or_refused(void **state) {
    (void)state;
    uint32_t random = 99;
    for (int round = 0; round < 20000; round++) {
        static const char *const pieces[] = {
            "$filter=",    "$orderby=", "$search=", "$select=", "$top=", "$skip=", "$count=",
            "$skiptoken=", "&",         "=",        "%",        "%27",   "%00",    "%C3",
            "%BC",         "on",        "name",     "'",        "\"",    "+",      "(",
            ")",           ",",         "5",        "\xFF",     "AQ",
        };
        struct arena arena = {0};
        struct buffer query = {0};
        struct odata_options options;
        for (int i = 0; i < round % 11; i++) {
            random = random * 1664525U + 1013904223U;
            buffer_append_string(&query, pieces[(random >> 8) % COUNT_OF(pieces)]);
        }
        char *exact = malloc(query.length + 1);
        if (query.length > 0)
            memcpy(exact, query.data, query.length);
        struct error error =
            odata_options_parse(&arena, round % 3 == 0 ? &entity : &collection,
                                (struct slice){.data = exact, .length = query.length}, &options);
        assert_true(error.code == ERROR_NONE || error.code == ERROR_INVALID);
        free(exact);
        buffer_free(&query);
        arena_free(&arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_have_their_sign_or_not_and_any_case),
        cmocka_unit_test(nothing_said_is_a_hundred_of_everything),
        cmocka_unit_test(the_sample_scripts_of_microsoft_are_understood),
        cmocka_unit_test(a_search_is_one_more_condition),
        cmocka_unit_test(a_count_alone_is_of_what_filter_and_search_let_through),
        cmocka_unit_test(every_malformed_option_is_refused_by_its_name),
        cmocka_unit_test(options_of_clients_are_ignored_everywhere),
        cmocka_unit_test(the_length_of_all_options_together_has_a_bound),
        cmocka_unit_test(the_smaller_of_what_is_asked_and_what_is_preferred_is_the_page),
        cmocka_unit_test(the_next_page_keeps_all_but_what_was_skipped),
        cmocka_unit_test(a_preferred_page_size_goes_on_behind_the_first_page),
        cmocka_unit_test(a_smaller_top_in_the_link_makes_the_page_smaller),
        cmocka_unit_test(a_position_belongs_to_its_query),
        cmocka_unit_test(any_bytes_are_read_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
