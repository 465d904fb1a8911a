/* Requests and answers over a real connection. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/test_server.h"
#include "test.h"

static int set_up(void **state) {
    struct http_limits limits = test_limits();
    *state = test_server_start(&limits, 2, NULL, NULL);
    return 0;
}

static int tear_down(void **state) {
    test_server_end(*state);
    return 0;
}

static void a_connection_serves_one_request_after_the_other(void **state) {
    int client = test_connect(*state);
    test_ask(client, "GET /a?b=c HTTP/1.1\r\nHost: h:1\r\n\r\n", 200, "GET /a?b=c h:1 []");
    test_ask(client, "POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nxyz", 200,
             "POST /b? h [xyz]");
    test_ask(client, "\r\nGET /c HTTP/1.1\r\nHost: h\r\n\r\n", 200, "GET /c? h []");
    (void)close(client);
}

static void a_response_carries_what_the_connection_adds(void **state) {
    struct test_response response;
    int client = test_connect(*state);
    test_send_text(client, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    test_read_response(client, false, &response);
    assert_non_null(strstr(response.head, "\r\nDate: "));
    assert_non_null(strstr(response.head, "\r\nrequest-id: "));
    assert_non_null(strstr(response.head, "\r\nX-Peer: 127.0.0.1\r\n"));
    assert_non_null(strstr(response.head, "\r\nX-Secure: no\r\n"));
    assert_null(strstr(response.head, "Connection:"));
    assert_null(strstr(response.head, "Strict-Transport-Security"));
    test_response_free(&response);
    (void)close(client);
}

static const char pipeline[] =
    "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n"
    "POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nGET /x"
    "POST /later/3 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3;a=\"b\"\r\nabc\r\n02\r\nde\r\n0\r\nT: u\r\n\r\n"
    "DELETE /4 HTTP/1.1\r\nHost: h\r\n\r\n";

static const char *const pipeline_answers[] = {
    "GET /1? h []",
    "POST /2? h [GET /x]",
    "POST /3? h [abcde]",
    "DELETE /4? h []",
};

static void read_pipeline_answers(int client) {
    for (size_t i = 0; i < COUNT_OF(pipeline_answers); i++) {
        struct test_response response;
        test_read_response(client, false, &response);
        assert_int_equal(response.status, 200);
        assert_string_equal(response.body, pipeline_answers[i]);
        test_response_free(&response);
    }
}

static void a_pipeline_is_answered_in_order_wherever_its_bytes_are_split(void **state) {
    for (size_t split = 0; split < sizeof pipeline; split++) {
        int client = test_connect(*state);
        test_send(client, pipeline, split);
        /* Gives the server a chance to see the pieces apart; the result is the same if not. */
        (void)poll(NULL, 0, split % 8 == 0 ? 1 : 0);
        test_send(client, pipeline + split, sizeof pipeline - 1 - split);
        read_pipeline_answers(client);
        (void)close(client);
    }
}

static void a_pipeline_may_come_byte_by_byte(void **state) {
    int client = test_connect(*state);
    for (size_t i = 0; i + 1 < sizeof pipeline; i++)
        test_send(client, pipeline + i, 1);
    read_pipeline_answers(client);
    (void)close(client);
}

static void a_long_pipeline_is_answered_in_full(void **state) {
    enum { REQUESTS = 2000 };
    struct buffer requests = {0};
    for (int i = 0; i < REQUESTS; i++)
        buffer_append_format(&requests, "GET /%s%d HTTP/1.1\r\nHost: h\r\n\r\n",
                             i % 500 == 7 ? "later/" : "", i);
    int client = test_connect(*state);
    test_send(client, requests.data, requests.length);
    for (int i = 0; i < REQUESTS; i++) {
        char expected[64];
        struct test_response response;
        (void)snprintf(expected, sizeof expected, "GET /%d? h []", i);
        test_read_response(client, false, &response);
        assert_string_equal(response.body, expected);
        test_response_free(&response);
    }
    buffer_free(&requests);
    (void)close(client);
}

static void a_body_that_is_larger_than_the_input_buffer_arrives_whole(void **state) {
    enum { SIZE = 20000 };
    struct buffer plain = {0};
    struct buffer chunked = {0};
    struct buffer expected = {0};
    buffer_append_format(&plain, "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n", SIZE);
    buffer_append_string(&chunked,
                         "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    buffer_append_string(&expected, "PUT /? h [");
    for (int i = 0; i < SIZE; i++) {
        char byte = (char)('a' + i % 26);
        buffer_append_byte(&plain, byte);
        buffer_append_byte(&expected, byte);
        buffer_append_format(&chunked, "1\r\n%c\r\n", byte);
    }
    buffer_append_string(&chunked, "0\r\n\r\n");
    buffer_append(&expected, "]", 2);
    buffer_append_byte(&plain, '\0');
    buffer_append_byte(&chunked, '\0');
    int client = test_connect(*state);
    test_ask(client, plain.data, 200, expected.data);
    test_ask(client, chunked.data, 200, expected.data);
    test_ask(client, plain.data, 200, expected.data);
    buffer_free(&plain);
    buffer_free(&chunked);
    buffer_free(&expected);
    (void)close(client);
}

static void a_request_says_whether_it_has_a_body(void **state) {
    static const struct {
        const char *header;
        const char *expected;
    } cases[] = {{"", "\r\nX-Has-Body: no\r\n"},
                 {"Content-Length: 0\r\n", "\r\nX-Has-Body: yes\r\n"}};
    int client = test_connect(*state);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char request[128];
        struct test_response response;
        (void)snprintf(request, sizeof request, "POST / HTTP/1.1\r\nHost: h\r\n%s\r\n",
                       cases[i].header);
        test_send_text(client, request);
        test_read_response(client, false, &response);
        assert_non_null(strstr(response.head, cases[i].expected));
        test_response_free(&response);
    }
    (void)close(client);
}

static void answers_without_a_body_have_no_length_but_head_does(void **state) {
    struct test_response response;
    int client = test_connect(*state);
    test_send_text(client, "GET /no-content HTTP/1.1\r\nHost: h\r\n\r\n"
                           "GET /not-modified HTTP/1.1\r\nHost: h\r\n\r\n"
                           "HEAD /large HTTP/1.1\r\nHost: h\r\n\r\n");
    test_read_response(client, false, &response);
    assert_int_equal(response.status, 204);
    assert_null(strstr(response.head, "Content-Length"));
    test_response_free(&response);
    test_read_response(client, false, &response);
    assert_int_equal(response.status, 304);
    assert_null(strstr(response.head, "Content-Length"));
    test_response_free(&response);
    test_read_response(client, true, &response);
    assert_int_equal(response.status, 200);
    assert_non_null(strstr(response.head, "\r\nContent-Length: 4194304\r\n"));
    test_response_free(&response);
    test_ask(client, "GET / HTTP/1.1\r\nHost: h\r\n\r\n", 200, "GET /? h []");
    (void)close(client);
}

static void a_large_answer_goes_to_a_client_that_reads_slowly(void **state) {
    struct test_response response;
    int client = test_connect(*state);
    test_send_text(client, "GET /large HTTP/1.1\r\nHost: h\r\n\r\n"
                           "GET /next HTTP/1.1\r\nHost: h\r\n\r\n");
    test_read_response(client, false, &response);
    assert_int_equal(response.body_length, TEST_LARGE_BODY);
    assert_int_equal(strspn(response.body, "x"), TEST_LARGE_BODY);
    test_response_free(&response);
    test_read_response(client, false, &response);
    assert_string_equal(response.body, "GET /next? h []");
    test_response_free(&response);
    (void)close(client);
}

static void a_door_that_says_nothing_is_a_500(void **state) {
    int client = test_connect(*state);
    test_ask(client, "GET /silent HTTP/1.1\r\nHost: h\r\n\r\n", 500, "");
    (void)close(client);
}

static void the_connection_closes_when_the_client_says_so(void **state) {
    struct test_response response;
    int client = test_connect(*state);
    test_send_text(client, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    test_read_response(client, false, &response);
    assert_non_null(strstr(response.head, "\r\nConnection: close\r\n"));
    test_response_free(&response);
    test_expect_end(client);
}

static void http_1_0_closes_unless_it_asks_to_keep_alive(void **state) {
    struct test_response response;
    int client = test_connect(*state);
    test_send_text(client, "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    test_read_response(client, false, &response);
    assert_non_null(strstr(response.head, "\r\nConnection: keep-alive\r\n"));
    test_response_free(&response);
    test_ask(client, "GET /b HTTP/1.0\r\nHost: h\r\n\r\n", 200, "GET /b? h []");
    test_expect_end(client);
}

static void a_client_that_has_finished_sending_is_still_answered(void **state) {
    struct test_response response;
    int client = test_connect(*state);
    test_send_text(client, "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n"
                           "GET /later/2 HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_int_equal(shutdown(client, SHUT_WR), 0);
    test_read_response(client, false, &response);
    assert_string_equal(response.body, "GET /1? h []");
    test_response_free(&response);
    test_read_response(client, false, &response);
    assert_string_equal(response.body, "GET /2? h []");
    test_response_free(&response);
    test_expect_end(client);
}

static void an_expectation_is_met_before_the_body(void **state) {
    struct test_response response;
    int client = test_connect(*state);
    test_send_text(client, "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
                           "Content-Length: 2\r\n\r\n");
    test_read_response(client, false, &response);
    assert_int_equal(response.status, 100);
    assert_string_equal(response.head, "HTTP/1.1 100 Continue\r\n\r\n");
    test_response_free(&response);
    test_ask(client, "ok", 200, "POST /? h [ok]");
    /* A body that is there already needs no invitation. */
    test_ask(client,
             "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
             "Content-Length: 2\r\n\r\nok",
             200, "POST /? h [ok]");
    (void)close(client);
}

static void a_client_that_hangs_up_does_no_harm(void **state) {
    struct test_server *server = *state;
    static const char *const beginnings[] = {
        "",
        "GE",
        "GET / HTTP/1.1\r\nHost: h\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10000\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\na",
        "GET /large HTTP/1.1\r\nHost: h\r\n\r\n",
    };
    for (size_t i = 0; i < COUNT_OF(beginnings) * 20; i++) {
        int client = test_connect(server);
        const struct linger reset = {.l_onoff = 1};
        test_send_text(client, beginnings[i % COUNT_OF(beginnings)]);
        if (i % 2 == 0)
            (void)setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        (void)close(client);
    }
    test_server_hold(server, true);
    for (size_t i = 0; i < 10; i++) {
        int client = test_connect(server);
        test_send_text(client, "GET /later/x HTTP/1.1\r\nHost: h\r\n\r\n");
        test_server_await(server, i + 1);
        (void)close(client);
    }
    test_server_hold(server, false);
    int client = test_connect(server);
    test_ask(client, "GET /later/y HTTP/1.1\r\nHost: h\r\n\r\n", 200, "GET /y? h []");
    (void)close(client);
}

static void the_server_counts_what_it_does(void **state) {
    struct test_server *server = *state;
    int client = test_connect(server);
    test_ask(client, "GET / HTTP/1.1\r\nHost: h\r\n\r\n", 200, NULL);
    test_ask(client, "GET /no-content HTTP/1.1\r\nHost: h\r\n\r\n", 204, "");
    test_ask(client, "nonsense\r\n\r\n", 400, NULL);
    struct http_counts counts = http_server_count(server->server);
    assert_int_equal(counts.connections_accepted, 1);
    assert_int_equal(counts.requests, 3);
    assert_int_equal(counts.responses_by_class[2], 2);
    assert_int_equal(counts.responses_by_class[4], 1);
    (void)close(client);
}

static void a_request_is_logged_without_its_query(void **state) {
    struct test_server *server = *state;
    struct test_response response;
    int client = test_connect(server);
    test_send_text(client, "GET /seen?hidden=1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    test_read_response(client, false, &response);
    test_expect_end(client);
    char *log = test_server_read_log(server);
    char *id = strstr(response.head, "request-id: ") + strlen("request-id: ");
    id[36] = '\0';
    assert_non_null(strstr(log, id));
    assert_non_null(strstr(log, "event=request "));
    assert_non_null(strstr(log, " method=GET path=/seen status=200 bytes="));
    assert_non_null(strstr(log, " peer=127.0.0.1\n"));
    assert_null(strstr(log, "hidden"));
    free(log);
    test_response_free(&response);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(a_connection_serves_one_request_after_the_other),
        TEST(a_response_carries_what_the_connection_adds),
        TEST(a_pipeline_is_answered_in_order_wherever_its_bytes_are_split),
        TEST(a_pipeline_may_come_byte_by_byte),
        TEST(a_long_pipeline_is_answered_in_full),
        TEST(a_body_that_is_larger_than_the_input_buffer_arrives_whole),
        TEST(a_request_says_whether_it_has_a_body),
        TEST(answers_without_a_body_have_no_length_but_head_does),
        TEST(a_large_answer_goes_to_a_client_that_reads_slowly),
        TEST(a_door_that_says_nothing_is_a_500),
        TEST(the_connection_closes_when_the_client_says_so),
        TEST(http_1_0_closes_unless_it_asks_to_keep_alive),
        TEST(a_client_that_has_finished_sending_is_still_answered),
        TEST(an_expectation_is_met_before_the_body),
        TEST(a_client_that_hangs_up_does_no_harm),
        TEST(the_server_counts_what_it_does),
        TEST(a_request_is_logged_without_its_query),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
