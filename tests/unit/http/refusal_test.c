/* What the server refuses by itself: the status, in the door's form, and the connection's end. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buffer.h"
#include "http/test_server.h"
#include "test.h"

static int set_up(void **state) {
    struct http_limits limits = test_limits();
    *state = test_server_start(&limits, 1, NULL, NULL);
    return 0;
}

static int tear_down(void **state) {
    test_server_end(*state);
    return 0;
}

static void expect_refusal(struct test_server *server, const char *request, int status,
                           const char *code) {
    struct test_response response;
    int client = test_connect(server);
    test_send_text(client, request);
    test_read_response(client, false, &response);
    if (response.status != status || strstr(response.body, code) == NULL)
        fail_msg("%d instead of %d (%s): %s%s for %.200s", response.status, status, code,
                 response.head, response.body, request);
    assert_non_null(strstr(response.head, "\r\nConnection: close\r\n"));
    assert_non_null(strstr(response.head, "\r\nrequest-id: "));
    test_response_free(&response);
    test_expect_end(client);
}

static void a_malformed_request_is_a_400(void **state) {
    static const char *const requests[] = {
        "\x16\x03\x01",
        " GET / HTTP/1.1\r\nHost: h\r\n\r\n",
        "nonsense\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\nHost: h\n\n",
        "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nA: b\rc\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nExpect: tea\r\n\r\n",
        "GET /\x01 HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /\xE4 HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET relative HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/3.0\r\nHost: h\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: one\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\na",
    };
    for (size_t i = 0; i < COUNT_OF(requests); i++)
        expect_refusal(*state, requests[i], 400, "\"BadRequest\"");
}

static void a_malformed_chunked_body_is_a_400(void **state) {
    static const char *const bodies[] = {
        "x\r\n",
        "-1\r\na\r\n",
        "2\r\nabc\r\n0\r\n\r\n",
        "1\na\r\n0\r\n\r\n",
        "1\r\na\n0\r\n\r\n",
        "1 \r\na\r\n",
        "0x1\r\na\r\n",
        "1\r\na\r\n0\r\n\n",
        "1\r\na\r\n0\n\r\n",
        "11111111111111111\r\n",
        "0\r\nA: b\n\r\n",
        "0\r\nA: b\r\n c\r\n\r\n",
        "0\r\nA: b\rc\r\n\r\n",
        "1;a\nb\r\na\r\n",
        "\r\n1\r\na\r\n",
    };
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        char request[256];
        (void)snprintf(request, sizeof request,
                       "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n%s",
                       bodies[i]);
        expect_refusal(*state, request, 400, "\"BadRequest\"");
    }
}

static void a_nul_byte_in_the_head_is_a_400(void **state) {
    static const char request[] = "GET / HTTP/1.1\r\nHost: h\r\nA: b\0c\r\n\r\n";
    struct test_response response;
    int client = test_connect(*state);
    test_send(client, request, sizeof request - 1);
    test_read_response(client, false, &response);
    assert_int_equal(response.status, 400);
    test_response_free(&response);
    test_expect_end(client);
}

static void an_unknown_transfer_coding_is_a_501(void **state) {
    expect_refusal(*state, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", 501,
                   "\"NotImplemented\"");
    expect_refusal(*state, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                   501, "\"NotImplemented\"");
}

static char *repeat(const char *start, const char *piece, size_t count, const char *end) {
    struct buffer text = {0};
    buffer_append_string(&text, start);
    for (size_t i = 0; i < count; i++)
        buffer_append_string(&text, piece);
    buffer_append(&text, end, strlen(end) + 1);
    return text.data;
}

static void too_long_an_address_is_a_414_even_before_its_end(void **state) {
    char *whole = repeat("GET /", "a", 1000, " HTTP/1.1\r\nHost: h\r\n\r\n");
    expect_refusal(*state, whole, 414, "\"UriTooLong\"");
    free(whole);
    char *endless = repeat("GET /", "a", 1100, "");
    expect_refusal(*state, endless, 414, "\"UriTooLong\"");
    free(endless);
}

static void too_large_a_head_is_a_431_even_before_its_end(void **state) {
    char *many = repeat("GET / HTTP/1.1\r\nHost: h\r\n", "A: b\r\n", 20, "\r\n");
    expect_refusal(*state, many, 431, "\"RequestHeaderFieldsTooLarge\"");
    free(many);
    char *large = repeat("GET / HTTP/1.1\r\nHost: h\r\nA: ", "b", 4000, "\r\n\r\n");
    expect_refusal(*state, large, 431, "\"RequestHeaderFieldsTooLarge\"");
    free(large);
    char *endless = repeat("GET / HTTP/1.1\r\nHost: h\r\nA: ", "b", 9000, "");
    expect_refusal(*state, endless, 431, "\"RequestHeaderFieldsTooLarge\"");
    free(endless);
}

static void too_large_trailers_are_a_431(void **state) {
    char *trailers = repeat("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
                            "A: b\r\n", 4000, "\r\n");
    expect_refusal(*state, trailers, 431, "\"RequestHeaderFieldsTooLarge\"");
    free(trailers);
}

static void too_large_a_body_is_a_413_as_soon_as_that_is_known(void **state) {
    expect_refusal(*state, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 20001\r\n\r\n", 413,
                   "\"RequestEntityTooLarge\"");
    expect_refusal(*state,
                   "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 20001\r\n"
                   "Expect: 100-continue\r\n\r\n",
                   413, "\"RequestEntityTooLarge\"");
    char *chunks = repeat("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",
                          "8\r\nabcdefgh\r\n", 2501, "");
    expect_refusal(*state, chunks, 413, "\"RequestEntityTooLarge\"");
    free(chunks);
}

static void extensions_that_outweigh_the_content_are_a_400(void **state) {
    char *chunks = repeat("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;",
                          "abcdefgh", 1000, "");
    expect_refusal(*state, chunks, 400, "\"BadRequest\"");
    free(chunks);
}

static void the_answer_reaches_a_client_that_keeps_sending(void **state) {
    static char bytes[65536];
    struct test_response response;
    int client = test_connect(*state);
    test_send_text(client, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 400000\r\n\r\n");
    for (int i = 0; i < 6; i++) {
        if (send(client, bytes, sizeof bytes, MSG_NOSIGNAL) < 0)
            break;
    }
    test_read_response(client, false, &response);
    assert_int_equal(response.status, 413);
    test_response_free(&response);
    (void)close(client);
}

static void what_follows_a_refused_request_is_not_read_as_another(void **state) {
    struct test_server *server = *state;
    expect_refusal(server,
                   "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n"
                   "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n",
                   501, "\"NotImplemented\"");
    char *log = test_server_read_log(server);
    assert_null(strstr(log, "smuggled"));
    assert_non_null(strstr(log, " status=501 "));
    free(log);
}

static void an_answer_before_the_refusal_is_not_lost(void **state) {
    struct test_response response;
    int client = test_connect(*state);
    test_send_text(client, "GET /later/1 HTTP/1.1\r\nHost: h\r\n\r\nnonsense\r\n\r\n");
    test_read_response(client, false, &response);
    assert_string_equal(response.body, "GET /1? h []");
    test_response_free(&response);
    test_read_response(client, false, &response);
    assert_int_equal(response.status, 400);
    test_response_free(&response);
    test_expect_end(client);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(a_malformed_request_is_a_400),
        TEST(a_malformed_chunked_body_is_a_400),
        TEST(a_nul_byte_in_the_head_is_a_400),
        TEST(an_unknown_transfer_coding_is_a_501),
        TEST(too_long_an_address_is_a_414_even_before_its_end),
        TEST(too_large_a_head_is_a_431_even_before_its_end),
        TEST(too_large_trailers_are_a_431),
        TEST(too_large_a_body_is_a_413_as_soon_as_that_is_known),
        TEST(extensions_that_outweigh_the_content_are_a_400),
        TEST(the_answer_reaches_a_client_that_keeps_sending),
        TEST(what_follows_a_refused_request_is_not_read_as_another),
        TEST(an_answer_before_the_refusal_is_not_lost),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
