/* What a file may look like, and that nothing in it is passed over in silence. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/config_kit.h"

#define LINE_BYTES_AT_MOST 199
#define TOO_LONG                                                                                   \
    "FILE:2: the line is longer than 199 bytes; docs/operations.md says under Settings where "     \
    "longer values go"
#define CONTINUES(key)                                                                             \
    "the line begins with a blank, so it would go on with '" key                                   \
    "', which has one line only; begin a key at the start of its line"

static size_t loops_of(const char *file) {
    struct config *config = NULL;
    assert_ok(kit_load(file, NULL, NULL, &config));
    size_t loops = config->loops;
    config_free(config);
    return loops;
}

static void blanks_comments_and_both_line_ends_are_allowed(void **state) {
    (void)state;
    assert_int_equal(loops_of("[server]\nloops=7"), 7);
    assert_int_equal(loops_of("\n# a\n; b\n[server] ; c\n  loops  =  7  ; d\n\n"), 7);
    assert_int_equal(loops_of("[server]\r\nloops = 7\r\n"), 7);
    assert_int_equal(loops_of("[server]\t# c\nloops:7\n"), 7);
    assert_int_equal(loops_of("\xEF\xBB\xBF[server]\nloops = 7\n"), 7);
    assert_int_equal(loops_of("[server]\n[graph]\n[server]\nloops = 7\n"), 7);
    assert_int_equal(loops_of("# Gr\xC3\xB6\xC3\x9F"
                              "e\n[server]\nloops = 7\n"),
                     7);
}

static void an_empty_file_changes_nothing(void **state) {
    (void)state;
    struct config *config = NULL;
    assert_ok(kit_load("", NULL, NULL, &config));
    assert_string_equal(config->listen, "127.0.0.1:8080");
    config_free(config);
}

static void what_is_wrong_is_named_with_file_and_line(void **state) {
    (void)state;
    static const struct {
        const char *file;
        const char *message;
    } cases[] = {
        {"[server]\nlisten-to = x\n", "FILE:2: [server] has no key 'listen-to'"},
        {"[server]\nLoops = 2\n", "FILE:2: [server] has no key 'Loops'"},
        {"[server]\nintune-error-wrapping = true\n",
         "FILE:2: [server] has no key 'intune-error-wrapping'"},
        {"[graph]\nloops = 2\n", "FILE:2: [graph] has no key 'loops'"},
        {"[server]\n= 2\n", "FILE:2: [server] has no key ''"},
        {"\n[sever]\nloops = 2\n", "FILE:2: there is no section [sever]; there are [server], "
                                   "[graph], [provisioning], [issuer NAME] and [webhook NAME]"},
        {"[sever]\n", "FILE:1: there is no section [sever]; there are [server], [graph], "
                      "[provisioning], [issuer NAME] and [webhook NAME]"},
        {"[]\n", "FILE:1: there is no section []; there are [server], [graph], [provisioning], "
                 "[issuer NAME] and [webhook NAME]"},
        {"[issuer]\n", "FILE:1: there is no section [issuer]; there are [server], [graph], "
                       "[provisioning], [issuer NAME] and [webhook NAME]"},
        {"loops = 2\n", "FILE:1: 'loops' stands before any [section]; begin with [server]"},
        {"[server]\nloops = 2\n\nloops = 2\n", "FILE:4: loops is given twice"},
        {"[server]\nloops = 2\n[graph]\n[server]\nloops = 3\n", "FILE:5: loops is given twice"},
        {"[server]\nlisten = h:1\n  h:2\n", "FILE:3: " CONTINUES("listen")},
        {"[server]\n  data-dir = /d\n\n# c\n\tloops = 2\n", "FILE:5: " CONTINUES("data-dir")},
        {"[graph]\ncors-origins = *\n  throttle-span-seconds = 20\n",
         "FILE:3: " CONTINUES("cors-origins")},
        {"[issuer a]\naudience = X\n  algorithms = ES256\n", "FILE:3: " CONTINUES("audience")},
        {"[webhook a]\nurl = https://a\n b\n", "FILE:3: " CONTINUES("url")},
        {"[provisioning]\nadmin-extras = {}\nlocale = de\n  preset = none\n",
         "FILE:4: " CONTINUES("locale")},
        {"[server]\nloops = many\n",
         "FILE:2: loops must be a whole number from 1 to 64; it is 'many'"},
        {"[server]\nloops =\n", "FILE:2: loops must be a whole number from 1 to 64; it is ''"},
        {"[server]\ndata-dir =\n", "FILE:2: data-dir must be a path; it is ''"},
        {"[server]\nlisten = 8080\n",
         "FILE:2: listen must be HOST:PORT, [IPV6]:PORT or unix:/PATH; it is '8080'"},
        {"[server]\ndev = 1\n", "FILE:2: dev must be true or false; it is '1'"},
        {"[server]\nloops\n",
         "FILE:2: neither a [section] nor 'key = value'; comments begin with # or ;"},
        {"[server\nloops = 2\n",
         "FILE:1: neither a [section] nor 'key = value'; comments begin with # or ;"},
        {"[server]\nnonsense\nloops = many\n",
         "FILE:2: neither a [section] nor 'key = value'; comments begin with # or ;"},
        {"[server]\nloops = many\nnonsense\n",
         "FILE:2: loops must be a whole number from 1 to 64; it is 'many'"},
        {"[server]\n  [graph]\n", "FILE:2: a [section] begins at the start of its line"},
        {"[server] loops = 2\n", "FILE:1: there is 'loops = 2' behind the ']'"},
        {"[server]]\n", "FILE:1: there is ']' behind the ']'"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        kit_assert_refused(cases[i].file, NULL, NULL, cases[i].message);
}

static void bytes_that_are_no_text_are_refused(void **state) {
    (void)state;
    static const struct {
        struct slice file;
        const char *message;
    } cases[] = {
        {{"[server]\nloops = 2\0loops = 3\n", 29}, ":2: there is a control character (0x00)"},
        {{"[server]\nloops = 2\0", 19}, ":2: there is a control character (0x00)"},
        {{"[server]\nlisten = \x1B[31m:1\n", 25}, ":2: there is a control character (0x1b)"},
        {{"[server]\rloops = 2\n", 19}, ":1: there is a control character (0x0d)"},
        {{"[server]\nlisten = \x7F:1\n", 21}, ":2: there is a control character (0x7f)"},
        {{"[server]\nlisten = \xFF:1\n", 21}, ":2: the line is not UTF-8"},
        {{"\xFF\xFE[\0s\0", 6}, ":1: there is a control character (0x00)"},
        {{"\x7F"
          "ELF\x02\x01",
          6},
         ":1: there is a control character (0x7f)"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct config *config = NULL;
        struct error error = kit_load_bytes(cases[i].file, &config);
        config_free(config);
        assert_int_equal(error.code, ERROR_INVALID);
        if (strstr(error.message, cases[i].message) == NULL)
            fail_msg("%s instead of %s", error.message, cases[i].message);
    }
}

/* "[server]\ndata-dir = xxx\n" whose second line has this many bytes. */
static char *file_with_line(size_t bytes) {
    static const char start[] = "[server]\ndata-dir = ";
    size_t head = strlen("[server]\n");
    char *file = calloc(1, head + bytes + 2);
    assert_non_null(file);
    memset(file, 'x', head + bytes);
    memcpy(file, start, strlen(start));
    file[head + bytes] = '\n';
    return file;
}

static void a_line_may_be_long_and_is_never_cut(void **state) {
    (void)state;
    char *file = file_with_line(LINE_BYTES_AT_MOST);
    struct config *config = NULL;
    assert_ok(kit_load(file, NULL, NULL, &config));
    assert_int_equal(strlen(config->data_directory), LINE_BYTES_AT_MOST - strlen("data-dir = "));
    config_free(config);
    free(file);
    file = file_with_line(LINE_BYTES_AT_MOST + 1);
    kit_assert_refused(file, NULL, NULL, TOO_LONG);
    free(file);
    file = file_with_line(1000000);
    kit_assert_refused(file, NULL, NULL, TOO_LONG);
    free(file);
}

static void a_file_has_a_bounded_number_of_lines(void **state) {
    (void)state;
    char *file = malloc(10002);
    assert_non_null(file);
    memset(file, '\n', 10001);
    file[10001] = '\0';
    kit_assert_refused(file, NULL, NULL, "FILE:10001: there are more than 10000 lines in the file");
    file[10000] = '\0';
    struct config *config = NULL;
    assert_ok(kit_load(file, NULL, NULL, &config));
    config_free(config);
    free(file);
}

static void a_file_that_cannot_be_read_is_not_taken_for_an_empty_one(void **state) {
    (void)state;
    kit_assert_refused(NULL, NULL, FLAGS("--config", "/nonexistent/muster.ini"),
                       "/nonexistent/muster.ini: the configuration cannot be read: No such file "
                       "or directory");
    kit_assert_refused(NULL, NULL, FLAGS("--config", "/tmp"),
                       "/tmp: the configuration cannot be read: Is a directory");
}

/* Whatever stands in a file, loading ends, and with a message if it fails. */
static void no_garbage_breaks_the_reader(void **state) {
    (void)state;
    static const char *const pieces[] = {
        "[",    "]",      "\n",     "=",       " ",   "[server]", "[issuer a]",   "[issuer ",
        "\t",   ";",      "#",      "loops",   "2",   "audience", "\xEF\xBB\xBF", "\xC3",
        "\r\n", "issuer", "tenant", "mapping", "dev", "\x01",     "listen",       ":"};
    uint32_t seed = 2463534242U; /* xorshift: the same garbage in every run */
    for (int round = 0; round < 3000; round++) {
        char file[512];
        size_t length = 0;
        for (size_t i = 0; i < 24; i++) {
            seed ^= seed << 13;
            seed ^= seed >> 17;
            seed ^= seed << 5;
            const char *piece = pieces[seed % COUNT_OF(pieces)];
            memcpy(file + length, piece, strlen(piece));
            length += strlen(piece);
        }
        struct config *config = NULL;
        struct error error = kit_load_bytes((struct slice){file, length}, &config);
        assert_true(!error_is_set(&error) || error.message[0] != '\0');
        config_free(config);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_comments_and_both_line_ends_are_allowed),
        cmocka_unit_test(an_empty_file_changes_nothing),
        cmocka_unit_test(what_is_wrong_is_named_with_file_and_line),
        cmocka_unit_test(bytes_that_are_no_text_are_refused),
        cmocka_unit_test(a_line_may_be_long_and_is_never_cut),
        cmocka_unit_test(a_file_has_a_bounded_number_of_lines),
        cmocka_unit_test(a_file_that_cannot_be_read_is_not_taken_for_an_empty_one),
        cmocka_unit_test(no_garbage_breaks_the_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
