#include "cli/process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#define PATH_SIZE 128

/* Each test starts in an empty directory and names what it makes relative to it. */
struct place {
    char path[PATH_SIZE];
    mode_t mask;
};

static int enter_place(void **state) {
    struct place *place = calloc(1, sizeof *place);
    if (place == NULL)
        return -1;
    (void)snprintf(place->path, sizeof place->path, "/tmp/muster-process-XXXXXX");
    place->mask = umask(0);
    *state = place;
    return mkdtemp(place->path) == NULL || chdir(place->path) != 0 ? -1 : 0;
}

static int leave_place(void **state) {
    static const char *const made[] = {"a/b/c", "a/b", "a", "wide", "file"};
    struct place *place = *state;
    for (size_t i = 0; i < COUNT_OF(made); i++)
        (void)remove(made[i]);
    (void)umask(place->mask);
    int result = chdir("/") | rmdir(place->path);
    free(place);
    return result;
}

static void assert_mode(const char *path, mode_t mode) {
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_true(S_ISDIR(status.st_mode));
    assert_int_equal(status.st_mode & 07777U, mode);
}

static void write_file(const char *path) {
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    assert_int_equal(close(file), 0);
}

/* The umask is zero here: what nobody else may enter was asked for, not left over. */
static void directories_are_made_for_the_owner_alone(void **state) {
    (void)state;
    assert_ok(process_make_directory("a/b/c"));
    assert_mode("a", 0700);
    assert_mode("a/b", 0700);
    assert_mode("a/b/c", 0700);
}

static void slashes_may_be_repeated_and_stand_at_the_end(void **state) {
    (void)state;
    assert_ok(process_make_directory(".//a//b/"));
    assert_mode("a/b", 0700);
}

static void an_absolute_path_is_made_as_well(void **state) {
    const struct place *place = *state;
    char path[PATH_SIZE + 8];
    (void)snprintf(path, sizeof path, "%s/a", place->path);
    assert_ok(process_make_directory(path));
    assert_mode("a", 0700);
}

static void a_directory_that_is_there_is_left_as_it_is(void **state) {
    (void)state;
    assert_int_equal(mkdir("wide", 0755), 0);
    assert_ok(process_make_directory("wide"));
    assert_mode("wide", 0755);
}

static void assert_refused(const char *path, const char *message) {
    struct error error = process_make_directory(path);
    assert_int_equal(error.code, ERROR_INVALID);
    assert_string_equal(error.message, message);
}

/* Whoever may write it can put a database or a key of theirs in place. */
static void a_directory_that_others_may_write_is_refused(void **state) {
    (void)state;
    assert_int_equal(mkdir("wide", 0775), 0);
    assert_refused("wide", "wide: others may write the directory (mode 0775). Run: chmod 700 wide");
    assert_int_equal(chmod("wide", 0702), 0);
    assert_refused("wide", "wide: others may write the directory (mode 0702). Run: chmod 700 wide");
}

static void a_directory_that_cannot_be_made_is_named_with_the_reason(void **state) {
    (void)state;
    write_file("file");
    assert_refused("file", "file: not a directory");
    assert_refused("file/a", "file/a: the directory cannot be made: Not a directory");
    assert_refused("", ": the directory cannot be made: No such file or directory");
}

enum { CORE_IS_LIMITED = 1, IS_NOT_DUMPABLE = 2, FILES_ARE_PRIVATE = 4, ALL_PROTECTED = 7 };

/* In a process of its own, which cannot take the protection back. */
static int find_protections(void) {
    struct rlimit core = {.rlim_cur = 1, .rlim_max = 1};
    struct error error = process_protect_secrets();
    if (error_is_set(&error) || getrlimit(RLIMIT_CORE, &core) != 0)
        return 0;
    int found = core.rlim_cur == 0 && core.rlim_max == 0 ? CORE_IS_LIMITED : 0;
    found |= prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? IS_NOT_DUMPABLE : 0;
    return found | (umask(0) == 0077 ? FILES_ARE_PRIVATE : 0);
}

static int find_file_limit_raised(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max < 64)
        return 0;
    limit.rlim_cur = 32;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 0;
    process_raise_file_limit();
    rlim_t granted = limit.rlim_max;
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur == granted &&
           process_find_file_limit() == granted;
}

static int find_signals_held(void) {
    process_hold_signals();
    sigset_t waiting;
    return raise(SIGHUP) == 0 && raise(SIGTERM) == 0 && sigpending(&waiting) == 0 &&
           sigismember(&waiting, SIGHUP) == 1 && sigismember(&waiting, SIGTERM) == 1;
}

static int run_apart(int (*find)(void)) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(find());
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void secrets_stay_out_of_core_dumps_and_other_processes(void **state) {
    (void)state;
    assert_int_equal(run_apart(find_protections), ALL_PROTECTED);
}

static void a_reload_or_a_stop_during_the_start_waits(void **state) {
    (void)state;
    assert_int_equal(run_apart(find_signals_held), 1);
}

static void as_many_files_may_be_open_as_the_system_grants(void **state) {
    (void)state;
    assert_int_equal(run_apart(find_file_limit_raised), 1);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, enter_place, leave_place)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_PLACE(directories_are_made_for_the_owner_alone),
        IN_PLACE(slashes_may_be_repeated_and_stand_at_the_end),
        IN_PLACE(an_absolute_path_is_made_as_well),
        IN_PLACE(a_directory_that_is_there_is_left_as_it_is),
        IN_PLACE(a_directory_that_others_may_write_is_refused),
        IN_PLACE(a_directory_that_cannot_be_made_is_named_with_the_reason),
        cmocka_unit_test(secrets_stay_out_of_core_dumps_and_other_processes),
        cmocka_unit_test(a_reload_or_a_stop_during_the_start_waits),
        cmocka_unit_test(as_many_files_may_be_open_as_the_system_grants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
