/* $filter: what is understood, what is refused, and where (rules G25 and G26 of the Graph dialect).
 */
#include "graph/odata_filter.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "odata_kit.h"

static const struct {
    const char *text;
    const char *tree;
} accepted[] = {
    {"name eq 'x'", "(eq name 'x')"},
    {"name ne 'x'", "(ne name 'x')"},
    {"Name ne 'x'", "(ne name 'x')"},
    {"startsWith(NAME,'x') and 5 lt Size", "(and (startswith name 'x') (gt size 5))"},
    {"size gt 5", "(gt size 5)"},
    {"size ge -5", "(ge size -5)"},
    {"size lt +5", "(lt size 5)"},
    {"size le 9223372036854775807", "(le size 9223372036854775807)"},
    {"size eq -9223372036854775808", "(eq size -9223372036854775808)"},
    {"size eq -0", "(eq size 0)"},
    {" \t name   eq  'x' ", "(eq name 'x')"},
    {"name EQ 'x' AND size Eq 1", "(and (eq name 'x') (eq size 1))"},
    {"name eq ''", "(eq name '')"},
    {"name eq 'O''Neill'", "(eq name 'O'Neill')"},
    {"name eq ''''", "(eq name ''')"},
    {"name eq 'a) and (b'", "(eq name 'a) and (b')"},
    {"name eq 'Zürich 😀'", "(eq name 'Zürich 😀')"},
    {"name eq null", "(eq name null)"},
    {"null ne note", "(ne note null)"},
    {"made eq null", "(eq made null)"},
    {"made gt 2024-06-01T10:00:00z", "(gt made 2024-06-01T10:00:00Z)"},
    {"made gt 2024-06-01T10:00:00.5Z", "(gt made 2024-06-01T10:00:00.5Z)"},
    {"made le 2024-06-01T10:00:00+02:00", "(le made 2024-06-01T08:00:00Z)"},
    {"made le 2024-06-01T10:00-02:00", "(le made 2024-06-01T12:00:00Z)"},
    {"made lt 2024-06-01", "(lt made 2024-06-01T00:00:00Z)"},
    {"made eq 0001-01-01T00:00:00Z", "(eq made 0001-01-01T00:00:00Z)"},
    {"id eq 0190A1B2-0000-7000-8000-00000000000F", "(eq id 0190a1b2-0000-7000-8000-00000000000f)"},
    {"id eq '0190A1B2-0000-7000-8000-00000000000F'",
     "(eq id 0190a1b2-0000-7000-8000-00000000000f)"},
    {"id eq abcdef01-0000-7000-8000-00000000000f", "(eq id abcdef01-0000-7000-8000-00000000000f)"},
    {"id eq 'no guid'", "(eq id 'no guid')"},
    {"startswith(id,'0190')", "(startswith id '0190')"},
    {"on eq true", "(eq on 1)"},
    {"on ne False", "(ne on 0)"},
    {"on", "(eq on 1)"},
    {"not on", "(not (eq on 1))"},
    {"true", "true"},
    {"false or on", "(or false (eq on 1))"},
    {"true eq on", "(eq on 1)"},
    {"5 lt size", "(gt size 5)"},
    {"5 ge size", "(le size 5)"},
    {"'x' eq name", "(eq name 'x')"},
    {"note eq muster.kind'managed'", "(eq note 'managed')"},
    {"startswith(name,'x')", "(startswith name 'x')"},
    {"EndsWith( name , 'x' )", "(endswith name 'x')"},
    {"contains(note,'50%_''')", "(contains note '50%_'')"},
    {"contains(note,'x') eq true", "(is-true (contains note 'x'))"},
    {"contains(note,'x') ne true", "(not (is-true (contains note 'x')))"},
    {"contains(note,'x') eq false", "(is-false (contains note 'x'))"},
    {"(size eq 1) eq false and on", "(and (is-false (eq size 1)) (eq on 1))"},
    {"size in (1)", "(in size 1)"},
    {"size in (1,2 , 3)", "(in size 1 2 3)"},
    {"name in('a',null)", "(in name 'a' null)"},
    {"not size in (1)", "(not (in size 1))"},
    {"size eq 1 or size eq 2 and size eq 3", "(or (eq size 1) (and (eq size 2) (eq size 3)))"},
    {"(size eq 1 or size eq 2) and size eq 3", "(and (or (eq size 1) (eq size 2)) (eq size 3))"},
    {"size eq 1 and size eq 2 and size eq 3", "(and (and (eq size 1) (eq size 2)) (eq size 3))"},
    {"not(size eq 1)", "(not (eq size 1))"},
    {"not not on", "(not (not (eq on 1)))"},
    {"not startswith(name,'x') and on", "(and (not (startswith name 'x')) (eq on 1))"},
    {"((size eq 1))", "(eq size 1)"},
    {"colour eq 'RED'", "(in colour 1 3)"},
    {"colour ne 'red'", "(in colour 2 4)"},
    {"colour gt 'blue'", "(in colour 1 2 3)"},
    {"colour le 'green'", "(in colour 2 4)"},
    {"'green' lt colour", "(in colour 1 3)"},
    {"colour in ('Blue',null,'black')", "(in colour 4)"},
    {"colour eq 'black'", "(in colour)"},
    {"colour eq null", "(in colour)"},
    {"colour ne null", "(in colour 1 2 3 4)"},
    {"not contains(colour,'RE')", "(not (in colour 1 2 3))"},
    {"startswith(colour,'re')", "(in colour 1 3)"},
    {"endswith(colour,'n')", "(in colour 2)"},
    {"phase eq 'go'", "(eq phase 1)"},
    {"phase ne muster.phase'wait'", "(ne phase 0)"},
    {"phase ge 'go'", "(ge phase 1)"},
    {"'Stop' gt phase", "(lt phase 2)"},
    {"phase in ('Stop','wait')", "(in phase 0 2)"},
    {"phase in ('go',null)", "(in phase 1)"},
    {"phase eq null", "(in phase)"},
    {"phase ne null", "(in phase 0 1 2)"},
};

static void conditions_are_understood(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(accepted); i++) {
        struct arena arena = {0};
        const struct filter *filter = NULL;
        struct error error =
            odata_filter_parse(&arena, &kit_type, slice_from_string(accepted[i].text), &filter);
        if (error_is_set(&error))
            fail_msg("%s: %s", accepted[i].text, error.message);
        if (strcmp(kit_print_filter(&arena, filter), accepted[i].tree) != 0)
            fail_msg("%s: %s", accepted[i].text, kit_print_filter(&arena, filter));
        arena_free(&arena);
    }
}

/* The position, counted in characters from 1, and a part of the sentence. */
static const struct {
    const char *text;
    int position;
    const char *sentence;
} refused[] = {
    {"", 1, "expected a property, a literal, a function, 'not' or '(', but it ends there."},
    {"   ", 4, "but it ends there"},
    {"nme eq 'x'", 1, "Could not find a property named 'nme' on type 'muster.thing'."},
    {"name/first eq 'x'", 1, "Could not find a property named 'name/first'"},
    {"$it eq 'x'", 1, "Could not find a property named '$it'"},
    {"size eq 1 and nme eq 'x'", 15, "Could not find a property named 'nme'"},
    {"secret eq 'x'", 1, "the property 'secret' cannot be used in '$filter'."},
    {"contains(secret,'x')", 10, "cannot be used"},
    {"'ü' eq name and x eq 1", 17, "Could not find a property named 'x'"},
    {"name", 5, "expected an operator (eq, ne, gt, ge, lt, le or in), but it ends there."},
    {"name = 'x'", 6, "expected an operator (eq, ne, gt, ge, lt, le or in), but found =."},
    {"name eqq 'x'", 6, "but found eqq."},
    {"name like 'x'", 6, "expected an operator"},
    {"name has 'x'", 6, "expected an operator"},
    {"name eq", 8, "expected a string in single quotes, or null, but it ends there."},
    {"name eq x", 9, "expected a string in single quotes, or null, but found x."},
    {"name eq \"x\"", 9, "expected a string in single quotes"},
    {"name eq 5", 9, "expected a string in single quotes"},
    {"name eq 2024-06-01", 9, "expected a string in single quotes"},
    {"name eq true", 9, "expected a string in single quotes"},
    {"name eq note", 9, "expected a string in single quotes"},
    {"name eq 'x", 9, "no closing quote"},
    {"name eq 'x''", 9, "no closing quote"},
    {"name eq 'x' '", 13, "no closing quote"},
    {"name eq 'x'y", 12, "expected 'and', 'or' or the end, but found y."},
    {"name eq 'x' name eq 'y'", 13, "expected 'and', 'or' or the end, but found name."},
    {"name eq 'x' and", 16, "but it ends there"},
    {"name eq 'x' or )", 16, "but found )."},
    {"and name eq 'x'", 1, "Could not find a property named 'and'"},
    {"size eq 'x'", 9, "expected a whole number, or null, but found 'x'."},
    {"size eq 5.5", 9, "expected a whole number"},
    {"size eq 1e3", 9, "expected a whole number"},
    {"size eq 9223372036854775808", 9, "expected a whole number"},
    {"size eq -9223372036854775809", 9, "expected a whole number"},
    {"size eq -", 9, "expected a whole number"},
    {"5 lt name", 1, "expected a string in single quotes, or null, but found 5."},
    {"99999999999999999999 lt size", 1, "expected a property, a literal"},
    {"5 lt 6", 6, "Could not find a property named '6'"},
    {"5", 2, "expected an operator (eq, ne, gt, ge, lt or le), but it ends there."},
    {"null", 5, "expected an operator"},
    {"5 in (size)", 3, "expected an operator (eq, ne, gt, ge, lt or le), but found in."},
    {"made gt '2024-06-01T10:00:00Z'", 9, "without quotes"},
    {"made gt 2024-06-01T10:00:00", 9, "expected a date such as 2024-06-01T10:00:00Z"},
    {"made gt 2024-13-01T10:00:00Z", 9, "expected a date"},
    {"made gt 2024-02-30", 9, "expected a date"},
    {"made gt 0000-01-01T00:00:00Z", 9, "expected a date"},
    {"made gt 2024-06-01T10:00:00 02:00", 9, "expected a date"},
    {"made gt now", 9, "expected a date"},
    {"id eq 5", 7, "expected a GUID with or without single quotes"},
    {"on eq 1", 7, "expected true, false or null"},
    {"contains(made,'x')", 10, "expected a property that is a text"},
    {"colour eq 5", 11, "expected a string in single quotes"},
    {"phase eq 'stop'", 10, "expected one of 'wait', 'go', 'Stop', but found 'stop'."},
    {"phase eq ''", 10, "expected one of"},
    {"phase in ('go','x')", 16, "expected one of"},
    {"'x' eq phase", 1, "expected one of 'wait', 'go', 'Stop', but found 'x'."},
    {"phase eq 1", 10, "expected a string in single quotes"},
    {"startswith(phase,'g')", 12, "expected a property that is a text"},
    {"contains('x',name)", 10, "expected a property, but found 'x'."},
    {"contains(name)", 14, "expected ','"},
    {"contains(name,x)", 15, "expected a string in single quotes, but found x."},
    {"contains(name,null)", 15, "expected a string"},
    {"contains(name,'x'", 18, "expected ')', but it ends there."},
    {"contains(name,'x','y')", 18, "expected ')'"},
    {"contains name,'x'", 1, "Could not find a property named 'contains'"},
    {"substringof('x',name)", 1, "one of the functions startswith, endswith and contains"},
    {"tolower(name) eq 'x'", 1, "one of the functions"},
    {"contains(note,'x') gt true", 20, "'and', 'or', 'eq' or 'ne'"},
    {"contains(note,'x') eq 1", 23, "expected true or false"},
    {"size in 1", 9, "expected '(' behind 'in'"},
    {"size in ()", 10, "expected a whole number"},
    {"size in (1,)", 12, "expected a whole number"},
    {"size in (1 2)", 12, "expected ',' or ')'"},
    {"size in (1", 11, "expected ',' or ')'"},
    {"size in (1,'x')", 12, "expected a whole number"},
    {"(size eq 1", 11, "expected 'and', 'or' or ')', but it ends there."},
    {"size eq 1)", 10, "expected 'and', 'or' or the end, but found )."},
    {"()", 2, "but found )."},
    {",", 1, "but found ,."},
    {"not", 4, "but it ends there"},
    {"name eq 'x'; drop table profiles", 12, "but found ;."},
};

static void what_is_not_a_condition_is_refused_with_its_position(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct arena arena = {0};
        const struct filter *filter = NULL;
        struct error error =
            odata_filter_parse(&arena, &kit_type, slice_from_string(refused[i].text), &filter);
        if (error.code != ERROR_INVALID || filter != NULL)
            fail_msg("accepted: %s", refused[i].text);
        if (kit_position(&error) != refused[i].position ||
            strstr(error.message, refused[i].sentence) == NULL)
            fail_msg("%s: %s", refused[i].text, error.message);
        assert_string_equal(error.target, "$filter");
        arena_free(&arena);
    }
}

/* before, count times; then middle; then after, count times. */
static struct slice repeat(struct arena *arena, const char *before, const char *middle,
                           const char *after, size_t count) {
    struct buffer text = {0};
    for (size_t i = 0; i < count; i++)
        buffer_append_string(&text, before);
    buffer_append_string(&text, middle);
    for (size_t i = 0; i < count; i++)
        buffer_append_string(&text, after);
    struct slice copy = arena_copy(arena, buffer_slice(&text));
    buffer_free(&text);
    return copy;
}

static void assert_depth(const char *before, const char *after) {
    struct arena arena = {0};
    const struct filter *filter = NULL;
    assert_ok(odata_filter_parse(
        &arena, &kit_type, repeat(&arena, before, "on", after, FILTER_DEPTH_AT_MOST), &filter));
    struct error error = odata_filter_parse(
        &arena, &kit_type, repeat(&arena, before, "on", after, FILTER_DEPTH_AT_MOST + 1), &filter);
    assert_int_equal(error.code, ERROR_INVALID);
    assert_int_equal(kit_position(&error), FILTER_DEPTH_AT_MOST * strlen(before) + 1);
    assert_error(
        odata_filter_parse(&arena, &kit_type, repeat(&arena, before, "on", after, 4000), &filter),
        ERROR_INVALID);
    assert_error(
        odata_filter_parse(&arena, &kit_type, repeat(&arena, before, "", "", 4000), &filter),
        ERROR_INVALID);
    arena_free(&arena);
}

static void nesting_has_a_bound(void **state) {
    (void)state;
    assert_depth("(", ")");
    assert_depth("not ", "");
}

static void conditions_beside_each_other_do_not_count_as_nesting(void **state) {
    (void)state;
    struct arena arena = {0};
    const struct filter *filter = NULL;
    assert_ok(odata_filter_parse(&arena, &kit_type, repeat(&arena, "(not on) and ", "on", "", 60),
                                 &filter));
    arena_free(&arena);
}

static void the_number_of_terms_has_a_bound(void **state) {
    (void)state;
    struct arena arena = {0};
    const struct filter *filter = NULL;
    size_t most = FILTER_TERMS_AT_MOST - 1;
    assert_ok(
        odata_filter_parse(&arena, &kit_type, repeat(&arena, "on or ", "on", "", most), &filter));
    assert_error(odata_filter_parse(&arena, &kit_type, repeat(&arena, "on or ", "on", "", most + 1),
                                    &filter),
                 ERROR_INVALID);
    struct slice list = repeat(&arena, "", "size in (1", ",1", most);
    list = arena_format(&arena, "%.*s)", SLICE_PRINTF(list));
    assert_ok(odata_filter_parse(&arena, &kit_type, list, &filter));
    assert_int_equal(filter->member.count, FILTER_TERMS_AT_MOST);
    list = repeat(&arena, "", "size in (1", ",1", most + 1);
    list = arena_format(&arena, "%.*s)", SLICE_PRINTF(list));
    assert_error(odata_filter_parse(&arena, &kit_type, list, &filter), ERROR_INVALID);
    assert_error(odata_filter_parse(&arena, &kit_type,
                                    repeat(&arena, "true or ", "on", "", most + 1), &filter),
                 ERROR_INVALID);
    arena_free(&arena);
}

/* A name of eight thousand letters is quoted in part, and never in half a character. */
static void long_names_are_cut_between_characters(void **state) {
    (void)state;
    struct arena arena = {0};
    const struct filter *filter = NULL;
    for (size_t shift = 0; shift < 4; shift++) {
        struct slice name = repeat(&arena, "😀", "", "", 2000);
        name = arena_format(&arena, "%.*s%.*s", (int)shift, "xxx", SLICE_PRINTF(name));
        struct error error = odata_filter_parse(&arena, &kit_type, name, &filter);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_true(utf8_is_valid(slice_from_string(error.message)));
        assert_non_null(strstr(error.message, "on type 'muster.thing'"));
        struct slice operator= arena_format(&arena, "on %.*s", SLICE_PRINTF(name));
        error = odata_filter_parse(&arena, &kit_type, operator, & filter);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_true(utf8_is_valid(slice_from_string(error.message)));
    }
    arena_free(&arena);
}

/* Pieces of filters in any order: nothing may crash, and what is accepted must print. */
static void any_mixture_of_pieces_is_read_or_refused(void **state) {
    (void)state;
    static const char *const pieces[] = {
        "name ",       "size ",  "on ",      "made ", "id ",   "eq ",       "ne ",
        "in ",         "and ",   "or ",      "not ",  "(",     ")",         ",",
        "'x'",         "'",      "5 ",       "null ", "true ", "contains(", "startswith(name,'a')",
        "2024-06-01 ", "x.y'z'", "\xC3\xBC", " ",     "-",     "eq'",
    };
    uint32_t state_of_random = 12345;
    size_t accepted_count = 0;
    for (int round = 0; round < 60000; round++) {
        struct arena arena = {0};
        struct buffer text = {0};
        const struct filter *filter = NULL;
        size_t length = (size_t)round % 13;
        for (size_t i = 0; i < length; i++) {
            state_of_random = state_of_random * 1664525U + 1013904223U;
            buffer_append_string(&text, pieces[(state_of_random >> 8) % COUNT_OF(pieces)]);
        }
        /* From the heap and without a byte to spare, so that the sanitizer sees any step beyond. */
        char *exact = malloc(text.length + (text.length == 0 ? 1 : 0));
        if (text.length > 0)
            memcpy(exact, text.data, text.length);
        struct error error = odata_filter_parse(
            &arena, &kit_type, (struct slice){.data = exact, .length = text.length}, &filter);
        assert_true(error_is_set(&error) == (filter == NULL));
        if (filter != NULL) {
            accepted_count++;
            assert_non_null(kit_print_filter(&arena, filter));
        } else {
            assert_true(kit_position(&error) > 0 &&
                        (size_t)kit_position(&error) <= text.length + 1);
        }
        free(exact);
        buffer_free(&text);
        arena_free(&arena);
    }
    assert_true(accepted_count > 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_are_understood),
        cmocka_unit_test(what_is_not_a_condition_is_refused_with_its_position),
        cmocka_unit_test(nesting_has_a_bound),
        cmocka_unit_test(conditions_beside_each_other_do_not_count_as_nesting),
        cmocka_unit_test(the_number_of_terms_has_a_bound),
        cmocka_unit_test(long_names_are_cut_between_characters),
        cmocka_unit_test(any_mixture_of_pieces_is_read_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
