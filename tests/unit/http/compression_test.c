/* Which answers are compressed, and for whom. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/memory.h"
#include "http/content_coding.h"
#include "http/test_server.h"
#include "test.h"

static bool takes_gzip(const char *value) {
    const struct header header = {SLICE("accept-encoding"), slice_from_string(value)};
    const struct request request = {.headers = &header, .header_count = 1};
    return http_content_coding_takes_gzip(&request);
}

static void weights_decide_whether_gzip_is_wanted(void **state) {
    (void)state;
    static const char *const wanted[] = {
        "gzip",
        "GZip",
        "x-gzip",
        "deflate, gzip",
        "gzip;q=1.0, identity; q=0.5, *;q=0",
        "br , gzip ; q=0.001",
        "*",
        "*;q=0.5",
        "identity;q=0, *",
        "gzip;q=1, identity;q=1",
        ",gzip,",
        "identity;q=0, gzip;q=0.1",
    };
    static const char *const unwanted[] = {
        "",
        "identity",
        "br, deflate",
        "gzip;q=0",
        "gzip;q=0.000",
        "gzip;q=0, *",
        "*;q=0",
        "gzip;q=0.5, identity",
        "identity;q=0.9, *;q=0.8",
        "gzip;q=2",
        "gzip;q=1.1",
        "gzip;q=0.5000",
        "gzip;q=",
        "gzip;q=-1",
        "gzip;level=9",
        "gzipped",
        "identity;q=0",
    };
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        if (!takes_gzip(wanted[i]))
            fail_msg("not wanted: %s", wanted[i]);
    }
    for (size_t i = 0; i < COUNT_OF(unwanted); i++) {
        if (takes_gzip(unwanted[i]))
            fail_msg("wanted: %s", unwanted[i]);
    }
    const struct request request = {.method = METHOD_GET};
    assert_false(http_content_coding_takes_gzip(&request));
}

static int set_up(void **state) {
    struct http_limits limits = test_limits();
    limits.compressed_at_least = 1000;
    limits.compressed_at_most = 100000;
    *state = test_server_start(&limits, 1, NULL, NULL);
    return 0;
}

static int tear_down(void **state) {
    test_server_end(*state);
    return 0;
}

static struct test_response ask(int client, const char *method, const char *target,
                                const char *accept) {
    char request[256];
    struct test_response response;
    (void)snprintf(request, sizeof request, "%s %s HTTP/1.1\r\nHost: h\r\n%s%s%s\r\n", method,
                   target, accept == NULL ? "" : "Accept-Encoding: ", accept == NULL ? "" : accept,
                   accept == NULL ? "" : "\r\n");
    test_send_text(client, request);
    test_read_response(client, strcmp(method, "HEAD") == 0, &response);
    return response;
}

static bool is_compressed(const struct test_response *response) {
    return strstr(response->head, "\r\nContent-Encoding: gzip\r\n") != NULL;
}

static bool varies(const struct test_response *response) {
    return strstr(response->head, "\r\nVary: Accept-Encoding\r\n") != NULL;
}

static void assert_unpacks_to(const struct test_response *response, size_t size) {
    z_stream stream = {.next_in = (Bytef *)(void *)response->body,
                       .avail_in = (uInt)response->body_length};
    char *text = memory_allocate_zeroed(1, size + 1);
    stream.next_out = (Bytef *)(void *)text;
    stream.avail_out = (uInt)size + 1;
    assert_int_equal(inflateInit2(&stream, 31), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.total_out, size);
    assert_int_equal(stream.avail_in, 0);
    for (size_t i = 0; i < size; i++)
        assert_int_equal(text[i], "compressible "[i % 13]);
    (void)inflateEnd(&stream);
    free(text);
}

static void answers_of_some_size_are_compressed_for_who_asks(void **state) {
    static const struct {
        const char *target;
        bool compressed;
    } cases[] = {
        {"/bytes/999?application/json", false},
        {"/bytes/1000?application/json", true},
        {"/bytes/5000?application/json;odata.metadata=minimal", true},
        {"/bytes/1000?text/plain", true},
        {"/bytes/1000?application/xml", true},
        {"/bytes/99999?text/plain", true},
        {"/bytes/100000?text/plain", true},
        {"/bytes/100001?text/plain", false},
        {"/bytes/5000?image/png", false},
        {"/bytes/5000", false},
    };
    int client = test_connect(*state);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct test_response response = ask(client, "GET", cases[i].target, "gzip, br");
        if (is_compressed(&response) != cases[i].compressed ||
            varies(&response) != cases[i].compressed)
            fail_msg("%s: %s", cases[i].target, response.head);
        if (cases[i].compressed)
            assert_unpacks_to(&response, strtoul(cases[i].target + 7, NULL, 10));
        test_response_free(&response);
    }
    (void)close(client);
}

static void who_does_not_ask_gets_it_plain_and_is_told_that_it_varies(void **state) {
    static const char *const accepts[] = {NULL, "identity", "gzip;q=0", "*;q=0"};
    int client = test_connect(*state);
    for (size_t i = 0; i < COUNT_OF(accepts); i++) {
        struct test_response response = ask(client, "GET", "/bytes/2000?text/plain", accepts[i]);
        assert_false(is_compressed(&response));
        assert_true(varies(&response));
        assert_int_equal(response.body_length, 2000);
        test_response_free(&response);
    }
    (void)close(client);
}

static void head_has_the_headers_of_get_and_no_body(void **state) {
    int client = test_connect(*state);
    struct test_response get = ask(client, "GET", "/bytes/2000?text/plain", "gzip");
    struct test_response head = ask(client, "HEAD", "/bytes/2000?text/plain", "gzip");
    char expected[64];
    (void)snprintf(expected, sizeof expected, "\r\nContent-Length: %zu\r\n", get.body_length);
    assert_non_null(strstr(head.head, expected));
    assert_true(is_compressed(&head));
    test_response_free(&get);
    test_response_free(&head);
    struct test_response next = ask(client, "GET", "/no-content", "gzip");
    assert_int_equal(next.status, 204);
    assert_false(is_compressed(&next));
    assert_false(varies(&next));
    test_response_free(&next);
    (void)close(client);
}

static void it_can_be_turned_off(void **state) {
    (void)state;
    struct http_limits limits = test_limits();
    limits.compressed_at_least = 0;
    struct test_server *server = test_server_start(&limits, 1, NULL, NULL);
    int client = test_connect(server);
    struct test_response response = ask(client, "GET", "/bytes/5000?text/plain", "gzip");
    assert_false(is_compressed(&response));
    assert_false(varies(&response));
    test_response_free(&response);
    (void)close(client);
    test_server_end(server);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_decide_whether_gzip_is_wanted),
        TEST(answers_of_some_size_are_compressed_for_who_asks),
        TEST(who_does_not_ask_gets_it_plain_and_is_told_that_it_varies),
        TEST(head_has_the_headers_of_get_and_no_body),
        cmocka_unit_test(it_can_be_turned_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
