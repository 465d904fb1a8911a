/* Flags of client commands. */
#include "cli/options.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

struct parsed {
    const char *name;
    const char *output;
    bool force;
    const char *positional[2];
    size_t positional_count;
    bool wants_help;
};

static size_t list_options(struct parsed *parsed, struct option options[static 3]) {
    options[0] = (struct option){"name", &parsed->name, NULL, "the display name"};
    options[1] = (struct option){"o", &parsed->output, NULL, "the form"};
    options[2] = (struct option){"force", NULL, &parsed->force, "without asking"};
    return 3;
}

static struct error parse(const char *const *arguments, struct parsed *parsed) {
    struct option options[3];
    char *copies[8] = {NULL};
    int count = 0;
    *parsed = (struct parsed){0};
    for (; arguments[count] != NULL; count++)
        copies[count] = (char *)(uintptr_t)arguments[count];
    return options_parse(count, copies, options, list_options(parsed, options), parsed->positional,
                         2, &parsed->positional_count, &parsed->wants_help);
}
#define PARSE(parsed, ...) parse((const char *const[]){__VA_ARGS__, NULL}, parsed)

static void values_stand_behind_a_blank_or_an_equals_sign(void **state) {
    (void)state;
    struct parsed parsed;
    assert_ok(PARSE(&parsed, "--name", "a", "-o", "json", "--force"));
    assert_string_equal(parsed.name, "a");
    assert_string_equal(parsed.output, "json");
    assert_true(parsed.force);
    assert_ok(PARSE(&parsed, "--name=a=b", "-o=json"));
    assert_string_equal(parsed.name, "a=b");
    assert_string_equal(parsed.output, "json");
    assert_false(parsed.force);
    assert_ok(PARSE(&parsed, "--name="));
    assert_string_equal(parsed.name, "");
    assert_ok(PARSE(&parsed, "--name", "-5"));
    assert_string_equal(parsed.name, "-5");
    assert_ok(PARSE(&parsed, "--name=--force"));
    assert_string_equal(parsed.name, "--force");
    assert_false(parsed.force);
    assert_ok(PARSE(&parsed, "--name",
                    "Gr\xC3\xB6\xC3\x9F"
                    "e"));
    assert_string_equal(parsed.name, "Gr\xC3\xB6\xC3\x9F"
                                     "e");
}

static void what_is_no_flag_is_kept_in_its_order(void **state) {
    (void)state;
    struct parsed parsed;
    assert_ok(PARSE(&parsed, "first", "--force", "-"));
    assert_int_equal(parsed.positional_count, 2);
    assert_string_equal(parsed.positional[0], "first");
    assert_string_equal(parsed.positional[1], "-");
    assert_true(parsed.force);
    assert_ok(PARSE(&parsed, "--", "--force", "--help"));
    assert_int_equal(parsed.positional_count, 2);
    assert_string_equal(parsed.positional[0], "--force");
    assert_string_equal(parsed.positional[1], "--help");
    assert_false(parsed.force);
    assert_false(parsed.wants_help);
}

static void help_ends_the_reading(void **state) {
    (void)state;
    struct parsed parsed;
    assert_ok(PARSE(&parsed, "--help", "--nonsense"));
    assert_true(parsed.wants_help);
    assert_ok(PARSE(&parsed, "x", "-h"));
    assert_true(parsed.wants_help);
}

static void what_is_wrong_is_refused_by_its_name(void **state) {
    (void)state;
    static const struct {
        const char *arguments[4];
        const char *message;
    } cases[] = {
        {{"--nonsense"}, "there is no flag '--nonsense'"},
        {{"--nam", "a"}, "there is no flag '--nam'"},
        {{"--names", "a"}, "there is no flag '--names'"},
        {{"-name", "a"}, "there is no flag '-name'"},
        {{"--o", "json"}, "there is no flag '--o'"},
        {{"-f"}, "there is no flag '-f'"},
        {{"--=x"}, "there is no flag '--=x'"},
        {{"--name"}, "'--name' needs a value: the display name"},
        {{"--name", "--force"}, "'--name' needs a value: the display name"},
        {{"-o"}, "'-o' needs a value: the form"},
        {{"--name", "a", "--name=a"}, "'--name' is given twice"},
        {{"-o=a", "-o=a"}, "'-o' is given twice"},
        {{"--force", "--force"}, "'--force' is given twice"},
        {{"--force=true"}, "'--force' takes no value"},
        {{"a", "b", "c"}, "unexpected argument 'c'"},
        {{"--name=\xFF"}, "'--name' is not UTF-8"},
        {{"\xC3"}, "an argument is not UTF-8"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct parsed parsed;
        struct error error = parse(cases[i].arguments, &parsed);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_string_equal(error.message, cases[i].message);
    }
}

static void help_has_a_line_for_each_flag(void **state) {
    (void)state;
    struct parsed parsed = {0};
    struct option options[3];
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    options_print(out, options, list_options(&parsed, options));
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, "  --name                 the display name\n"
                              "  -o                     the form\n"
                              "  --force                without asking\n");
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_stand_behind_a_blank_or_an_equals_sign),
        cmocka_unit_test(what_is_no_flag_is_kept_in_its_order),
        cmocka_unit_test(help_ends_the_reading),
        cmocka_unit_test(what_is_wrong_is_refused_by_its_name),
        cmocka_unit_test(help_has_a_line_for_each_flag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
