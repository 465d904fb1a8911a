/* The table of subcommands: help, version, wrong usage, and dev-token, which needs no server. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command_kit.h"

static const char *const names[] = {"serve", "dev-token", "tenant",  "profile",
                                    "token", "device",    "version", "help"};

static void help_lists_every_command(void **state) {
    (void)state;
    struct outcome expected = MUSTER("help");
    assert_int_equal(expected.code, COMMAND_DONE);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char line[64];
        (void)snprintf(line, sizeof line, "\n  %-12s ", names[i]);
        assert_non_null(strstr(expected.out, line));
    }
    const struct outcome same[] = {MUSTER("--help"), MUSTER("-h"), MUSTER("help", "--help"),
                                   MUSTER("help", "help"), kit_run((const char *const[]){NULL})};
    for (size_t i = 0; i < COUNT_OF(same); i++)
        kit_assert_printed(&same[i], expected.out);
}

static void every_command_has_help_with_an_example(void **state) {
    (void)state;
    for (size_t i = 0; i + 1 < COUNT_OF(names); i++) {
        struct outcome outcome = MUSTER(names[i], "--help");
        kit_assert_printed(&outcome, outcome.out);
        char example[64];
        (void)snprintf(example, sizeof example, "muster %s", names[i]);
        const char *start = strstr(outcome.out, "\nExample: ");
        assert_non_null(start);
        assert_non_null(strstr(start, example));
        struct outcome same = MUSTER("help", names[i]);
        kit_assert_printed(&same, outcome.out);
    }
}

static void a_verb_has_help_of_its_own(void **state) {
    (void)state;
    struct outcome outcome = MUSTER("token", "create", "--help");
    assert_non_null(strstr(outcome.out, "muster token create PROFILE: "));
    assert_non_null(strstr(outcome.out, "  --validity "));
    assert_non_null(strstr(outcome.out, "  -o "));
    assert_non_null(strstr(outcome.out, "\nExample: muster token create "));
    assert_null(strstr(outcome.out, "muster token revoke"));
    struct outcome same = MUSTER("help", "token", "create");
    kit_assert_printed(&same, outcome.out);
    outcome = MUSTER("token", "--help");
    same = MUSTER("help", "token", "--help");
    kit_assert_printed(&same, outcome.out);
}

static void the_version_is_printed(void **state) {
    (void)state;
    struct outcome outcome = MUSTER("version");
    kit_assert_printed(&outcome, "muster " MUSTER_VERSION "\n");
    outcome = MUSTER("--version");
    kit_assert_printed(&outcome, "muster " MUSTER_VERSION "\n");
}

static void wrong_usage_is_exit_code_two_with_a_hint(void **state) {
    (void)state;
    static const struct {
        const char *arguments[6];
        const char *message;
    } cases[] = {
        {{"nonsense"}, "muster: there is no command 'nonsense'; see muster help\n"},
        {{""}, "muster: there is no command ''; see muster help\n"},
        {{"help", "nonsense"}, "muster help: there is no such command; see muster help\n"},
        {{"help", "--bogus"}, "muster help: there is no flag '--bogus'; see muster help\n"},
        {{"--help", "-x"}, "muster help: there is no flag '-x'; see muster help\n"},
        {{"help", "token", "--bogus"}, "muster help: there is no flag '--bogus'"},
        {{"help", "token", "create", "x"}, "muster help: unexpected argument 'x'"},
        {{"version", "x"}, "muster version: unexpected argument 'x'; see muster help\n"},
        {{"profile"},
         "muster profile: say what to do: list, create, show, update or delete; see muster "
         "profile --help\n"},
        {{"tenant", "nonsense"},
         "muster tenant: unknown verb; say what to do: add, list, license, unlicense or strangers; "
         "see "
         "muster tenant --help\n"},
        {{"profile", "list", "x"}, "muster profile: unexpected argument 'x'; see muster profile"},
        {{"profile", "show", "x", "y"}, "muster profile: unexpected argument 'y'"},
        {{"profile", "list", "--name", "x"}, "muster profile: there is no flag '--name'"},
        {{"profile", "list", "-o", "xml"},
         "muster profile: -o must be json, table or value; it is 'xml'"},
        {{"token", "create", "x", "--validity"}, "muster token: '--validity' needs a value"},
        {{"device", "list", "--beta"}, "muster device: there is no flag '--beta'"},
        {{"serve", "--nonsense"}, "muster: there is no flag '--nonsense'; see muster serve --help"},
        {{"dev-token", "x"}, "muster dev-token: unexpected argument 'x'"},
        {{"dev-token", "--tenant", "x"}, "muster dev-token: --tenant must be a GUID; it is 'x'"},
        {{"dev-token", "--app", "--personal"},
         "muster dev-token: --app and --personal exclude each other"},
        {{"dev-token", "--expires-in", "soon"},
         "muster dev-token: --expires-in must be a number of seconds from -315360000 to "
         "315360000; it is 'soon'"},
        {{"dev-token", "--expires-in="}, "muster dev-token: --expires-in must be a number"},
        {{"dev-token", "--expires-in=--5"}, "muster dev-token: --expires-in must be a number"},
        {{"dev-token", "--expires-in= 5"}, "muster dev-token: --expires-in must be a number"},
        {{"dev-token", "--expires-in=315360001"},
         "muster dev-token: --expires-in must be a number"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct outcome outcome = kit_run(cases[i].arguments);
        kit_assert_failed(&outcome, COMMAND_MISUSED, cases[i].message);
    }
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk) {
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static int make_directory(void **state) {
    char *directory = strdup("/tmp/muster-cli-XXXXXX");
    assert_non_null(directory);
    assert_non_null(mkdtemp(directory));
    *state = directory;
    return unsetenv("MUSTER_DATA_DIR");
}

static int remove_directory(void **state) {
    int result = nftw(*state, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return result;
}

static void assert_is_token(const struct outcome *outcome) {
    assert_string_equal(outcome->err, "");
    assert_int_equal(outcome->code, COMMAND_DONE);
    size_t length = strspn(outcome->out, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                         "0123456789-_.");
    assert_string_equal(outcome->out + length, "\n");
    const char *first = strchr(outcome->out, '.');
    assert_non_null(first);
    const char *second = strchr(first + 1, '.');
    assert_non_null(second);
    assert_null(strchr(second + 1, '.'));
}

static void dev_token_makes_the_key_and_prints_the_token_alone(void **state) {
    char deeper[64];
    char key[128];
    struct stat status;
    (void)snprintf(deeper, sizeof deeper, "%s/a/b", (const char *)*state);
    (void)snprintf(key, sizeof key, "%s/dev-issuer.jwk", deeper);
    struct outcome outcome = MUSTER("dev-token", "--data-dir", deeper);
    assert_is_token(&outcome);
    assert_int_equal(stat(key, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(stat(deeper, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0700);
}

static void dev_token_takes_the_data_directory_from_the_environment(void **state) {
    char key[128];
    (void)snprintf(key, sizeof key, "%s/dev-issuer.jwk", (const char *)*state);
    assert_int_equal(setenv("MUSTER_DATA_DIR", *state, 1), 0);
    struct outcome outcome = MUSTER("dev-token", "--app", "--scope", "A B", "--expires-in", "-5");
    (void)unsetenv("MUSTER_DATA_DIR");
    assert_is_token(&outcome);
    assert_int_equal(access(key, F_OK), 0);
    outcome = MUSTER("dev-token", "--data-dir", *state, "--personal", "--user", "a@b", "--tenant",
                     "22222222-3333-4444-5555-666666666666");
    assert_is_token(&outcome);
}

static void a_data_directory_that_cannot_be_made_is_a_failure(void **state) {
    (void)state;
    struct outcome outcome = MUSTER("dev-token", "--data-dir", "/dev/null/x");
    kit_assert_failed(&outcome, COMMAND_FAILED, "muster dev-token: /dev/null/x: ");
}

static void a_token_that_cannot_be_written_is_a_failure(void **state) {
    struct outcome outcome =
        kit_run_on_full_device((const char *const[]){"dev-token", "--data-dir", *state, NULL});
    kit_assert_failed(&outcome, COMMAND_FAILED, "muster: the output cannot be written: ");
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_lists_every_command),
        cmocka_unit_test(every_command_has_help_with_an_example),
        cmocka_unit_test(a_verb_has_help_of_its_own),
        cmocka_unit_test(the_version_is_printed),
        cmocka_unit_test(wrong_usage_is_exit_code_two_with_a_hint),
        IN_DIRECTORY(dev_token_makes_the_key_and_prints_the_token_alone),
        IN_DIRECTORY(dev_token_takes_the_data_directory_from_the_environment),
        IN_DIRECTORY(a_data_directory_that_cannot_be_made_is_a_failure),
        IN_DIRECTORY(a_token_that_cannot_be_written_is_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
