#include "cli/tour.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

static char *print(const char *program, const char *data_directory) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    tour_print(out, program, data_directory, "127.0.0.1:8080");
    assert_int_equal(fclose(out), 0);
    return text;
}

static void every_line_begins_as_expected(void **state) {
    (void)state;
    static const char *const expected[] = {
        "",
        "Muster serves. A tour, ",
        "",
        "  # a bearer token ",
        "  MUSTER='build/muster'",
        "  DATA='muster-data'",
        "  export MUSTER_URL=http://127.0.0.1:8080",
        "  export MUSTER_TOKEN=$(\"$MUSTER\" dev-token ",
        "  PROFILES=$MUSTER_URL/v1.0/",
        "",
        "  # an enrollment profile",
        "  PROFILE=$(\"$MUSTER\" profile create ",
        "",
        "  # a token ",
        "  curl -i -X POST \"$PROFILES/$PROFILE/createToken\" ",
        "",
        "  # read it",
        "  curl -s \"$PROFILES/$PROFILE\" ",
        "  TOKEN=$(\"$MUSTER\" token show ",
        "",
        "  # a device ",
        "  curl -i \"$MUSTER_URL/enroll\" ",
        "",
        "  # the administrator ",
        "  MUSTER_TOKEN=$(\"$MUSTER\" dev-token ",
        "",
    };
    char *text = print("build/muster", "muster-data");
    char *rest = text;
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        char *line = strsep(&rest, "\n");
        assert_non_null(line);
        bool is_as_expected = expected[i][0] == '\0'
                                  ? line[0] == '\0'
                                  : strncmp(line, expected[i], strlen(expected[i])) == 0;
        if (!is_as_expected)
            fail_msg("line %zu is \"%s\", not \"%s...\"", i + 1, line, expected[i]);
    }
    assert_string_equal(rest, "");
    free(text);
}

/* What the command prints; text has room for size bytes. */
static void run_shell(char *command, char *text, size_t size) {
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char *const arguments[] = {(char[]){"sh"}, (char[]){"-c"}, command, NULL};
        if (dup2(ends[1], STDOUT_FILENO) >= 0)
            (void)execv("/bin/sh", arguments);
        _exit(127);
    }
    (void)close(ends[1]);
    ssize_t length = read(ends[0], text, size - 1);
    (void)close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    text[length < 0 ? 0 : length] = '\0';
}

/* What a POSIX shell makes of the assignment decides, not how the quotes are written. */
static void a_shell_reads_paths_back_as_they_are(void **state) {
    (void)state;
    static const char *const paths[] = {"it's here", "a b", "$HOME", "`id`", "\"",
                                        "\\",        "'",   "''",    "-n",   "*"};
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        char *text = print("muster", paths[i]);
        char *assignment = strstr(text, "  DATA=");
        assert_non_null(assignment);
        char *command = NULL;
        assert_true(asprintf(&command, "%.*s; printf %%s \"$DATA\"", (int)strcspn(assignment, "\n"),
                             assignment) > 0);
        char printed[64];
        run_shell(command, printed, sizeof printed);
        assert_string_equal(printed, paths[i]);
        free(command);
        free(text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_begins_as_expected),
        cmocka_unit_test(a_shell_reads_paths_back_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
