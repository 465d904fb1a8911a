/* token show with a code: what is printed, and how files are written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command_kit.h"

#define CODED                                                                                      \
    "{\"id\":\"p1\",\"tokenValue\":\"ABC\",\"qrCodeContent\":\"{\\\"a\\\":1}\","                   \
    "\"@muster.zeroTouch\":\"{\\\"b\\\":2}\",\"@muster.knox\":\"{\\\"c\\\":3}\"}"
#define UNNAMED "{\"id\":\"p1\",\"tokenValue\":\"ABC\",\"qrCodeContent\":null}"
#define PNG_SIGNATURE "\x89PNG\r\n\x1A\n"
#define PLACE_SIZE 64

static void make_place(char directory[static PLACE_SIZE], char file[static PLACE_SIZE]) {
    (void)snprintf(directory, PLACE_SIZE, "/tmp/muster-code-XXXXXX");
    assert_non_null(mkdtemp(directory));
    (void)snprintf(file, PLACE_SIZE, "%.40s/code", directory);
}

/* Also that nothing else was left in it. */
static void remove_place(const char *directory, const char *file) {
    (void)unlink(file);
    assert_int_equal(rmdir(directory), 0);
}

static void assert_begins(const char *path, const char *beginning) {
    char content[16] = {0};
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    assert_true(fread(content, 1, sizeof content - 1, file) >= strlen(beginning));
    (void)fclose(file);
    assert_memory_equal(content, beginning, strlen(beginning));
}

static void each_format_prints_its_payload_alone(void **state) {
    static const char *const formats[][2] = {
        {"qr", "{\"a\":1}\n"}, {"zero-touch", "{\"b\":2}\n"}, {"knox", "{\"c\":3}\n"}};
    for (size_t i = 0; i < COUNT_OF(formats); i++) {
        script_server_answer(*state, 200, "", CODED);
        struct outcome outcome = MUSTER("token", "show", "p1", "--format", formats[i][0]);
        kit_assert_printed(&outcome, formats[i][1]);
        assert_non_null(strstr(script_server_request(*state, i),
                               "Prefer: odata.include-annotations=\"muster.*\"\r\n"));
    }
    script_server_answer(*state, 200, "", CODED);
    struct outcome outcome = MUSTER("token", "show", "p1", "--format", "pdf");
    kit_assert_failed(&outcome, COMMAND_MISUSED,
                      "muster token: --format must be qr, zero-touch or knox; it is 'pdf'");
}

static void without_a_controller_the_command_says_who_has_to_act(void **state) {
    static const char *const calls[][6] = {{"token", "show", "p1", "--qr"},
                                           {"token", "show", "p1", "--format", "qr"},
                                           {"token", "show", "p1", "--format", "knox"},
                                           {"token", "show", "p1", "--png", "/nonexistent/code"}};
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        script_server_answer(*state, 200, "", UNNAMED);
        struct outcome outcome = kit_run(calls[i]);
        kit_assert_failed(&outcome, COMMAND_FAILED,
                          "muster token: the profile has no enrollment code: the server's section "
                          "[provisioning], or the profile, must name a device policy controller");
    }
}

static void pictures_are_for_their_owner_alone(void **state) {
    char directory[PLACE_SIZE];
    char file[PLACE_SIZE];
    make_place(directory, file);
    mode_t mask = umask(0);
    static const char *const kinds[][2] = {{"--png", PNG_SIGNATURE}, {"--svg", "<"}};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        script_server_answer(*state, 200, "", CODED);
        struct outcome outcome = MUSTER("token", "show", "p1", kinds[i][0], file);
        kit_assert_printed(&outcome, "");
        struct stat found;
        assert_int_equal(stat(file, &found), 0);
        assert_int_equal(found.st_mode, S_IFREG | S_IRUSR | S_IWUSR);
        assert_begins(file, kinds[i][1]);
    }
    (void)umask(mask);
    remove_place(directory, file);
}

/* Also one that others could read: the new file has its own rights. */
static void a_file_that_is_there_is_replaced_whole(void **state) {
    char directory[PLACE_SIZE];
    char file[PLACE_SIZE];
    make_place(directory, file);
    FILE *old = fopen(file, "we");
    assert_non_null(old);
    (void)fclose(old);
    assert_int_equal(chmod(file, S_IRUSR | S_IWUSR | S_IROTH), 0);
    script_server_answer(*state, 200, "", CODED);
    struct outcome outcome = MUSTER("token", "show", "p1", "--png", file);
    kit_assert_printed(&outcome, "");
    struct stat found;
    assert_int_equal(stat(file, &found), 0);
    assert_int_equal(found.st_mode, S_IFREG | S_IRUSR | S_IWUSR);
    assert_begins(file, PNG_SIGNATURE);
    remove_place(directory, file);
}

static void what_is_no_file_is_left_as_it_is(void **state) {
    char directory[PLACE_SIZE];
    char link[PLACE_SIZE];
    make_place(directory, link);
    assert_int_equal(symlink("nowhere", link), 0);
    char pipe[PLACE_SIZE];
    (void)snprintf(pipe, sizeof pipe, "%.40s/pipe", directory);
    assert_int_equal(mkfifo(pipe, S_IRUSR | S_IWUSR), 0);
    const char *const paths[] = {directory, link, pipe};
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        struct stat before;
        struct stat after;
        assert_int_equal(lstat(paths[i], &before), 0);
        script_server_answer(*state, 200, "", CODED);
        struct outcome outcome = MUSTER("token", "show", "p1", "--svg", paths[i]);
        kit_assert_failed(&outcome, COMMAND_FAILED, "muster token: ");
        assert_non_null(strstr(outcome.err, "is there and is no regular file; give another name"));
        assert_int_equal(lstat(paths[i], &after), 0);
        assert_int_equal(after.st_ino, before.st_ino);
        assert_int_equal(after.st_mode, before.st_mode);
    }
    assert_int_equal(unlink(pipe), 0);
    remove_place(directory, link);
}

static void a_place_that_cannot_be_written_is_named(void **state) {
    script_server_answer(*state, 200, "", CODED);
    struct outcome outcome = MUSTER("token", "show", "p1", "--png", "/nonexistent/code");
    kit_assert_failed(&outcome, COMMAND_FAILED,
                      "muster token: /nonexistent/code cannot be written: No such file");
}

static void two_pictures_do_not_fit_one_file(void **state) {
    char directory[PLACE_SIZE];
    char file[PLACE_SIZE];
    make_place(directory, file);
    script_server_answer(*state, 200, "", CODED);
    struct outcome outcome = MUSTER("token", "show", "p1", "--png", file, "--svg", file);
    kit_assert_failed(&outcome, COMMAND_MISUSED, "muster token: --png and --svg must name two");
    assert_int_equal(access(file, F_OK), -1);
    remove_place(directory, file);
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, kit_open_server, kit_close_server)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_SERVER(each_format_prints_its_payload_alone),
        WITH_SERVER(without_a_controller_the_command_says_who_has_to_act),
        WITH_SERVER(pictures_are_for_their_owner_alone),
        WITH_SERVER(a_file_that_is_there_is_replaced_whole),
        WITH_SERVER(what_is_no_file_is_left_as_it_is),
        WITH_SERVER(a_place_that_cannot_be_written_is_named),
        WITH_SERVER(two_pictures_do_not_fit_one_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
