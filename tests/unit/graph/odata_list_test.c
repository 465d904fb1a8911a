/* $orderby, $search, $select, $expand and $skiptoken, each by itself. */
#include <stdlib.h>

#include "auth/base64url.h"
#include "base/buffer.h"
#include "graph/odata_expand.h"
#include "graph/odata_orderby.h"
#include "graph/odata_search.h"
#include "graph/odata_select.h"
#include "graph/odata_skiptoken.h"
#include "odata_kit.h"

static const char *print_orders(struct arena *arena, const struct listing *listing) {
    const char *text = "";
    for (size_t i = 0; i < listing->order_count; i++)
        text = arena_format(arena, "%s%c%u", text, listing->orders[i].descending ? '-' : '+',
                            listing->orders[i].field)
                   .data;
    return text;
}

static void orders_are_understood(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *orders; /* by the number of the property */
    } accepted[] = {
        {"name", "+0"},
        {"name asc", "+0"},
        {"name desc", "-0"},
        {"name DESC,size,  made asc", "-0+4+3"},
        {"id desc , on desc", "-2-5"},
        {"phase", "+7"},
        {"Name,SIZE desc", "+0-4"},
    };
    for (size_t i = 0; i < COUNT_OF(accepted); i++) {
        struct arena arena = {0};
        struct listing listing = {0};
        assert_ok(
            odata_orderby_parse(&arena, &kit_type, slice_from_string(accepted[i].text), &listing));
        assert_string_equal(print_orders(&arena, &listing), accepted[i].orders);
        arena_free(&arena);
    }
}

static void what_is_not_an_order_is_refused_with_its_position(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int position;
        const char *sentence;
    } refused[] = {
        {"", 1, "expected a property, but it ends there."},
        {"name,", 6, "expected a property"},
        {",name", 1, "expected a property, but found ,."},
        {"name down", 6, "expected 'asc', 'desc', ',' or the end, but found down."},
        {"name desc asc", 11, "expected 'asc', 'desc', ',' or the end"},
        {"name size", 6, "expected 'asc'"},
        {"nme", 1, "Could not find a property named 'nme' on type 'muster.thing'."},
        {"name,Sizes", 6, "Could not find a property named 'Sizes'"},
        {"secret", 1, "the property 'secret' cannot be used in '$orderby'."},
        {"colour", 1, "the property 'colour' cannot be used in '$orderby'."},
        {"name,size desc,name desc", 16, "named a second time"},
        {"length(name)", 1, "Could not find a property named 'length'"},
        {"'name'", 1, "expected a property"},
        {"name '", 6, "no closing quote"},
        {"(name)", 1, "expected a property"},
    };
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct arena arena = {0};
        struct listing listing = {0};
        struct error error =
            odata_orderby_parse(&arena, &kit_type, slice_from_string(refused[i].text), &listing);
        if (error.code != ERROR_INVALID || kit_position(&error) != refused[i].position ||
            strstr(error.message, refused[i].sentence) == NULL)
            fail_msg("%s: %s", refused[i].text, error.message);
        assert_string_equal(error.target, "$orderby");
        arena_free(&arena);
    }
}

static void searches_are_understood(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *tree;
    } accepted[] = {
        {"kiosk", "(contains name 'kiosk')"},
        {"\"two words\"", "(contains name 'two words')"},
        {"a b", "(and (contains name 'a') (contains name 'b'))"},
        {"a AND b", "(and (contains name 'a') (contains name 'b'))"},
        {"a OR b c", "(or (contains name 'a') (and (contains name 'b') (contains name 'c')))"},
        {"(a OR b) c", "(and (or (contains name 'a') (contains name 'b')) (contains name 'c'))"},
        {"NOT a", "(not (contains name 'a'))"},
        {"a NOT b", "(and (contains name 'a') (not (contains name 'b')))"},
        {"a and b", "(and (and (contains name 'a') (contains name 'and')) (contains name 'b'))"},
        {"\"name:kiosk 5\"", "(contains name 'kiosk 5')"},
        {"\"Name:kiosk 5\"", "(contains name 'kiosk 5')"},
        {"\"note:kiosk\"", "(contains name 'note:kiosk')"},
        {"\"AND\"", "(contains name 'AND')"},
        {"\"a\"\"b\"", "(contains name 'a\"b')"},
        {"O'Neill", "(contains name 'O'Neill')"},
        {"50%", "(contains name '50%')"},
    };
    for (size_t i = 0; i < COUNT_OF(accepted); i++) {
        struct arena arena = {0};
        const struct filter *filter = NULL;
        struct error error =
            odata_search_parse(&arena, &kit_type, slice_from_string(accepted[i].text), &filter);
        if (error_is_set(&error))
            fail_msg("%s: %s", accepted[i].text, error.message);
        if (strcmp(kit_print_filter(&arena, filter), accepted[i].tree) != 0)
            fail_msg("%s: %s", accepted[i].text, kit_print_filter(&arena, filter));
        arena_free(&arena);
    }
}

static void what_is_not_a_search_is_refused_with_its_position(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int position;
    } refused[] = {
        {"", 1},    {"AND a", 1}, {"a AND", 6}, {"a OR", 5}, {"a OR OR b", 6}, {"NOT", 4},
        {"\"a", 1}, {"(a", 3},    {"a)", 2},    {"a,b", 2},  {"()", 2},        {"a AND OR b", 7},
    };
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct arena arena = {0};
        const struct filter *filter = NULL;
        struct error error =
            odata_search_parse(&arena, &kit_type, slice_from_string(refused[i].text), &filter);
        if (error.code != ERROR_INVALID || kit_position(&error) != refused[i].position)
            fail_msg("%s: %s", refused[i].text, error.message);
        assert_string_equal(error.target, "$search");
        arena_free(&arena);
    }
}

static void searches_are_bounded_and_need_something_to_search(void **state) {
    (void)state;
    struct arena arena = {0};
    const struct filter *filter = NULL;
    assert_error(odata_search_parse(&arena, &kit_type_without_search, SLICE("a"), &filter),
                 ERROR_INVALID);
    struct buffer text = {0};
    for (int i = 0; i < 4000; i++)
        buffer_append_string(&text, "(");
    assert_error(odata_search_parse(&arena, &kit_type, buffer_slice(&text), &filter),
                 ERROR_INVALID);
    buffer_clear(&text);
    for (int i = 0; i < 4000; i++)
        buffer_append_string(&text, "a ");
    assert_error(odata_search_parse(&arena, &kit_type, buffer_slice(&text), &filter),
                 ERROR_INVALID);
    buffer_free(&text);
    arena_free(&arena);
}

static void a_selection_shows_what_it_names(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *suffix;
        uint64_t named;
        bool has_all;
    } accepted[] = {
        {"id,name", "(id,name)", 0x5, false}, {" name , id,name", "(name,id)", 0x5, false},
        {"secret", "(secret)", 0x100, false}, {"*", "(*)", 0, true},
        {"*,id", "(*)", 0x4, true},           {"Id, NAME,name", "(id,name)", 0x5, false},
    };
    for (size_t i = 0; i < COUNT_OF(accepted); i++) {
        struct arena arena = {0};
        struct odata_selection selection;
        assert_ok(
            odata_select_parse(&arena, &kit_type, slice_from_string(accepted[i].text), &selection));
        assert_slice(selection.suffix, accepted[i].suffix);
        for (size_t k = 0; k < kit_type.property_count; k++) {
            bool is_named = (accepted[i].named >> k & 1U) != 0;
            assert_int_equal(odata_select_names(&selection, k), is_named);
            assert_int_equal(odata_select_shows(&selection, k), is_named || accepted[i].has_all);
        }
        arena_free(&arena);
    }
    const struct odata_selection nothing_said = {0};
    assert_true(odata_select_shows(&nothing_said, 0));
    assert_false(odata_select_names(&nothing_said, 0));
}

static void a_selection_of_what_is_not_there_gets_the_sentence_of_odata(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *sentence;
    } refused[] = {
        {"x", "Could not find a property named 'x' on type 'muster.thing'."},
        {"id,Names", "Could not find a property named 'Names' on type 'muster.thing'."},
        {"id/x", "Could not find a property named 'id/x' on type 'muster.thing'."},
        {"", "at position 1: expected a property or '*', but it ends there."},
        {"id,", "at position 4: expected a property or '*', but it ends there."},
        {"id name", "at position 4: expected ',' or the end, but found name."},
        {"id(x)", "at position 3: expected ',' or the end, but found (."},
        {"'id'", "at position 1: expected a property or '*'"},
    };
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct arena arena = {0};
        struct odata_selection selection;
        struct error error =
            odata_select_parse(&arena, &kit_type, slice_from_string(refused[i].text), &selection);
        if (error.code != ERROR_INVALID || strstr(error.message, refused[i].sentence) == NULL)
            fail_msg("%s: %s", refused[i].text, error.message);
        assert_string_equal(error.target, "$select");
        arena_free(&arena);
    }
}

static void nothing_can_be_expanded(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *sentence;
    } refused[] = {
        {"assignments", "Could not find a property named 'assignments' on type 'muster.thing'."},
        {"assignments($select=id),x", "Could not find a property named 'assignments' on type"},
        {"*", "Could not find a property named '*' on type"},
        {"", "Could not find a property named '' on type"},
        {" name ,x", "Property 'name' on type 'muster.thing' is not a navigation property."},
        {"Name", "Property 'name' on type 'muster.thing' is not a navigation property."},
        {"name/x", "Property 'name' on type 'muster.thing' is not a navigation property."},
    };
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct error error = odata_expand_refuse(&kit_type, slice_from_string(refused[i].text));
        assert_int_equal(error.code, ERROR_INVALID);
        assert_string_equal(error.target, "$expand");
        if (strstr(error.message, refused[i].sentence) == NULL)
            fail_msg("%s: %s", refused[i].text, error.message);
    }
}

static const struct listing five_orders = {
    .orders = {{0, false}, {1, true}, {2, false}, {3, false}, {5, true}}, .order_count = 5};

static struct listing_position make_position(void) {
    struct listing_position position = {
        .keys = {{.kind = FILTER_VALUE_TEXT, .text = SLICE("Zürich")},
                 {.kind = FILTER_VALUE_NULL},
                 {.kind = FILTER_VALUE_GUID, .guid = {{1, 2, 3}}},
                 {.kind = FILTER_VALUE_INTEGER, .integer = INSTANT_UNIX_EPOCH},
                 {.kind = FILTER_VALUE_INTEGER, .integer = -1}},
        .row = INT64_C(0x123456789ABCDEF),
    };
    return position;
}

static void a_skip_token_brings_back_what_went_into_it(void **state) {
    (void)state;
    struct arena arena = {0};
    struct listing_position position = make_position();
    struct slice text = odata_skiptoken_write(&arena, 42, 250, &five_orders, &position);
    struct listing listing = five_orders;
    size_t page_size = 0;
    assert_ok(odata_skiptoken_read(&arena, text, 42, &kit_type, &listing, &page_size));
    assert_true(listing.has_after);
    assert_int_equal(page_size, 250);
    assert_int_equal(listing.after.row, position.row);
    assert_slice(listing.after.keys[0].text, "Zürich");
    assert_int_equal(listing.after.keys[1].kind, FILTER_VALUE_NULL);
    assert_memory_equal(&listing.after.keys[2].guid, &position.keys[2].guid, sizeof(struct guid));
    assert_int_equal(listing.after.keys[3].integer, INSTANT_UNIX_EPOCH);
    assert_int_equal(listing.after.keys[4].integer, -1);
    for (size_t i = 0; i < text.length; i++)
        assert_non_null(strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
                               text.data[i]));
    arena_free(&arena);
}

static void a_skip_token_holds_the_number_of_a_member_of_an_enumeration(void **state) {
    (void)state;
    struct arena arena = {0};
    struct listing listing = {.orders = {{7, false}}, .order_count = 1};
    const struct listing_position position = {
        .keys = {{.kind = FILTER_VALUE_INTEGER, .integer = 2}}, .row = 5};
    size_t page_size = 0;
    struct slice text = odata_skiptoken_write(&arena, 42, 250, &listing, &position);
    assert_ok(odata_skiptoken_read(&arena, text, 42, &kit_type, &listing, &page_size));
    assert_int_equal(listing.after.keys[0].integer, 2);
    const struct listing_position named = {
        .keys = {{.kind = FILTER_VALUE_TEXT, .text = SLICE("go")}}, .row = 5};
    text = odata_skiptoken_write(&arena, 42, 250, &listing, &named);
    assert_error(odata_skiptoken_read(&arena, text, 42, &kit_type, &listing, &page_size),
                 ERROR_INVALID);
    arena_free(&arena);
}

static void a_skip_token_of_another_query_is_refused(void **state) {
    (void)state;
    struct arena arena = {0};
    struct listing_position position = make_position();
    struct slice text = odata_skiptoken_write(&arena, 42, 250, &five_orders, &position);
    struct listing listing = five_orders;
    size_t page_size = 0;
    assert_error(odata_skiptoken_read(&arena, text, 43, &kit_type, &listing, &page_size),
                 ERROR_INVALID);
    assert_false(listing.has_after);
    listing.order_count = 4;
    assert_error(odata_skiptoken_read(&arena, text, 42, &kit_type, &listing, &page_size),
                 ERROR_INVALID);
    listing.order_count = 5;
    listing.orders[0].field = 3;
    assert_error(odata_skiptoken_read(&arena, text, 42, &kit_type, &listing, &page_size),
                 ERROR_INVALID);
    uint64_t start = ODATA_FINGERPRINT_START;
    assert_true(odata_fingerprint_add(odata_fingerprint_add(start, SLICE("ab")), SLICE("c")) !=
                odata_fingerprint_add(odata_fingerprint_add(start, SLICE("a")), SLICE("bc")));
    arena_free(&arena);
}

/* Every part of it, every change of a letter, and every change of a byte: refused, or read into
 * something that has the right form. */
static void a_skip_token_that_was_tampered_with_does_no_harm(void **state) {
    (void)state;
    struct arena arena = {0};
    struct listing_position position = make_position();
    struct slice text = odata_skiptoken_write(&arena, 42, 250, &five_orders, &position);
    for (size_t length = 0; length < text.length; length++) {
        struct listing listing = five_orders;
        size_t page_size = 0;
        char *exact = malloc(length + 1);
        memcpy(exact, text.data, length);
        struct slice part = {.data = exact, .length = length};
        assert_error(odata_skiptoken_read(&arena, part, 42, &kit_type, &listing, &page_size),
                     ERROR_INVALID);
        free(exact);
    }
    uint8_t bytes[256];
    size_t size = BASE64URL_DECODED_SIZE(text.length);
    assert_true(size < sizeof bytes);
    for (size_t i = 0; i < size; i++) {
        for (unsigned change = 1; change < 256; change++) {
            char changed[512];
            struct listing listing = five_orders;
            size_t page_size = 0;
            assert_true(base64url_decode(text, bytes));
            bytes[i] = (uint8_t)(bytes[i] ^ change);
            base64url_encode(bytes, size, changed);
            struct error error = odata_skiptoken_read(&arena, slice_from_string(changed), 42,
                                                      &kit_type, &listing, &page_size);
            assert_int_equal(error_is_set(&error), !listing.has_after);
            if (i < 9)
                assert_true(error_is_set(&error));
        }
        arena_reset(&arena);
        text = odata_skiptoken_write(&arena, 42, 250, &five_orders, &position);
    }
    static const char *const others[] = {"", "7", "x", "=", "AAAA", "AQ==", "ü", "!", "-_-_"};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        struct listing listing = {0};
        size_t page_size = 0;
        struct error error = odata_skiptoken_read(&arena, slice_from_string(others[i]), 42,
                                                  &kit_type, &listing, &page_size);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_string_equal(error.target, "$skiptoken");
    }
    arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_are_understood),
        cmocka_unit_test(what_is_not_an_order_is_refused_with_its_position),
        cmocka_unit_test(searches_are_understood),
        cmocka_unit_test(what_is_not_a_search_is_refused_with_its_position),
        cmocka_unit_test(searches_are_bounded_and_need_something_to_search),
        cmocka_unit_test(a_selection_shows_what_it_names),
        cmocka_unit_test(a_selection_of_what_is_not_there_gets_the_sentence_of_odata),
        cmocka_unit_test(nothing_can_be_expanded),
        cmocka_unit_test(a_skip_token_brings_back_what_went_into_it),
        cmocka_unit_test(a_skip_token_holds_the_number_of_a_member_of_an_enumeration),
        cmocka_unit_test(a_skip_token_of_another_query_is_refused),
        cmocka_unit_test(a_skip_token_that_was_tampered_with_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
