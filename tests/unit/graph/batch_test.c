/* How a batch goes its way: what is refused as a whole, what is refused of one request, in which
 * order requests are answered, and what happens to memory. The door is the test's own. */
#include "graph/batch.h"

#include <stdlib.h>

#include "graph/batch_part.h"
#include "message/reply.h"
#include "test.h"

#define HEADERS "\"headers\":{\"Content-Type\":\"application/json\"}"

struct kit {
    struct exchange exchange;
    struct still_clock clock;
    struct still_random random;
    struct batch_requests requests;
    struct exchange *held[BATCH_REQUESTS_AT_MOST]; /* answered when the test says so */
    size_t held_count;
    size_t depth; /* of answers on the stack */
    size_t deepest;
    bool holds;
    int status;
    size_t body_bytes;
    instant duration; /* of an answer */
    size_t answered;
    size_t finished;
    char asked[2048]; /* "GET /v1.0/x?y\n" for each request that reached the door */
};

static void settle(struct kit *kit, struct exchange *part) {
    part->response.status = kit->status;
    for (size_t i = 0; i < kit->body_bytes; i++)
        buffer_append_byte(&part->response.body, '1');
    if (kit->body_bytes > 0)
        response_set_header(&part->response, SLICE("Content-Type"), SLICE("application/json"));
    exchange_finish(part);
}

static void answer(void *context, struct exchange *part) {
    struct kit *kit = context;
    size_t length = strlen(kit->asked);
    kit->answered++;
    (void)snprintf(kit->asked + length, sizeof kit->asked - length, "%.*s %.*s%s%.*s\n",
                   SLICE_PRINTF(part->request.method_name), SLICE_PRINTF(part->request.path),
                   part->request.query.length > 0 ? "?" : "", SLICE_PRINTF(part->request.query));
    kit->clock.now += kit->duration;
    if (kit->holds) {
        kit->held[kit->held_count++] = part;
        return;
    }
    kit->depth++;
    kit->deepest = kit->depth > kit->deepest ? kit->depth : kit->deepest;
    settle(kit, part);
    kit->depth--;
}

static void count_finish(struct exchange *exchange) {
    ((struct kit *)exchange->owner)->finished++;
}

static struct kit *kit_open(void) {
    struct kit *kit = calloc(1, sizeof *kit);
    assert_non_null(kit);
    kit->clock = still_clock_make(INSTANT_UNIX_EPOCH);
    kit->random = still_random_make(7);
    kit->status = 200;
    kit->exchange.owner = kit;
    kit->exchange.finish = count_finish;
    kit->exchange.request.host = SLICE("here:1");
    return kit;
}

static void kit_close(struct kit *kit) {
    arena_free(&kit->exchange.arena);
    response_free(&kit->exchange.response);
    free(kit);
}

static json_t *parse(const char *text) {
    json_t *body = json_loads(text, 0, NULL);
    if (body == NULL)
        fail_msg("not JSON: %s", text);
    return body;
}

static void start(struct kit *kit, const char *text) {
    json_t *body = parse(text);
    assert_ok(batch_requests_read(body, &kit->requests));
    const struct batch_options options = {
        .root_segment = SLICE("v1.0"),
        .clock = &kit->clock.clock,
        .random = &kit->random.source,
        .answer = answer,
        .context = kit,
    };
    batch_run(&kit->exchange, &options, &kit->requests, body);
}

/* "a 200, b 424" in the order of the answers. */
static const char *outcome(struct kit *kit) {
    struct slice body = buffer_slice(&kit->exchange.response.body);
    json_t *root = json_loadb(body.data, body.length, 0, NULL);
    assert_non_null(root);
    static char text[1024];
    text[0] = '\0';
    size_t index = 0;
    const json_t *one = NULL;
    json_array_foreach(json_object_get(root, "responses"), index, one) {
        size_t length = strlen(text);
        (void)snprintf(text + length, sizeof text - length, "%s%s %d", index == 0 ? "" : ", ",
                       json_string_value(json_object_get(one, "id")),
                       (int)json_integer_value(json_object_get(one, "status")));
    }
    json_decref(root);
    return text;
}

static void a_batch_that_is_malformed_is_refused_as_a_whole(void **state) {
    (void)state;
    static const struct {
        const char *body;
        const char *target;
    } cases[] = {
        {"{}", "requests"},
        {"{\"requests\":{}}", "requests"},
        {"{\"requests\":[]}", "requests"},
        {"{\"requests\":[1]}", "requests"},
        {"{\"requests\":[{\"method\":\"GET\",\"url\":\"x\"}]}", "requests/0/id"},
        {"{\"requests\":[{\"id\":1,\"method\":\"GET\",\"url\":\"x\"}]}", "requests/0/id"},
        {"{\"requests\":[{\"id\":\"\",\"method\":\"GET\",\"url\":\"x\"}]}", "requests/0/id"},
        {"{\"requests\":[{\"id\":\"a\",\"url\":\"x\"}]}", "requests/0/method"},
        {"{\"requests\":[{\"id\":\"a\",\"method\":\"GET\"}]}", "requests/0/url"},
        {"{\"requests\":[{\"id\":\"a\",\"method\":\"GET\",\"url\":\"\"}]}", "requests/0/url"},
        {"{\"requests\":[{\"id\":\"a\",\"method\":\"GET\",\"url\":\"x\",\"headers\":[]}]}",
         "requests/0/headers"},
        {"{\"requests\":[{\"id\":\"a\",\"method\":\"GET\",\"url\":\"x\",\"headers\":{\"a\":1}}]}",
         "requests/0/headers"},
        {"{\"requests\":[{\"id\":\"a\",\"method\":\"GET\",\"url\":\"x\"},"
         "{\"id\":\"A\",\"method\":\"GET\",\"url\":\"x\"}]}",
         "id"},
        {"{\"requests\":[{\"id\":\"a\",\"method\":\"GET\",\"url\":\"x\",\"dependsOn\":\"b\"}]}",
         "requests/0/dependsOn"},
        {"{\"requests\":[{\"id\":\"a\",\"method\":\"GET\",\"url\":\"x\",\"dependsOn\":[1]}]}",
         "requests/0/dependsOn"},
        {"{\"requests\":[{\"id\":\"a\",\"method\":\"GET\",\"url\":\"x\",\"dependsOn\":[\"b\"]}]}",
         "dependsOn"},
        {"{\"requests\":[{\"id\":\"a\",\"method\":\"GET\",\"url\":\"x\",\"dependsOn\":[\"a\"]}]}",
         "dependsOn"},
        {"{\"requests\":[{\"id\":\"a\",\"method\":\"GET\",\"url\":\"x\",\"dependsOn\":[\"b\"]},"
         "{\"id\":\"b\",\"method\":\"GET\",\"url\":\"x\"}]}",
         "dependsOn"},
        {"{\"requests\":[{\"id\":\"a\",\"method\":\"GET\",\"url\":\"x\",\"atomicityGroup\":\"g\"}]"
         "}",
         "atomicityGroup"},
        {"{\"requests\":[{\"id\":\"a\",\"method\":\"POST\",\"url\":\"x\",\"body\":{}}]}",
         "Content-Type"},
        {"{\"requests\":[{\"id\":\"a\",\"method\":\"DELETE\",\"url\":\"x\",\"body\":{}}]}",
         "Content-Type"},
        {"{\"requests\":[{\"id\":\"a\",\"method\":\"POST\",\"url\":\"x\"," HEADERS "}]}", "body"},
        {"{\"requests\":[{\"id\":\"a\",\"method\":\"PATCH\",\"url\":\"x\"," HEADERS
         ",\"body\":null}]}",
         "body"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct batch_requests requests;
        json_t *body = parse(cases[i].body);
        struct error error = batch_requests_read(body, &requests);
        if (error.code != ERROR_INVALID || strcmp(error.target, cases[i].target) != 0)
            fail_msg("%s: code %d, target %s", cases[i].body, (int)error.code, error.target);
        json_decref(body);
    }
}

static void twenty_requests_are_the_most(void **state) {
    (void)state;
    for (int count = BATCH_REQUESTS_AT_MOST; count <= BATCH_REQUESTS_AT_MOST + 1; count++) {
        json_t *items = json_array();
        for (int i = 0; i < count; i++) {
            char id[16];
            (void)snprintf(id, sizeof id, "%d", i);
            json_array_append_new(
                items, json_pack("{s:s,s:s,s:s}", "id", id, "method", "GET", "url", "/x"));
        }
        json_t *body = json_pack("{s:o}", "requests", items);
        struct batch_requests requests;
        struct error error = batch_requests_read(body, &requests);
        assert_int_equal(error.code, count == BATCH_REQUESTS_AT_MOST ? ERROR_NONE : ERROR_INVALID);
        json_decref(body);
    }
}

static void addresses_are_relative_to_the_version(void **state) {
    (void)state;
    struct kit *kit = kit_open();
    start(kit, "{\"requests\":["
               "{\"id\":\"a\",\"method\":\"GET\",\"url\":\"/x/y?$filter=a eq 'ü'\"},"
               "{\"id\":\"b\",\"method\":\"get\",\"url\":\"x\"},"
               "{\"id\":\"c\",\"method\":\"GET\",\"url\":\"/?q\"},"
               "{\"id\":\"d\",\"method\":\"GET\",\"url\":\"https://here/v1.0/x\"},"
               "{\"id\":\"e\",\"method\":\"GET\",\"url\":\"//here/v1.0/x\"},"
               "{\"id\":\"f\",\"method\":\"GET\",\"url\":\"file:x\"},"
               "{\"id\":\"g\",\"method\":\"GET\",\"url\":\"x#y\"},"
               "{\"id\":\"h\",\"method\":\"GET\",\"url\":\"x?a:b\"}]}");
    assert_string_equal(kit->asked, "GET /v1.0/x/y?$filter=a%20eq%20'%C3%BC'\n"
                                    "GET /v1.0/x\n"
                                    "GET /v1.0/?q\n"
                                    "GET /v1.0/x?a:b\n");
    assert_string_equal(outcome(kit), "a 200, b 200, c 200, d 400, e 400, f 400, g 400, h 200");
    kit_close(kit);
}

static void a_part_has_the_batch_s_host_and_its_own_headers(void **state) {
    (void)state;
    struct kit *kit = kit_open();
    json_t *body = parse("{\"requests\":[{\"id\":\"a\",\"method\":\"GET\",\"url\":\"x\","
                         "\"headers\":{\"If-Match\":\" *\",\"accept-encoding\":\"gzip\"}}]}");
    assert_ok(batch_requests_read(body, &kit->requests));
    struct exchange part = {.loop = 0};
    kit->exchange.client_request_id = (struct guid){{1, 2, 3}};
    assert_ok(batch_part_fill(&part, &kit->exchange, SLICE("beta"), &kit->requests.items[0]));
    assert_slice(part.request.host, "here:1");
    assert_slice(request_find_header(&part.request, SLICE("if-match")), "*");
    assert_null(request_find_header(&part.request, SLICE("Accept-Encoding")).data);
    assert_slice(request_find_header(&part.request, SLICE("client-request-id")),
                 "01020300-0000-0000-0000-000000000000");
    arena_free(&part.arena);
    json_decref(body);
    /* Some clients write their common headers into each part, too. */
    struct header own = {SLICE("authorization"), SLICE("Bearer z")};
    kit->exchange.request.headers = &own;
    kit->exchange.request.header_count = 1;
    body = parse("{\"requests\":[{\"id\":\"a\",\"method\":\"GET\",\"url\":\"x\","
                 "\"headers\":{\"Authorization\":\"Bearer z\"}}]}");
    assert_ok(batch_requests_read(body, &kit->requests));
    struct exchange same = {.loop = 0};
    assert_ok(batch_part_fill(&same, &kit->exchange, SLICE("beta"), &kit->requests.items[0]));
    assert_null(request_find_header(&same.request, SLICE("Authorization")).data);
    arena_free(&same.arena);
    json_decref(body);
    static const char *const refused[] = {"Authorization", "authorization", "HOST"};
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        body = json_pack("{s:[{s:s,s:s,s:s,s:{s:s}}]}", "requests", "id", "a", "method", "GET",
                         "url", "x", "headers", refused[i], "y");
        assert_ok(batch_requests_read(body, &kit->requests));
        struct exchange other = {.loop = 0};
        assert_error(
            batch_part_fill(&other, &kit->exchange, SLICE("beta"), &kit->requests.items[0]),
            ERROR_INVALID);
        arena_free(&other.arena);
        json_decref(body);
    }
    kit_close(kit);
}

#define CHAIN                                                                                      \
    "{\"requests\":[{\"id\":\"a\",\"method\":\"GET\",\"url\":\"a\"},"                              \
    "{\"id\":\"b\",\"method\":\"GET\",\"url\":\"b\",\"dependsOn\":[\"a\"]},"                       \
    "{\"id\":\"c\",\"method\":\"GET\",\"url\":\"c\",\"dependsOn\":[\"B\"]},"                       \
    "{\"id\":\"d\",\"method\":\"GET\",\"url\":\"d\"}]}"

static void who_depends_on_nobody_starts_at_once_the_others_in_turn(void **state) {
    (void)state;
    struct kit *kit = kit_open();
    kit->holds = true;
    start(kit, CHAIN);
    assert_string_equal(kit->asked, "GET /v1.0/a\nGET /v1.0/d\n");
    settle(kit, kit->held[1]);
    assert_int_equal(kit->held_count, 2);
    settle(kit, kit->held[0]);
    assert_int_equal(kit->held_count, 3);
    settle(kit, kit->held[2]);
    assert_int_equal(kit->finished, 0);
    settle(kit, kit->held[3]);
    assert_int_equal(kit->finished, 1);
    assert_string_equal(outcome(kit), "d 200, a 200, b 200, c 200");
    kit_close(kit);
}

static void a_failure_takes_along_who_depends_on_it_and_nobody_else(void **state) {
    (void)state;
    struct kit *kit = kit_open();
    kit->holds = true;
    start(kit, CHAIN);
    kit->status = 404;
    settle(kit, kit->held[0]);
    kit->status = 204;
    settle(kit, kit->held[1]);
    assert_string_equal(outcome(kit), "a 404, b 424, c 424, d 204");
    assert_int_equal(kit->answered, 2);
    kit_close(kit);
}

/* A door that answers at once must not be called from within its own answer. */
static void a_long_chain_does_not_grow_the_stack(void **state) {
    (void)state;
    struct kit *kit = kit_open();
    start(kit, CHAIN);
    assert_int_equal(kit->deepest, 1);
    assert_string_equal(outcome(kit), "a 200, b 200, c 200, d 200");
    assert_int_equal(kit->finished, 1);
    kit_close(kit);
}

static void reading_that_takes_long_is_put_off_but_changes_are_not(void **state) {
    (void)state;
    struct kit *kit = kit_open();
    kit->duration = BATCH_TURN_TICKS;
    start(kit, "{\"requests\":[{\"id\":\"a\",\"method\":\"GET\",\"url\":\"a\"},"
               "{\"id\":\"b\",\"method\":\"GET\",\"url\":\"b\"},"
               "{\"id\":\"c\",\"method\":\"GET\",\"url\":\"c\"},"
               "{\"id\":\"d\",\"method\":\"POST\",\"url\":\"d\"," HEADERS ",\"body\":{}}]}");
    assert_string_equal(outcome(kit), "a 200, b 200, c 429, d 200");
    kit_close(kit);
}

static void the_reply_is_bounded(void **state) {
    (void)state;
    struct kit *kit = kit_open();
    kit->body_bytes = BATCH_REPLY_BYTES_AT_MOST / 2 - 1024;
    start(kit, "{\"requests\":[{\"id\":\"a\",\"method\":\"GET\",\"url\":\"a\"},"
               "{\"id\":\"b\",\"method\":\"GET\",\"url\":\"b\"},"
               "{\"id\":\"c\",\"method\":\"GET\",\"url\":\"c\"},"
               "{\"id\":\"d\",\"method\":\"GET\",\"url\":\"d\",\"dependsOn\":[\"c\"]}]}");
    struct slice body = buffer_slice(&kit->exchange.response.body);
    assert_true(body.length < BATCH_REPLY_BYTES_AT_MOST + 4096);
    /* Ones without end are no number that jansson takes. */
    assert_non_null(memmem(body.data, body.length, "\"status\":413", 12));
    assert_non_null(memmem(body.data, body.length, "\"status\":424", 12));
    kit_close(kit);
}

static void what_is_not_json_stands_in_base64(void **state) {
    (void)state;
    struct exchange part = {.response = {.status = 200}};
    struct buffer out = {0};
    struct json_writer writer = json_writer_make(&out);
    response_set_header(&part.response, SLICE("Content-Type"), SLICE("application/xml"));
    buffer_append_string(&part.response.body, "<a/>");
    batch_part_write(&part, SLICE("a"), &writer);
    assert_slice(buffer_slice(&out),
                 "{\"id\":\"a\",\"status\":200,\"headers\":{\"Content-Type\":\"application/xml\"},"
                 "\"body\":\"PGEvPg==\"}");
    response_free(&part.response);
    buffer_free(&out);
}

/* The sanitizers see whether everything was given back. */
static void a_batch_is_given_back_when_nobody_answers_any_more(void **state) {
    (void)state;
    struct kit *kit = kit_open();
    kit->holds = true;
    start(kit, CHAIN);
    settle(kit, kit->held[0]);
    assert_int_equal(kit->finished, 0);
    assert_non_null(kit->exchange.abandon);
    kit->exchange.abandon(&kit->exchange);
    kit_close(kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_that_is_malformed_is_refused_as_a_whole),
        cmocka_unit_test(twenty_requests_are_the_most),
        cmocka_unit_test(addresses_are_relative_to_the_version),
        cmocka_unit_test(a_part_has_the_batch_s_host_and_its_own_headers),
        cmocka_unit_test(who_depends_on_nobody_starts_at_once_the_others_in_turn),
        cmocka_unit_test(a_failure_takes_along_who_depends_on_it_and_nobody_else),
        cmocka_unit_test(a_long_chain_does_not_grow_the_stack),
        cmocka_unit_test(reading_that_takes_long_is_put_off_but_changes_are_not),
        cmocka_unit_test(the_reply_is_bounded),
        cmocka_unit_test(what_is_not_json_stands_in_base64),
        cmocka_unit_test(a_batch_is_given_back_when_nobody_answers_any_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
