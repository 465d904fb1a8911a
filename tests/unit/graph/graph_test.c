/* How addresses and media types are read: rules G1 to G6, G15 and G16 of the Graph dialect
 * (docs/graph-contract.md). */
#include "graph/address.h"
#include "graph/negotiation.h"
#include "message/media_type.h"

#include "test.h"

static struct graph_address parsed(struct arena *arena, const char *path) {
    struct graph_address address;
    assert_ok(graph_address_parse(arena, slice_from_string(path), &address));
    return address;
}

static void the_root_is_known_in_any_case(void **state) {
    (void)state;
    struct arena arena = {0};
    assert_int_equal(parsed(&arena, "/v1.0").version, GRAPH_V1_0);
    assert_int_equal(parsed(&arena, "/V1.0/x").version, GRAPH_V1_0);
    assert_int_equal(parsed(&arena, "/Beta/x").version, GRAPH_BETA);
    assert_true(graph_address_is_graph(SLICE("/BETA")));
    assert_false(graph_address_is_graph(SLICE("/v2.0/x")));
    assert_false(graph_address_is_graph(SLICE("/v1.0x")));
    assert_false(graph_address_is_graph(SLICE("/")));
    arena_free(&arena);
}

static void a_key_may_stand_behind_a_slash_or_in_parentheses(void **state) {
    (void)state;
    struct arena arena = {0};
    static const char *const same[] = {
        "/v1.0/set/a'b/do",        "/v1.0/set('a''b')/do",      "/v1.0/set(%27a''b%27)/do",
        "/v1.0/set(id='a''b')/do", "/v1.0/set%28'a''b'%29/do/", "/v1.0/set/a%27b/do/",
    };
    for (size_t i = 0; i < COUNT_OF(same); i++) {
        struct graph_address address = parsed(&arena, same[i]);
        assert_int_equal(address.segment_count, 3);
        assert_slice(address.segments[0], "set");
        assert_slice(address.segments[1], "a'b");
        assert_slice(address.segments[2], "do");
    }
    arena_free(&arena);
}

static void addresses_that_play_tricks_are_refused(void **state) {
    (void)state;
    struct arena arena = {0};
    static const char *const paths[] = {
        "/v1.0//set",
        "/v1.0/./set",
        "/v1.0/../set",
        "/v1.0/%2e%2e/set",
        "/v1.0/a%2Fb",
        "/v1.0/a%5Cb",
        "/v1.0/a%00b",
        "/v1.0/%",
        "/v1.0/%FF",
        "/v1.0/set//",
        "/v1.0/set(a)",
        "/v1.0/set('a)",
        "/v1.0/set('')b')",
        "/v1.0/('a')",
        "//v1.0",
        "/v1.0/set('a'')",
        "/v1.0/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q",
    };
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        struct graph_address address;
        struct error error = graph_address_parse(&arena, slice_from_string(paths[i]), &address);
        if (error.code != ERROR_INVALID)
            fail_msg("accepted: %s", paths[i]);
    }
    arena_free(&arena);
}

static struct request with_header(struct header *header, struct slice name, const char *value) {
    *header = (struct header){.name = name, .value = slice_from_string(value)};
    return (struct request){
        .headers = header, .header_count = value == NULL ? 0 : 1, .body = SLICE("{}")};
}

static void json_is_acceptable_in_every_way_of_saying_so(void **state) {
    (void)state;
    static const struct {
        const char *accept;
        enum odata_metadata metadata;
    } accepted[] = {
        {NULL, ODATA_METADATA_MINIMAL},
        {"", ODATA_METADATA_MINIMAL},
        {"*/*", ODATA_METADATA_MINIMAL},
        {"text/html, application/*;q=0.1", ODATA_METADATA_MINIMAL},
        {"Application/JSON", ODATA_METADATA_MINIMAL},
        {"application/json;odata.metadata=none", ODATA_METADATA_NONE},
        {"application/json; odata.metadata=full; charset=utf-8", ODATA_METADATA_FULL},
        {"application/json;odata.metadata=\"full\"", ODATA_METADATA_FULL},
        {"application/json;IEEE754Compatible=false;odata.streaming=true", ODATA_METADATA_MINIMAL},
    };
    for (size_t i = 0; i < COUNT_OF(accepted); i++) {
        struct header header;
        struct request request = with_header(&header, SLICE("accept"), accepted[i].accept);
        enum odata_metadata metadata = ODATA_METADATA_FULL;
        assert_ok(negotiation_read_accept(&request, &metadata));
        assert_int_equal(metadata, accepted[i].metadata);
    }
}

static void nothing_acceptable_is_said_so(void **state) {
    (void)state;
    static const char *const refused[] = {"text/html",
                                          "application/xml, text/*",
                                          "application/json;q=0",
                                          "application/json; q=0.000",
                                          "application/jsonx",
                                          ",",
                                          ";"};
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct header header;
        struct request request = with_header(&header, SLICE("Accept"), refused[i]);
        enum odata_metadata metadata;
        assert_error(negotiation_read_accept(&request, &metadata), ERROR_NOT_ACCEPTABLE);
    }
}

static void plain_text_is_acceptable_where_json_is(void **state) {
    (void)state;
    static const char *const accepted[] = {NULL,           "",    "text/plain",
                                           "Text/*;q=0.5", "*/*", "text/html, application/json"};
    static const char *const refused[] = {"text/html", "text/plain;q=0", "image/*", ","};
    struct header header;
    for (size_t i = 0; i < COUNT_OF(accepted); i++) {
        struct request request = with_header(&header, SLICE("Accept"), accepted[i]);
        assert_ok(negotiation_check_plain_text(&request));
    }
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct request request = with_header(&header, SLICE("Accept"), refused[i]);
        assert_error(negotiation_check_plain_text(&request), ERROR_NOT_ACCEPTABLE);
    }
}

static void a_body_must_say_that_it_is_json_in_utf8(void **state) {
    (void)state;
    static const char *const accepted[] = {"application/json", "Application/Json;charset=UTF-8",
                                           "application/json; charset=\"utf-8\"; x=y",
                                           "application/json;"};
    static const char *const refused[] = {NULL,
                                          "",
                                          "text/json",
                                          "application/x-www-form-urlencoded",
                                          "application/json; charset=latin1",
                                          "application/jsonp"};
    struct header header;
    for (size_t i = 0; i < COUNT_OF(accepted); i++) {
        struct request request = with_header(&header, SLICE("content-TYPE"), accepted[i]);
        assert_ok(media_type_check_json_body(&request));
    }
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct request request = with_header(&header, SLICE("Content-Type"), refused[i]);
        assert_error(media_type_check_json_body(&request), ERROR_UNSUPPORTED_MEDIA_TYPE);
    }
    struct request empty = {.body = SLICE("")};
    assert_ok(media_type_check_json_body(&empty));
}

/* Kiota's clients for Go and TypeScript compress each body, and send it again as it is when they
 * get a 415: any other status would be an error to them. */
static void a_body_that_is_compressed_is_refused_as_an_unsupported_encoding(void **state) {
    (void)state;
    struct header headers[] = {{SLICE("Content-Type"), SLICE("application/json")},
                               {SLICE("content-encoding"), SLICE("gzip")}};
    struct request request = {.headers = headers, .header_count = 2, .body = SLICE("\x1f\x8b")};
    struct error error = media_type_check_json_body(&request);
    assert_error(error, ERROR_UNSUPPORTED_MEDIA_TYPE);
    assert_string_equal(error.target, "Content-Encoding");
    headers[1].value = SLICE("identity, gzip");
    assert_error(media_type_check_json_body(&request), ERROR_UNSUPPORTED_MEDIA_TYPE);
    headers[1].value = SLICE("Identity");
    assert_ok(media_type_check_json_body(&request));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_root_is_known_in_any_case),
        cmocka_unit_test(a_key_may_stand_behind_a_slash_or_in_parentheses),
        cmocka_unit_test(addresses_that_play_tricks_are_refused),
        cmocka_unit_test(json_is_acceptable_in_every_way_of_saying_so),
        cmocka_unit_test(nothing_acceptable_is_said_so),
        cmocka_unit_test(plain_text_is_acceptable_where_json_is),
        cmocka_unit_test(a_body_must_say_that_it_is_json_in_utf8),
        cmocka_unit_test(a_body_that_is_compressed_is_refused_as_an_unsupported_encoding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
