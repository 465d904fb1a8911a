/* Heads and targets, without a socket: what is taken, what is refused and how it is cut. */
#include <stdio.h>

#include "base/arena.h"
#include "http/line_scan.h"
#include "http/parser.h"
#include "http/response_head.h"
#include "test.h"

struct reading {
    struct arena arena;
    struct http_parser parser;
    struct http_head head;
    struct request request;
    struct error error;
};

static const struct http_parser_limits limits = {.target_bytes = 40, .header_count = 4};

static void read_head(struct reading *reading, const char *text) {
    struct http_line_scan scan = {0};
    struct slice bytes = slice_from_string(text);
    memset(reading, 0, sizeof *reading);
    assert_int_equal(http_line_scan_run(&scan, bytes), HTTP_LINE_SCAN_COMPLETE);
    bytes.length = scan.scanned;
    reading->error = http_parser_read_head(&reading->parser, bytes, scan.first_line, &limits,
                                           &reading->arena, &reading->request, &reading->head);
}

static void expect(const char *text, enum error_code code) {
    struct reading reading;
    read_head(&reading, text);
    if (reading.error.code != code)
        fail_msg("code %d instead of %d (%s) for: %s", (int)reading.error.code, (int)code,
                 reading.error.message, text);
    arena_free(&reading.arena);
}

static void a_head_is_cut_into_its_parts(void **state) {
    (void)state;
    struct reading reading;
    read_head(&reading, "PATCH /v1.0/a%20b?x=1?y HTTP/1.1\r\nHost: muster:8080\r\nX:\r\n"
                        "Content-Length: \t 12 \r\n\r\nbody");
    assert_ok(reading.error);
    assert_int_equal(reading.request.method, METHOD_PATCH);
    assert_slice(reading.request.method_name, "PATCH");
    assert_slice(reading.request.path, "/v1.0/a%20b");
    assert_slice(reading.request.query, "x=1?y");
    assert_slice(reading.request.host, "muster:8080");
    assert_int_equal(reading.request.header_count, 3);
    assert_slice(request_find_header(&reading.request, SLICE("x")), "");
    assert_slice(request_find_header(&reading.request, SLICE("content-length")), "12");
    assert_true(reading.request.has_body);
    assert_int_equal(reading.head.framing, HTTP_FRAMING_LENGTH);
    assert_int_equal(reading.head.content_length, 12);
    assert_true(reading.head.keep_alive);
    arena_free(&reading.arena);
}

static void an_unknown_method_is_handed_on_by_its_name(void **state) {
    (void)state;
    static const char *const methods[] = {"TRACE", "PURGE", "BREW", "get", "M-SEARCH", "PRI"};
    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        char text[128];
        struct reading reading;
        (void)snprintf(text, sizeof text, "%s /pot HTTP/1.1\r\nHost: a\r\n\r\n", methods[i]);
        read_head(&reading, text);
        assert_ok(reading.error);
        assert_int_equal(reading.request.method, METHOD_OTHER);
        assert_slice(reading.request.method_name, methods[i]);
        arena_free(&reading.arena);
    }
}

static void a_whole_address_names_path_and_host(void **state) {
    (void)state;
    static const struct {
        const char *target;
        const char *path;
        const char *query;
        const char *host;
    } cases[] = {
        {"http://a.example:81/p?q", "/p", "q", "a.example:81"},
        {"HTTPS://[::1]:443/", "/", "", "[::1]:443"},
        {"http://a", "/", "", "a"},
        {"http://a?q", "/", "q", "a"},
        {"/", "/", "", "other"},
        {"/?", "/", "", "other"},
        {"//x", "//x", "", "other"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[128];
        struct reading reading;
        (void)snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: other\r\n\r\n",
                       cases[i].target);
        read_head(&reading, text);
        assert_ok(reading.error);
        assert_slice(reading.request.path, cases[i].path);
        assert_slice(reading.request.query, cases[i].query);
        assert_slice(reading.request.host, cases[i].host);
        arena_free(&reading.arena);
    }
}

static void the_asterisk_is_for_options_alone(void **state) {
    (void)state;
    struct reading reading;
    read_head(&reading, "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_ok(reading.error);
    assert_slice(reading.request.path, "*");
    arena_free(&reading.arena);
    expect("GET * HTTP/1.1\r\nHost: a\r\n\r\n", ERROR_INVALID);
}

static void a_malformed_request_line_is_refused(void **state) {
    (void)state;
    static const char *const lines[] = {
        "GET",
        "GET /",
        "GET  / HTTP/1.1",
        "GET /  HTTP/1.1",
        "GET / HTTP/1.1 ",
        "GET / HTTP/1.2",
        "GET / HTTP/2.0",
        "GET / HTTP/0.9",
        "GET / http/1.1",
        "GET / HTTP/1.10",
        "GET / HTTPS/1.1",
        "G(T / HTTP/1.1",
        "GET\t/ HTTP/1.1",
        "GET x HTTP/1.1",
        "GET a:1 HTTP/1.1",
        "CONNECT a:1 HTTP/1.1",
        "GET /\x01 HTTP/1.1",
        "GET /\xC3\xA4 HTTP/1.1",
        "GET /\x7F HTTP/1.1",
        "GET /#a HTTP/1.1",
        "GET ftp://a/ HTTP/1.1",
        "GET http://a@b/ HTTP/1.1",
        "GET http:/// HTTP/1.1",
        "GET / / HTTP/1.1",
        "GET ? HTTP/1.1",
    };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        char text[128];
        (void)snprintf(text, sizeof text, "%s\r\nHost: a\r\n\r\n", lines[i]);
        expect(text, ERROR_INVALID);
    }
}

static void a_malformed_header_is_refused(void **state) {
    (void)state;
    static const char *const headers[] = {
        "Name : a",
        ": a",
        "Name",
        "Na me: a",
        "N\xC3\xA4me: a",
        "Name: a\x01",
        "Name: \x7F",
        "Content-Length: +1",
        "Content-Length: 1, 1",
        "Content-Length: 0x1",
        "Content-Length:",
        "Content-Length: -1",
        "Content-Length: 1 1",
        "Content-Length: 18446744073709551616",
        "Content-Length: 1\r\nContent-Length: 1",
        "Content-Length: 1\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 1",
        "Transfer-Encoding:\r\nContent-Length: 1",
        "Expect: 200-ok",
        "Host: b",
    };
    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        char text[256];
        (void)snprintf(text, sizeof text, "POST / HTTP/1.1\r\nHost: a\r\n%s\r\n\r\n", headers[i]);
        expect(text, ERROR_INVALID);
    }
}

static void another_transfer_coding_is_not_implemented(void **state) {
    (void)state;
    static const char *const codings[] = {"gzip",
                                          "gzip, chunked",
                                          "chunked, gzip",
                                          "identity",
                                          "chunked\r\nTransfer-Encoding: chunked",
                                          "",
                                          "xchunked",
                                          "chunked, chunked",
                                          "\"chunked\"",
                                          "chunked;a=b"};
    for (size_t i = 0; i < COUNT_OF(codings); i++) {
        char text[256];
        (void)snprintf(text, sizeof text,
                       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: %s\r\n\r\n", codings[i]);
        expect(text, ERROR_NOT_IMPLEMENTED);
    }
    expect("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", ERROR_INVALID);
    expect("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n", ERROR_NONE);
}

static void the_host_is_named_once(void **state) {
    (void)state;
    expect("GET / HTTP/1.1\r\n\r\n", ERROR_INVALID);
    expect("GET / HTTP/1.0\r\n\r\n", ERROR_NONE);
    expect("GET / HTTP/1.1\r\nHost:\r\n\r\n", ERROR_NONE);
    expect("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", ERROR_INVALID);
    expect("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", ERROR_INVALID);
    expect("GET / HTTP/1.1\r\nhost: a\r\nHOST: a\r\n\r\n", ERROR_INVALID);
    expect("GET http://a/ HTTP/1.1\r\n\r\n", ERROR_INVALID);
}

static void size_limits_hold_to_the_byte(void **state) {
    (void)state;
    char text[256];
    (void)snprintf(text, sizeof text, "GET /%039d HTTP/1.1\r\nHost: a\r\n\r\n", 0);
    expect(text, ERROR_NONE);
    (void)snprintf(text, sizeof text, "GET /%040d HTTP/1.1\r\nHost: a\r\n\r\n", 0);
    expect(text, ERROR_URI_TOO_LONG);
    expect("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n", ERROR_NONE);
    expect("GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n",
           ERROR_HEADERS_TOO_LARGE);
}

static void keep_alive_follows_version_and_connection(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool keep_alive;
    } cases[] = {
        {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", true},
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false},
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: TE, Close\r\n\r\n", false},
        {"GET / HTTP/1.0\r\n\r\n", false},
        {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true},
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", true},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reading reading;
        read_head(&reading, cases[i].text);
        assert_ok(reading.error);
        assert_int_equal(reading.head.keep_alive, cases[i].keep_alive);
        arena_free(&reading.arena);
    }
}

static void a_line_end_that_could_be_read_in_two_ways_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {
        "GET / HTTP/1.1\nHost: a\r\n\r\n",       "GET / HTTP/1.1\r\nHost: a\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\n",       "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\rC: d\r\n\r\n",  "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\r\n\tc\r\n\r\n", "\nGET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct http_line_scan scan = {0};
        assert_int_equal(http_line_scan_run(&scan, slice_from_string(texts[i])),
                         HTTP_LINE_SCAN_BROKEN);
    }
}

static void a_head_may_come_in_any_pieces(void **state) {
    (void)state;
    static const char text[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET";
    struct http_line_scan scan = {0};
    size_t length = 0;
    while (length < sizeof text - 1 - strlen("GET")) {
        assert_int_equal(http_line_scan_run(&scan, (struct slice){text, length}),
                         HTTP_LINE_SCAN_MORE);
        length++;
    }
    assert_int_equal(http_line_scan_run(&scan, (struct slice){text, length}),
                     HTTP_LINE_SCAN_COMPLETE);
    assert_int_equal(scan.scanned, length);
    assert_int_equal(scan.first_line, strlen("GET / HTTP/1.1"));
}

static void the_date_is_written_as_http_wants_it(void **state) {
    (void)state;
    struct http_date date = {0};
    http_date_update(&date, instant_from_unix(784111777));
    assert_slice(((struct slice){date.line, date.length}),
                 "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
    http_date_update(&date, instant_from_unix(784111778));
    assert_slice(((struct slice){date.line, date.length}),
                 "Date: Sun, 06 Nov 1994 08:49:38 GMT\r\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_is_cut_into_its_parts),
        cmocka_unit_test(an_unknown_method_is_handed_on_by_its_name),
        cmocka_unit_test(a_whole_address_names_path_and_host),
        cmocka_unit_test(the_asterisk_is_for_options_alone),
        cmocka_unit_test(a_malformed_request_line_is_refused),
        cmocka_unit_test(a_malformed_header_is_refused),
        cmocka_unit_test(another_transfer_coding_is_not_implemented),
        cmocka_unit_test(the_host_is_named_once),
        cmocka_unit_test(size_limits_hold_to_the_byte),
        cmocka_unit_test(keep_alive_follows_version_and_connection),
        cmocka_unit_test(a_line_end_that_could_be_read_in_two_ways_is_refused),
        cmocka_unit_test(a_head_may_come_in_any_pieces),
        cmocka_unit_test(the_date_is_written_as_http_wants_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
