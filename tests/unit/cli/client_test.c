/* How client commands reach a server, what they send, and what they make of its answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command_kit.h"

#define PROFILES "/v1.0/deviceManagement/androidForWorkEnrollmentProfiles"
#define LIST "profile", "list", "-o", "value"

static void a_request_carries_bearer_token_and_accept(void **state) {
    script_server_answer(*state, 200, "", "{\"value\":[]}");
    struct outcome outcome = MUSTER(LIST);
    kit_assert_printed(&outcome, "");
    kit_assert_line(*state, 0, "GET " PROFILES "?$top=999");
    const char *request = script_server_request(*state, 0);
    assert_non_null(strstr(request, "\r\nAuthorization: Bearer " KIT_TOKEN "\r\n"));
    assert_non_null(strstr(request, "\r\nAccept: application/json\r\n"));
    assert_non_null(strstr(request, "\r\nUser-Agent: muster/"));
    assert_null(strstr(request, "Content-Type"));
    kit_assert_body(*state, 0, "");
}

static void a_body_says_that_it_is_json(void **state) {
    script_server_answer(*state, 201, "", "{\"id\":\"p1\"}");
    struct outcome outcome =
        MUSTER("profile", "create", "--name", "\"K\" \xC3\xB6\n", "-o", "value");
    kit_assert_printed(&outcome, "p1\n");
    assert_non_null(
        strstr(script_server_request(*state, 0), "\r\nContent-Type: application/json\r\n"));
    kit_assert_body(*state, 0, "{\"displayName\":\"\\\"K\\\" \xC3\xB6\\n\"}");
}

static void the_address_may_be_a_flag_and_end_in_slashes(void **state) {
    char url[128];
    (void)snprintf(url, sizeof url, "%s/below//", script_server_url(*state));
    assert_int_equal(setenv("MUSTER_URL", "http://127.0.0.1:9", 1), 0);
    script_server_answer(*state, 200, "", "{\"value\":[]}");
    struct outcome outcome = MUSTER(LIST, "--url", url);
    kit_assert_printed(&outcome, "");
    kit_assert_line(*state, 0, "GET /below" PROFILES "?$top=999");
}

static void an_address_that_is_none_is_wrong_usage(void **state) {
    static const char *const urls[] = {
        "muster.example",     "ftp://muster.example", "http://",     "https:///",
        "file:///etc/passwd", "http://h/?q",          "http://h/#f", "http://a b"};
    for (size_t i = 0; i < COUNT_OF(urls); i++) {
        struct outcome outcome = MUSTER(LIST, "--url", urls[i]);
        kit_assert_failed(&outcome, COMMAND_MISUSED, "muster profile: '");
        assert_non_null(strstr(outcome.err, "not an address such as https://muster.example"));
    }
    struct outcome outcome = MUSTER(LIST, "--url", "http://u:secret@127.0.0.1/");
    kit_assert_failed(&outcome, COMMAND_MISUSED,
                      "muster profile: the server's address must not hold a user or password");
    outcome = MUSTER(LIST, "--url", "http://127.0.0.1:99999");
    kit_assert_failed(&outcome, COMMAND_MISUSED, "muster: 'http://127.0.0.1:99999' is not an");
    assert_int_equal(script_server_count(*state), 0);
}

static void a_server_that_is_not_there_is_named(void **state) {
    (void)state;
    struct outcome outcome = MUSTER(LIST, "--url", "http://127.0.0.1:9");
    kit_assert_failed(&outcome, COMMAND_UNREACHABLE,
                      "muster: http://127.0.0.1:9 cannot be reached: ");
}

static void an_answer_that_is_not_http_counts_as_not_reached(void **state) {
    script_server_answer(*state, 200, "Content-Length: nonsense\r\n", "");
    struct outcome outcome = MUSTER(LIST);
    kit_assert_failed(&outcome, COMMAND_UNREACHABLE, "muster: http://127.0.0.1:");
}

static void a_ca_file_that_cannot_be_read_is_named(void **state) {
    char url[128];
    (void)snprintf(url, sizeof url, "https%s", strchr(script_server_url(*state), ':'));
    static const char message[] =
        "muster: /nonexistent/ca.pem: not a PEM file of CAs that can be read\n";
    struct outcome outcome = MUSTER(LIST, "--url", url, "--ca-file", "/nonexistent/ca.pem");
    kit_assert_failed(&outcome, COMMAND_FAILED, message);
    assert_int_equal(setenv("MUSTER_CA_FILE", "/nonexistent/ca.pem", 1), 0);
    outcome = MUSTER(LIST, "--url", url);
    kit_assert_failed(&outcome, COMMAND_FAILED, message);
}

/* Writes the text to a new file and puts its name into path. */
static void write_file(char path[static 32], const char *text, size_t length) {
    (void)snprintf(path, 32, "/tmp/muster-cli-XXXXXX");
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, length), (ssize_t)length);
    assert_int_equal(close(file), 0);
}

static void a_bearer_token_may_come_from_a_file(void **state) {
    char path[32];
    write_file(path, "from.a.file \r\n\n", 15);
    script_server_answer(*state, 200, "", "{\"value\":[]}");
    struct outcome outcome = MUSTER(LIST, "--token-file", path);
    (void)unlink(path);
    kit_assert_printed(&outcome, "");
    assert_non_null(
        strstr(script_server_request(*state, 0), "\r\nAuthorization: Bearer from.a.file\r\n"));
}

static void a_bearer_token_that_would_break_the_header_is_refused_and_not_repeated(void **state) {
    static const struct {
        const char *text;
        size_t length;
    } files[] = {{"", 0},          {"\n", 1},         {"secret\r\nX: y\n", 13}, {"secret x", 8},
                 {"secret\0x", 8}, {"secret\x7F", 7}, {"secret\xFF", 7}};
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        char path[32];
        write_file(path, files[i].text, files[i].length);
        struct outcome outcome = MUSTER(LIST, "--token-file", path);
        (void)unlink(path);
        kit_assert_failed(&outcome, COMMAND_MISUSED, "muster profile: /tmp/muster-cli-");
        assert_non_null(strstr(outcome.err, ": not a bearer token of 1 to 16384 visible"));
    }
    assert_int_equal(setenv("MUSTER_TOKEN", "secret\r\nX: y", 1), 0);
    struct outcome outcome = MUSTER(LIST);
    kit_assert_failed(&outcome, COMMAND_MISUSED, "muster profile: MUSTER_TOKEN: not a bearer");
    assert_int_equal(script_server_count(*state), 0);
}

static void a_bearer_token_has_a_longest_length(void **state) {
    static char token[16384 + 2];
    memset(token, 't', sizeof token - 1);
    token[16384] = '\0';
    script_server_answer(*state, 200, "", "{\"value\":[]}");
    assert_int_equal(setenv("MUSTER_TOKEN", token, 1), 0);
    struct outcome outcome = MUSTER(LIST);
    kit_assert_printed(&outcome, "");
    token[16384] = 't';
    assert_int_equal(setenv("MUSTER_TOKEN", token, 1), 0);
    outcome = MUSTER(LIST);
    kit_assert_failed(&outcome, COMMAND_MISUSED, "muster profile: MUSTER_TOKEN: not a bearer");
}

static void without_a_bearer_token_nothing_is_asked(void **state) {
    assert_int_equal(setenv("MUSTER_TOKEN", "", 1), 0);
    struct outcome outcome = MUSTER(LIST);
    kit_assert_failed(&outcome, COMMAND_MISUSED,
                      "muster profile: there is no bearer token: set MUSTER_TOKEN or give "
                      "--token-file; see muster profile --help\n");
    outcome = MUSTER(LIST, "--token-file", "/nonexistent/token");
    kit_assert_failed(&outcome, COMMAND_MISUSED,
                      "muster profile: /nonexistent/token: the bearer token cannot be read: No "
                      "such file or directory");
    outcome = MUSTER(LIST, "--token-file", "/tmp");
    kit_assert_failed(&outcome, COMMAND_MISUSED,
                      "muster profile: /tmp: the bearer token cannot be read: Is a directory");
    assert_int_equal(script_server_count(*state), 0);
}

static void a_refusal_is_printed_with_status_code_and_request_id(void **state) {
    script_server_answer(*state, 403, "request-id: 0192-abc \r\n",
                         "{\"error\":{\"code\":\"Forbidden\",\"message\":\"Not this one.\"}}");
    struct outcome outcome = MUSTER(LIST);
    kit_assert_failed(&outcome, COMMAND_FAILED,
                      "muster: Not this one. (403 Forbidden, request-id 0192-abc)\n");
}

static void a_refusal_cannot_steer_the_terminal(void **state) {
    script_server_answer(*state, 400, "request-id: \x1B[2J\x9B\r\n",
                         "{\"error\":{\"code\":\"\\u001b[1m\",\"message\":\"\\u009b31m\\n\"}}");
    struct outcome outcome = MUSTER(LIST);
    kit_assert_failed(&outcome, COMMAND_FAILED,
                      "muster: \\u009b31m\\x0a (400 \\x1b[1m, request-id \\x1b[2J\\x9b)\n");
}

#define TOO_MANY "{\"error\":{\"code\":\"TooManyRequests\",\"message\":\"Too many.\"}}"
#define WAITS                                                                                      \
    "muster: the server takes no more requests for now (429 TooManyRequests); trying again in 1 "  \
    "s\n"

static void whoever_is_throttled_waits_and_goes_on(void **state) {
    script_server_answer(*state, 429, "Retry-After: 1\r\nrequest-id: 0192-abc\r\n", TOO_MANY);
    script_server_answer(*state, 201, "", "{\"id\":\"p1\"}");
    struct outcome outcome = MUSTER("profile", "create", "--name", "Kiosks", "-o", "value");
    assert_string_equal(outcome.err, WAITS);
    assert_string_equal(outcome.out, "p1\n");
    assert_int_equal(outcome.code, COMMAND_DONE);
    for (size_t i = 0; i < 2; i++)
        kit_assert_body(*state, i, "{\"displayName\":\"Kiosks\"}");
}

static void nobody_waits_for_ever(void **state) {
    static const char *const headers[] = {"", "Retry-After: 0\r\n", "Retry-After: soon\r\n",
                                          "Retry-After: 61\r\n"};
    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        script_server_answer(*state, 429, headers[i], TOO_MANY);
        struct outcome outcome = MUSTER(LIST);
        kit_assert_failed(&outcome, COMMAND_FAILED, "muster: Too many. (429 TooManyRequests)\n");
    }
    size_t before = script_server_count(*state);
    assert_int_equal(before, COUNT_OF(headers));
    for (int i = 0; i < 4; i++)
        script_server_answer(*state, 429, "Retry-After: 1\r\n", TOO_MANY);
    struct outcome outcome = MUSTER(LIST);
    kit_assert_failed(&outcome, COMMAND_FAILED,
                      WAITS WAITS WAITS "muster: Too many. (429 TooManyRequests)\n");
    assert_int_equal(script_server_count(*state), before + 4);
}

static void a_refusal_without_a_graph_error_is_still_one(void **state) {
    static const char *const bodies[] = {"", "<html>", "[]", "{\"error\":\"x\"}",
                                         "{\"error\":{\"code\":1,\"message\":2}}"};
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        script_server_answer(*state, 502, "", bodies[i]);
        struct outcome outcome = MUSTER(LIST);
        kit_assert_failed(&outcome, COMMAND_FAILED,
                          "muster: the server refused (502 without a code)\n");
    }
}

static void a_redirection_is_not_followed(void **state) {
    char header[128];
    (void)snprintf(header, sizeof header, "Location: %s/elsewhere\r\n", script_server_url(*state));
    script_server_answer(*state, 302, header, "");
    struct outcome outcome = MUSTER("token", "revoke", "p1");
    kit_assert_failed(&outcome, COMMAND_FAILED, "muster: the server refused (302 ");
    assert_int_equal(script_server_count(*state), 1);
}

static void success_without_the_object_that_was_asked_for_is_a_failure(void **state) {
    static const char *const bodies[] = {"", "<html>", "[]", "{\"id\":", "null"};
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        script_server_answer(*state, 200, "", bodies[i]);
        struct outcome outcome = MUSTER("profile", "show", "p1");
        kit_assert_failed(&outcome, COMMAND_FAILED, "muster: http://127.0.0.1:");
        assert_non_null(strstr(outcome.err, "did not answer with a JSON object"));
    }
}

static void every_page_of_a_list_is_fetched(void **state) {
    char body[512];
    (void)snprintf(body, sizeof body,
                   "{\"value\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"@odata.nextLink\":"
                   "\"%s" PROFILES "?$skiptoken=x%%20y\"}",
                   script_server_url(*state));
    script_server_answer(*state, 200, "", body);
    script_server_answer(*state, 200, "", "{\"value\":[{\"id\":\"c\"}]}");
    struct outcome outcome = MUSTER(LIST);
    kit_assert_printed(&outcome, "a\nb\nc\n");
    kit_assert_line(*state, 1, "GET " PROFILES "?$skiptoken=x%20y");
    assert_int_equal(script_server_count(*state), 2);
}

static void a_link_to_another_host_is_asked_for_at_the_own_server(void **state) {
    char with_more[256];
    (void)snprintf(with_more, sizeof with_more, "%s.example.org", script_server_url(*state));
    const char *const origins[] = {"https://muster.internal:8443", "http://evil.example",
                                   "http://user@evil.example", with_more};
    for (size_t i = 0; i < COUNT_OF(origins); i++) {
        char body[512];
        (void)snprintf(body, sizeof body,
                       "{\"value\":[{\"id\":\"a\"}],\"@odata.nextLink\":\"%s/v1.0/next?b=%zu\"}",
                       origins[i], i);
        script_server_answer(*state, 200, "", body);
        script_server_answer(*state, 200, "", "{\"value\":[{\"id\":\"b\"}]}");
        struct outcome outcome = MUSTER(LIST);
        kit_assert_printed(&outcome, "a\nb\n");
        char line[64];
        (void)snprintf(line, sizeof line, "GET /v1.0/next?b=%zu", i);
        kit_assert_line(*state, 2 * i + 1, line);
    }
}

static void what_is_no_page_is_a_failure(void **state) {
    static const char *const bodies[] = {
        "{}",
        "{\"value\":7}",
        "{\"value\":[],\"@odata.nextLink\":7}",
        "{\"value\":[],\"@odata.nextLink\":\"\"}",
        "{\"value\":[],\"@odata.nextLink\":\"@evil.example/x\"}",
        "{\"value\":[],\"@odata.nextLink\":\"http://evil.example\"}",
    };
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        script_server_answer(*state, 200, "", bodies[i]);
        struct outcome outcome = MUSTER(LIST);
        kit_assert_failed(&outcome, COMMAND_FAILED,
                          "muster: the server's answer is not a page of a list\n");
    }
    assert_int_equal(script_server_count(*state), COUNT_OF(bodies));
}

static void a_page_that_is_refused_prints_nothing_of_the_list(void **state) {
    script_server_answer(*state, 200, "",
                         "{\"value\":[{\"id\":\"a\"}],\"@odata.nextLink\":\"http://h/next\"}");
    script_server_answer(*state, 503, "", "{\"error\":{\"code\":\"c\",\"message\":\"m\"}}");
    struct outcome outcome = MUSTER(LIST);
    kit_assert_failed(&outcome, COMMAND_FAILED, "muster: m (503 c)\n");
}

static void output_that_cannot_be_written_is_a_failure(void **state) {
    script_server_answer(*state, 200, "", "{\"value\":[{\"id\":\"a\"}]}");
    struct outcome outcome = kit_run_on_full_device((const char *const[]){LIST, NULL});
    kit_assert_failed(&outcome, COMMAND_FAILED,
                      "muster: the output cannot be written: No space left on device\n");
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, kit_open_server, kit_close_server)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_SERVER(a_request_carries_bearer_token_and_accept),
        WITH_SERVER(a_body_says_that_it_is_json),
        WITH_SERVER(the_address_may_be_a_flag_and_end_in_slashes),
        WITH_SERVER(an_address_that_is_none_is_wrong_usage),
        WITH_SERVER(a_server_that_is_not_there_is_named),
        WITH_SERVER(an_answer_that_is_not_http_counts_as_not_reached),
        WITH_SERVER(a_ca_file_that_cannot_be_read_is_named),
        WITH_SERVER(a_bearer_token_may_come_from_a_file),
        WITH_SERVER(a_bearer_token_that_would_break_the_header_is_refused_and_not_repeated),
        WITH_SERVER(a_bearer_token_has_a_longest_length),
        WITH_SERVER(without_a_bearer_token_nothing_is_asked),
        WITH_SERVER(a_refusal_is_printed_with_status_code_and_request_id),
        WITH_SERVER(a_refusal_cannot_steer_the_terminal),
        WITH_SERVER(whoever_is_throttled_waits_and_goes_on),
        WITH_SERVER(nobody_waits_for_ever),
        WITH_SERVER(a_refusal_without_a_graph_error_is_still_one),
        WITH_SERVER(a_redirection_is_not_followed),
        WITH_SERVER(success_without_the_object_that_was_asked_for_is_a_failure),
        WITH_SERVER(every_page_of_a_list_is_fetched),
        WITH_SERVER(a_link_to_another_host_is_asked_for_at_the_own_server),
        WITH_SERVER(what_is_no_page_is_a_failure),
        WITH_SERVER(a_page_that_is_refused_prints_nothing_of_the_list),
        WITH_SERVER(output_that_cannot_be_written_is_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
