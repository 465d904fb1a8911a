/* What the log does about a reader that stops reading: nobody waits for him. Each of these tests
 * would hang if somebody did. */
#include "base/log.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
