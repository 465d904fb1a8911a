/* What is printed, in each form, and that nothing from elsewhere steers a terminal. */
#include "cli/output.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

static const struct output_column columns[] = {{"ID", "id"}, {"ON", "on"}, {"NAME", "name"}};

struct caught {
    FILE *out;
    char *text;
    size_t size;
};

static void catch_open(struct caught *caught) {
    *caught = (struct caught){0};
    caught->out = open_memstream(&caught->text, &caught->size);
    assert_non_null(caught->out);
}

static void catch_assert(struct caught *caught, const char *expected) {
    assert_int_equal(fclose(caught->out), 0);
    assert_string_equal(caught->text, expected);
    free(caught->text);
}

static json_t *parse(const char *text) {
    json_t *value = json_loads(text, 0, NULL);
    assert_non_null(value);
    return value;
}

static void assert_list(enum output_format format, const char *json, const char *expected) {
    struct caught caught;
    json_t *list = parse(json);
    catch_open(&caught);
    output_print_list(caught.out, format, list, columns, COUNT_OF(columns));
    catch_assert(&caught, expected);
    json_decref(list);
}

static void assert_object(enum output_format format, const char *json, const char *property,
                          const char *expected) {
    struct caught caught;
    json_t *object = parse(json);
    catch_open(&caught);
    output_print_object(caught.out, format, object, columns, COUNT_OF(columns), property);
    catch_assert(&caught, expected);
    json_decref(object);
}

static void assert_text(const char *text, const char *expected) {
    struct caught caught;
    catch_open(&caught);
    output_print_text(caught.out, text);
    catch_assert(&caught, expected);
}

static void a_format_is_json_table_or_value(void **state) {
    (void)state;
    enum output_format format = OUTPUT_JSON;
    assert_ok(output_format_parse(NULL, &format));
    assert_int_equal(format, OUTPUT_TABLE);
    assert_ok(output_format_parse("json", &format));
    assert_int_equal(format, OUTPUT_JSON);
    assert_ok(output_format_parse("value", &format));
    assert_int_equal(format, OUTPUT_VALUE);
    assert_ok(output_format_parse("table", &format));
    assert_int_equal(format, OUTPUT_TABLE);
    static const char *const wrong[] = {"", "JSON", "xml", "json "};
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_error(output_format_parse(wrong[i], &format), ERROR_INVALID);
}

static void plain_text_is_printed_as_it_is(void **state) {
    (void)state;
    static const char *const texts[] = {"", "Kiosks & co. <\"'\\>",
                                        "Gr\xC3\xB6\xC3\x9F.\xE2\x82\xAC \xF0\x9F\x98\x80 \xD7\xA9",
                                        "\xC2\xA0\xEF\xBF\xBD"};
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_text(texts[i], texts[i]);
}

static void control_characters_become_visible(void **state) {
    (void)state;
    static const struct {
        const char *text;
        const char *printed;
    } cases[] = {
        {"a\x1B[2Jb", "a\\x1b[2Jb"},
        {"a\nb\r\tc", "a\\x0ab\\x0d\\x09c"},
        {"\x01\x1F\x7F", "\\x01\\x1f\\x7f"},
        {"\x1B]0;title\x07", "\\x1b]0;title\\x07"},
        {"\xC2\x80\xC2\x9B"
         "31m\xC2\x9F",
         "\\u0080\\u009b31m\\u009f"},
        {"x\xE2\x80\xAE"
         "y\xE2\x81\xA6z\xE2\x80\x8F",
         "x\\u202ey\\u2066z\\u200f"},
        {"\xE2\x80\xA8\xE2\x80\xA9", "\\u2028\\u2029"},
        /* not UTF-8: a lone C1 byte, one cut short, an overlong ESC, a surrogate, too large */
        {"\x9B"
         "31m",
         "\\x9b31m"},
        {"a\xC3", "a\\xc3"},
        {"\xE2\x82", "\\xe2\\x82"},
        {"\xC0\x9B", "\\xc0\\x9b"},
        {"\xE0\x80\x9B", "\\xe0\\x80\\x9b"},
        {"\xED\xA0\x80", "\\xed\\xa0\\x80"},
        {"\xF4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
        {"\xFF\xFE", "\\xff\\xfe"},
        {"\xC3(", "\\xc3("},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_text(cases[i].text, cases[i].printed);
}

static void a_table_is_aligned_by_characters(void **state) {
    (void)state;
    assert_list(OUTPUT_TABLE,
                "[{\"id\":\"a\",\"on\":true,\"name\":\"A\"},"
                "{\"id\":\"\\u00f6\\u00f6\\u00f6\",\"on\":false,\"name\":7},"
                "{\"id\":null,\"name\":null},{}]",
                "ID   ON     NAME\n"
                "a    true   A\n"
                "\xC3\xB6\xC3\xB6\xC3\xB6  false  7\n"
                "            \n"
                "            \n");
}

static void what_is_made_visible_counts_in_the_width(void **state) {
    (void)state;
    assert_list(OUTPUT_TABLE, "[{\"id\":\"\\u001b\",\"on\":1},{\"id\":\"abcd\",\"on\":22}]",
                "ID    ON  NAME\n"
                "\\x1b  1   \n"
                "abcd  22  \n");
}

static void a_table_without_rows_is_its_head(void **state) {
    (void)state;
    assert_list(OUTPUT_TABLE, "[]", "ID  ON  NAME\n");
    assert_list(OUTPUT_VALUE, "[]", "");
    assert_list(OUTPUT_JSON, "[]", "[]\n");
}

static void a_wide_value_pushes_its_own_row_only(void **state) {
    (void)state;
    char json[512];
    char expected[1024];
    char wide[81];
    memset(wide, 'w', 80);
    wide[80] = '\0';
    (void)snprintf(json, sizeof json, "[{\"id\":\"%s\",\"on\":1},{\"id\":\"a\",\"on\":2}]", wide);
    (void)snprintf(expected, sizeof expected, "%-62sON  NAME\n%s1   \n%-62s2   \n", "ID", wide,
                   "a");
    assert_list(OUTPUT_TABLE, json, expected);
}

static void rows_that_are_no_objects_do_no_harm(void **state) {
    (void)state;
    assert_list(OUTPUT_TABLE, "[1,null,[],\"x\"]",
                "ID  ON  NAME\n        \n        \n        \n"
                "        \n");
    assert_list(OUTPUT_VALUE, "[1,null]", "\n\n");
}

static void values_are_one_a_line(void **state) {
    (void)state;
    assert_list(OUTPUT_VALUE, "[{\"id\":\"a\\nb\"},{\"id\":2},{\"id\":2.5},{\"id\":[1,\"x\"]}]",
                "a\\x0ab\n2\n2.5\n[1,\"x\"]\n");
}

static void json_stays_json_and_steers_nothing(void **state) {
    (void)state;
    static const char object[] =
        "{\"name\": \"\\u001b\\u007f\\u009b\\u202e \\u00f6\\ud83d\\ude00\"}";
    json_t *before = parse(object);
    struct caught caught;
    catch_open(&caught);
    output_print_object(caught.out, OUTPUT_JSON, before, columns, COUNT_OF(columns), "id");
    assert_int_equal(fclose(caught.out), 0);
    assert_string_equal(
        caught.text,
        "{\n  \"name\": \"\\u001B\\u007f\\u009b\\u202e \xC3\xB6\xF0\x9F\x98\x80\"\n}\n");
    json_t *after = parse(caught.text);
    assert_true(json_equal(before, after));
    json_decref(before);
    json_decref(after);
    free(caught.text);
}

static void an_object_is_a_line_for_each_column(void **state) {
    (void)state;
    static const char object[] = "{\"id\":\"a\",\"on\":true,\"name\":\"x\\u001by\",\"more\":\"m\"}";
    assert_object(OUTPUT_TABLE, object, "id",
                  "ID            a\nON            true\nNAME          x\\x1by\n");
    assert_object(OUTPUT_VALUE, object, "id", "a\n");
    assert_object(OUTPUT_VALUE, object, "more", "m\n");
    assert_object(OUTPUT_VALUE, "{\"id\":null}", "id", "\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_format_is_json_table_or_value),
        cmocka_unit_test(plain_text_is_printed_as_it_is),
        cmocka_unit_test(control_characters_become_visible),
        cmocka_unit_test(a_table_is_aligned_by_characters),
        cmocka_unit_test(what_is_made_visible_counts_in_the_width),
        cmocka_unit_test(a_table_without_rows_is_its_head),
        cmocka_unit_test(a_wide_value_pushes_its_own_row_only),
        cmocka_unit_test(rows_that_are_no_objects_do_no_harm),
        cmocka_unit_test(values_are_one_a_line),
        cmocka_unit_test(json_stays_json_and_steers_nothing),
        cmocka_unit_test(an_object_is_a_line_for_each_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
