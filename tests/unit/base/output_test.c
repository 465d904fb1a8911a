/* Errors, JSON and log lines: what others read of us. */
#include "base/json_writer.h"
#include "base/log.h"

#include <jansson.h>
#include <unistd.h>

#include "test.h"

static void an_error_message_is_cut_at_the_start_of_a_character(void **state) {
    (void)state;
    char text[ERROR_MESSAGE_SIZE + 10];
    memset(text, 'a', sizeof text);
    memcpy(text + ERROR_MESSAGE_SIZE - 3, "\xE2\x82\xAC", 3);
    text[sizeof text - 1] = '\0';
    struct error error = error_make(ERROR_INVALID, "%s", text);
    assert_int_equal(strlen(error.message), ERROR_MESSAGE_SIZE - 3);
    text[ERROR_MESSAGE_SIZE - 4] = '\xC3';
    text[ERROR_MESSAGE_SIZE - 3] = '\xA4';
    error = error_make(ERROR_INVALID, "%s", text);
    assert_string_equal(error.message + ERROR_MESSAGE_SIZE - 4, "\xC3\xA4\x82");
}

static void json_comes_out_in_the_order_in_which_it_is_told(void **state) {
    (void)state;
    struct buffer out = {0};
    struct json_writer writer = json_writer_make(&out);
    json_open_object(&writer);
    json_write_name(&writer, "count");
    json_write_integer(&writer, INT64_MIN);
    json_write_name(&writer, "value");
    json_open_array(&writer);
    json_write_null(&writer);
    json_write_boolean(&writer, true);
    json_open_object(&writer);
    json_close_object(&writer);
    json_write_optional_text(&writer, (struct slice){0});
    json_write_optional_text(&writer, SLICE(""));
    json_close_array(&writer);
    json_write_name(&writer, "when");
    json_write_instant(&writer, INSTANT_NEVER);
    json_close_object(&writer);
    assert_slice(buffer_slice(&out),
                 "{\"count\":-9223372036854775808,\"value\":[null,true,{},null,\"\"],"
                 "\"when\":\"0001-01-01T00:00:00Z\"}");
    buffer_free(&out);
}

static void a_name_from_outside_is_escaped_like_any_text(void **state) {
    (void)state;
    struct buffer out = {0};
    struct json_writer writer = json_writer_make(&out);
    json_open_object(&writer);
    json_write_text_name(&writer, SLICE("a \"b\": 1, \\c"));
    json_write_boolean(&writer, true);
    json_write_text_name(&writer, SLICE("d"));
    json_write_null(&writer);
    json_close_object(&writer);
    assert_slice(buffer_slice(&out), "{\"a \\\"b\\\": 1, \\\\c\":true,\"d\":null}");
    buffer_free(&out);
}

static void every_character_survives_json(void **state) {
    (void)state;
    char text[0x80 + 4];
    for (int i = 1; i < 0x80; i++)
        text[i - 1] = (char)i;
    memcpy(text + 0x7F, "\xF0\x9F\x98\x80", 4);
    struct slice original = {.data = text, .length = 0x7F + 4};
    struct buffer out = {0};
    struct json_writer writer = json_writer_make(&out);
    json_open_array(&writer);
    json_write_text(&writer, original);
    json_close_array(&writer);
    json_t *parsed = json_loadb(out.data, out.length, 0, NULL);
    assert_non_null(parsed);
    const json_t *value = json_array_get(parsed, 0);
    assert_true(slice_equals((struct slice){json_string_value(value), json_string_length(value)},
                             original));
    json_decref(parsed);
    buffer_free(&out);
}

static void an_escape_is_found_wherever_it_stands_in_a_word(void **state) {
    (void)state;
    for (size_t length = 1; length <= 24; length++) {
        for (size_t place = 0; place < length; place++) {
            for (int byte = 0; byte < 256; byte++) {
                char text[24];
                memset(text, 'a', sizeof text);
                text[place] = (char)byte;
                struct buffer out = {0};
                struct json_writer writer = json_writer_make(&out);
                json_write_text(&writer, (struct slice){text, length});
                bool escaped = byte < 0x20 || byte == '"' || byte == '\\' || byte == 0x7F;
                if ((out.length > length + 2) != escaped)
                    fail_msg("byte %d at %zu of %zu", byte, place, length);
                buffer_free(&out);
            }
        }
    }
}

static size_t written_to_log(enum log_format format, struct slice value, char *text, size_t size) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct still_clock clock = still_clock_make(INSTANT_UNIX_EPOCH);
    struct log *log = log_open(ends[1], LOG_LEVEL_INFO, format, &clock.clock);
    LOG(log, LOG_LEVEL_DEBUG, "not shown", log_number("n", 1));
    LOG(log, LOG_LEVEL_INFO, "thing happened", log_text("value", value), log_number("n", -5));
    log_close(log);
    (void)close(ends[1]);
    ssize_t count = read(ends[0], text, size - 1);
    (void)close(ends[0]);
    assert_true(count > 0);
    text[count] = '\0';
    return (size_t)count;
}

static void a_log_line_stays_one_line_whatever_a_client_sends(void **state) {
    (void)state;
    char text[512];
    written_to_log(LOG_FORMAT_LOGFMT, SLICE("a\n level=error \"x\\"), text, sizeof text);
    assert_string_equal(text, "time=1970-01-01T00:00:00Z level=info event=\"thing happened\" "
                              "value=\"a\\u000a level=error \\\"x\\\\\" n=-5\n");
    written_to_log(LOG_FORMAT_LOGFMT, SLICE("plain"), text, sizeof text);
    assert_string_equal(text, "time=1970-01-01T00:00:00Z level=info event=\"thing happened\" "
                              "value=plain n=-5\n");
}

static void json_log_lines_are_json_even_with_bytes_that_are_not_text(void **state) {
    (void)state;
    char text[512];
    size_t length = written_to_log(LOG_FORMAT_JSON, SLICE("\xFF\x00\x1B[31m\""), text, sizeof text);
    json_t *line = json_loadb(text, length, JSON_ALLOW_NUL, NULL);
    assert_non_null(line);
    assert_string_equal(json_string_value(json_object_get(line, "event")), "thing happened");
    assert_int_equal(json_integer_value(json_object_get(line, "n")), -5);
    json_decref(line);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_message_is_cut_at_the_start_of_a_character),
        cmocka_unit_test(json_comes_out_in_the_order_in_which_it_is_told),
        cmocka_unit_test(every_character_survives_json),
        cmocka_unit_test(a_name_from_outside_is_escaped_like_any_text),
        cmocka_unit_test(an_escape_is_found_wherever_it_stands_in_a_word),
        cmocka_unit_test(a_log_line_stays_one_line_whatever_a_client_sends),
        cmocka_unit_test(json_log_lines_are_json_even_with_bytes_that_are_not_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
