/* What the log does about a reader that stops reading: nobody waits for him. Each of these tests
 * would hang if somebody did. */
#include "base/log.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test.h"

struct scene {
    struct still_clock clock;
    struct log *log;
    int reader; /* does not block */
    int writer;
    char text[1024 * 1024]; /* NUL-terminated */
    size_t length;
};

static struct scene scene;

static int set_up(void **state) {
    (void)state;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0)
        return -1;
    scene.reader = ends[0];
    scene.writer = ends[1];
    scene.length = 0;
    scene.clock = still_clock_make(INSTANT_UNIX_EPOCH);
    scene.log = log_open(scene.writer, LOG_LEVEL_INFO, LOG_FORMAT_LOGFMT, &scene.clock.clock);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    log_close(scene.log);
    (void)close(scene.reader);
    (void)close(scene.writer);
    return 0;
}

/* Reads what is in the pipe; returns whether there was something. */
static bool read_some(void) {
    size_t before = scene.length;
    ssize_t count;
    while ((count = read(scene.reader, scene.text + scene.length,
                         sizeof scene.text - 1 - scene.length)) > 0)
        scene.length += (size_t)count;
    scene.text[scene.length] = '\0';
    return scene.length > before;
}

static void read_all(void) {
    do
        log_flush(scene.log);
    while (read_some());
}

static size_t count_lines_with(const char *event) {
    size_t lines = 0;
    for (const char *line = scene.text; *line != '\0'; line = strchr(line, '\n') + 1) {
        assert_non_null(strchr(line, '\n'));
        assert_memory_equal(line, "time=1970-01-01T00:00:00Z level=", 32);
        const char *found = strstr(line, event);
        lines += found != NULL && found < strchr(line, '\n') ? 1 : 0;
    }
    return lines;
}

/* More than a pipe and the log itself hold. */
enum { LINES = 2000, VALUE = 900 };

static void write_too_much(void) {
    static char value[VALUE];
    memset(value, 'v', sizeof value);
    for (int i = 0; i < LINES; i++)
        LOG(scene.log, i % 2 == 0 ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING, "happened",
            log_text("value", (struct slice){value, i % 100 == 0 ? 10 : VALUE}));
}

static void a_reader_that_stops_holds_nobody_up_and_is_told_what_it_missed(void **state) {
    (void)state;
    write_too_much();
    uint64_t dropped = log_count_dropped(scene.log);
    assert_in_range(dropped, 1, LINES - 1);
    read_all();
    assert_int_equal(count_lines_with("event=happened") + dropped, LINES);
    char told[100];
    (void)snprintf(told, sizeof told, "level=error event=\"log lines dropped\" count=%" PRIu64 "\n",
                   dropped);
    assert_non_null(strstr(scene.text, told));
    assert_int_equal(count_lines_with("dropped"), 1);
    LOG(scene.log, LOG_LEVEL_INFO, "later", log_number("n", 1));
    read_all();
    assert_int_equal(count_lines_with("event=later"), 1);
    assert_int_equal(count_lines_with("dropped"), 1);
    assert_int_equal(log_count_dropped(scene.log), dropped);
}

static void a_reader_that_comes_back_is_told_before_the_next_line(void **state) {
    (void)state;
    write_too_much();
    while (read_some())
        LOG(scene.log, LOG_LEVEL_WARNING, "later", log_number("n", 1));
    const char *told = strstr(scene.text, "log lines dropped");
    const char *later = strstr(scene.text, "event=later");
    assert_non_null(told);
    assert_non_null(later);
    assert_true(told < later);
}

/* Escaped, a line of these is 24 KiB: longer than a pipe takes at once. */
static void a_long_line_stays_whole_even_where_it_did_not_fit(void **state) {
    (void)state;
    enum { LONG_LINES = 8 };
    char value[1024];
    memset(value, 1, sizeof value);
    struct slice text = {value, sizeof value};
    for (int i = 0; i < LONG_LINES; i++)
        LOG(scene.log, LOG_LEVEL_WARNING, "long", log_text("a", text), log_text("b", text),
            log_text("c", text), log_text("d", text));
    read_all();
    assert_int_equal(count_lines_with("event=long"), LONG_LINES);
    assert_int_equal(scene.length % LONG_LINES, 0);
    assert_int_equal(log_count_dropped(scene.log), 0);
}

static void a_log_that_nobody_reads_ends_all_the_same(void **state) {
    (void)state;
    write_too_much();
    assert_true(log_count_dropped(scene.log) > 0);
    log_close(scene.log);
    scene.log = NULL;
}

/* Has log write to descriptor, which nobody reads, until it gives up lines. The descriptor is
 * shared with others, such as the shell that started the server: it has to stay as it is. */
static void assert_holds_nobody_up(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    assert_true(flags >= 0);
    log_close(scene.log);
    scene.log = log_open(descriptor, LOG_LEVEL_INFO, LOG_FORMAT_LOGFMT, &scene.clock.clock);
    write_too_much();
    assert_true(log_count_dropped(scene.log) > 0);
    assert_int_equal(fcntl(descriptor, F_GETFL), flags);
    assert_int_equal(flags & O_NONBLOCK, 0);
    log_close(scene.log);
    scene.log = NULL;
}

/* It says that it can be written while it takes less than a line. */
static void a_terminal_that_stands_still_holds_nobody_up(void **state) {
    (void)state;
    char name[64];
    int screen = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(screen >= 0);
    assert_int_equal(grantpt(screen), 0);
    assert_int_equal(unlockpt(screen), 0);
    assert_int_equal(ptsname_r(screen, name, sizeof name), 0);
    int terminal = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(terminal >= 0);
    assert_holds_nobody_up(terminal);
    (void)close(terminal);
    (void)close(screen);
}

static void a_pipe_that_is_shared_with_others_stays_as_it_is(void **state) {
    (void)state;
    assert_holds_nobody_up(scene.writer);
}

/* systemd's journal is one. */
static void a_socket_that_is_shared_with_others_stays_as_it_is(void **state) {
    (void)state;
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    assert_holds_nobody_up(ends[0]);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

/* Others have written there, and go on to. */
static void a_file_is_written_where_it_ends(void **state) {
    (void)state;
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(write(fileno(file), "before\n", 7), 7);
    log_close(scene.log);
    scene.log = log_open(fileno(file), LOG_LEVEL_INFO, LOG_FORMAT_LOGFMT, &scene.clock.clock);
    LOG(scene.log, LOG_LEVEL_INFO, "happened", log_number("n", 1));
    log_close(scene.log);
    scene.log = NULL;
    assert_int_equal(write(fileno(file), "after\n", 6), 6);
    ssize_t length = pread(fileno(file), scene.text, sizeof scene.text - 1, 0);
    assert_true(length > 0);
    scene.text[length] = '\0';
    assert_string_equal(scene.text, "before\ntime=1970-01-01T00:00:00Z level=info event=happened "
                                    "n=1\nafter\n");
    assert_int_equal(fclose(file), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_reader_that_stops_holds_nobody_up_and_is_told_what_it_missed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reader_that_comes_back_is_told_before_the_next_line,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_long_line_stays_whole_even_where_it_did_not_fit, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_log_that_nobody_reads_ends_all_the_same, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_terminal_that_stands_still_holds_nobody_up, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_pipe_that_is_shared_with_others_stays_as_it_is, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_socket_that_is_shared_with_others_stays_as_it_is, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_file_is_written_where_it_ends, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
