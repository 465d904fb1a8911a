/* Requests, responses, and what every door's answers have in common. */
#include "message/json_body.h"
#include "message/percent.h"
#include "message/reply.h"

#include "test.h"

static struct slice decoded(struct arena *arena, struct slice text, bool plus_is_blank) {
    struct slice result = {0};
    assert_true(percent_decode(arena, text, plus_is_blank, &result));
    return result;
}

static void percent_encoding_is_undone_once(void **state) {
    (void)state;
    struct arena arena = {0};
    assert_slice(decoded(&arena, SLICE("plain"), false), "plain");
    assert_slice(decoded(&arena, SLICE("%27a%2520%C3%A4"), false), "'a%20\xC3\xA4");
    assert_slice(decoded(&arena, SLICE("a+b%2B"), true), "a b+");
    assert_slice(decoded(&arena, SLICE("a+b"), false), "a+b");
    arena_free(&arena);
}

static void broken_percent_encoding_is_refused(void **state) {
    (void)state;
    struct arena arena = {0};
    static const char *const texts[] = {"%", "%4", "%G1", "a%00b", "%FF", "\xFF", "%C3"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct slice result;
        if (percent_decode(&arena, slice_from_string(texts[i]), true, &result))
            fail_msg("accepted: %s", texts[i]);
    }
    arena_free(&arena);
}

static void a_body_must_be_one_json_object(void **state) {
    (void)state;
    static const struct {
        const char *body;
        const char *expected;
    } bodies[] = {
        {"", "is empty"},
        {"{\"a\": 1, \"a\": 2}", "twice"},
        {"[1]", "not an array"},
        {"\"text\"", "not a string"},
        {"{\"a\": 1} x", "not valid JSON"},
        {"{\"a\": }", "not valid JSON"},
        {"{'a': 1}", "not valid JSON"},
        {"{\"a\": 99999999999999999999}", "out of range"},
        {"{\"a\": \"\\ud800\"}", "not valid JSON"},
        {"{\"a\": \"\\u0000\"}", "not valid JSON"},
        {"{\"a\": \"\xFF\"}", "not valid JSON"},
    };
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        json_t *object = NULL;
        struct error error = json_body_parse(slice_from_string(bodies[i].body), &object);
        assert_null(object);
        assert_int_equal(error.code, ERROR_INVALID);
        if (strstr(error.message, bodies[i].expected) == NULL)
            fail_msg("%s: %s", bodies[i].body, error.message);
    }
}

static void an_error_about_a_body_does_not_quote_it(void **state) {
    (void)state;
    json_t *object = NULL;
    struct error error = json_body_parse(SLICE("{\"token\": SECRET}"), &object);
    assert_null(strstr(error.message, "SECRET"));
}

static void a_nest_deeper_than_the_parser_allows_is_an_error_and_not_a_crash(void **state) {
    (void)state;
    char body[64 * 1024];
    memset(body, '[', sizeof body);
    json_t *object = NULL;
    assert_error(json_body_parse((struct slice){body, sizeof body}, &object), ERROR_INVALID);
}

struct asked {
    struct header header;
    struct exchange exchange;
};

static void prepare(struct asked *asked, const char *client_request_id) {
    *asked = (struct asked){.header = {.name = SLICE("Client-Request-Id"),
                                       .value = slice_from_string(client_request_id)}};
    asked->exchange.request.headers = &asked->header;
    asked->exchange.request.header_count = client_request_id == NULL ? 0 : 1;
    asked->exchange.received = INSTANT_UNIX_EPOCH + 5;
    assert_true(
        guid_parse(SLICE("00000000-0000-0000-0000-00000000000a"), &asked->exchange.request_id));
}

static void put_away(struct asked *asked) {
    arena_free(&asked->exchange.arena);
    response_free(&asked->exchange.response);
}

static void an_error_has_graphs_form_with_both_ids(void **state) {
    (void)state;
    struct asked asked;
    prepare(&asked, "00000000-0000-0000-0000-00000000000B");
    struct error error = error_make_for(ERROR_INVALID, "top", "Say \"%s\".", "one");
    reply_set_error(&asked.exchange, &error, NULL);
    assert_int_equal(asked.exchange.response.status, 400);
    assert_slice(buffer_slice(&asked.exchange.response.body),
                 "{\"error\":{\"code\":\"BadRequest\",\"message\":\"Say \\\"one\\\".\","
                 "\"target\":\"top\",\"innerError\":{\"date\":\"1970-01-01T00:00:00\","
                 "\"request-id\":\"00000000-0000-0000-0000-00000000000a\","
                 "\"client-request-id\":\"00000000-0000-0000-0000-00000000000b\"}}}");
    assert_slice(response_find_header(&asked.exchange.response, SLICE("Request-ID")),
                 "00000000-0000-0000-0000-00000000000a");
    put_away(&asked);
}

static void a_client_request_id_that_is_no_guid_is_replaced_by_the_request_id(void **state) {
    (void)state;
    static const char *const given[] = {NULL, "", "mine", "00000000-0000-0000-0000-00000000000b x"};
    for (size_t i = 0; i < COUNT_OF(given); i++) {
        struct asked asked;
        prepare(&asked, given[i]);
        reply_begin(&asked.exchange);
        reply_begin(&asked.exchange);
        assert_slice(response_find_header(&asked.exchange.response, SLICE("client-request-id")),
                     "00000000-0000-0000-0000-00000000000a");
        assert_int_equal(asked.exchange.response.header_count, 3);
        put_away(&asked);
    }
}

static void a_busy_or_broken_store_says_when_to_come_back(void **state) {
    (void)state;
    struct asked asked;
    prepare(&asked, NULL);
    struct error error = error_make(ERROR_UNAVAILABLE, "Later.");
    reply_set_error(&asked.exchange, &error, NULL);
    assert_int_equal(asked.exchange.response.status, 503);
    assert_slice(response_find_header(&asked.exchange.response, SLICE("Retry-After")), "5");
    put_away(&asked);
}

static void method_not_allowed_lists_what_is(void **state) {
    (void)state;
    struct asked asked;
    prepare(&asked, NULL);
    reply_set_method_not_allowed(&asked.exchange, METHOD_BIT(METHOD_GET) | METHOD_BIT(METHOD_POST));
    assert_int_equal(asked.exchange.response.status, 405);
    assert_slice(response_find_header(&asked.exchange.response, SLICE("Allow")), "GET, POST");
    put_away(&asked);
}

static void a_header_value_cannot_begin_a_new_header(void **state) {
    (void)state;
    struct response response = {0};
    response_add_header(&response, SLICE("Location"), SLICE("/a\r\nSet-Cookie: x"));
    assert_int_equal(response.header_count, 0);
    response_add_header(&response, SLICE("Location"), SLICE("/a"));
    response_set_header(&response, SLICE("location"), SLICE("/b\n"));
    assert_slice(response_find_header(&response, SLICE("LOCATION")), "/a");
}

static void what_means_something_in_a_query_is_encoded(void **state) {
    (void)state;
    struct arena arena = {0};
    assert_slice(percent_encode(&arena, SLICE("a-Z_0.~$'(),:;@/?!*")), "a-Z_0.~$'(),:;@/?!*");
    assert_slice(percent_encode(&arena, SLICE("a b&c=d+e%f#g\"ü")),
                 "a%20b%26c%3Dd%2Be%25f%23g%22%C3%BC");
    assert_int_equal(percent_encode(&arena, SLICE("")).length, 0);
    char every[127];
    for (size_t i = 0; i < sizeof every; i++)
        every[i] = (char)(i + 1);
    struct slice encoded =
        percent_encode(&arena, (struct slice){.data = every, .length = sizeof every});
    struct slice decoded = {0};
    assert_true(percent_decode(&arena, encoded, true, &decoded));
    assert_int_equal(decoded.length, sizeof every);
    assert_memory_equal(decoded.data, every, sizeof every);
    arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percent_encoding_is_undone_once),
        cmocka_unit_test(broken_percent_encoding_is_refused),
        cmocka_unit_test(what_means_something_in_a_query_is_encoded),
        cmocka_unit_test(a_body_must_be_one_json_object),
        cmocka_unit_test(an_error_about_a_body_does_not_quote_it),
        cmocka_unit_test(a_nest_deeper_than_the_parser_allows_is_an_error_and_not_a_crash),
        cmocka_unit_test(an_error_has_graphs_form_with_both_ids),
        cmocka_unit_test(a_client_request_id_that_is_no_guid_is_replaced_by_the_request_id),
        cmocka_unit_test(a_busy_or_broken_store_says_when_to_come_back),
        cmocka_unit_test(method_not_allowed_lists_what_is),
        cmocka_unit_test(a_header_value_cannot_begin_a_new_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
