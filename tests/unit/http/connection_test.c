/* A connection on a loop that the test turns by hand: what it keeps in memory, and which deadline
 * it waits by. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/connection.h"
#include "message/reply.h"
#include "test.h"

struct scene {
    struct http_shared shared;
    struct http_listener listener;
    struct door door;
    struct http_loop loop;
    int client;
};

static void handle(struct door *door, struct exchange *exchange) {
    (void)door;
    reply_begin(exchange);
    exchange->response.status = 204;
    exchange_finish(exchange);
}

static void refuse(struct door *door, struct exchange *exchange, const struct error *error) {
    (void)door;
    reply_begin(exchange);
    reply_set_error(exchange, error, NULL);
}

static struct http_connection *set_up(struct scene *scene) {
    *scene = (struct scene){
        .shared.options = {.loops = 1,
                           .limits = http_limits_default(),
                           .clock = &system_clock,
                           .random = &system_random},
        .door = {.handle = handle, .refuse = refuse},
    };
    scene->listener.options.door = &scene->door;
    scene->listener.limit = &scene->shared.limit;
    scene->shared.limit.at_most = 1;
    assert_true(http_connection_limit_take(scene->listener.limit));
    assert_ok(http_loop_open(&scene->loop, &scene->shared, 0));
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
    scene->client = ends[0];
    http_connection_open(&scene->loop, &scene->listener, ends[1], "local");
    assert_non_null(scene->loop.idle.first);
    return scene->loop.idle.first->connection;
}

static void tear_down(struct scene *scene, struct http_connection *connection) {
    http_connection_abandon(connection);
    assert_int_equal(scene->shared.limit.open, 0);
    (void)close(scene->client);
    http_loop_close(&scene->loop);
}

/* Lets the connection do what it can, its deferred work aside. */
static void turn(struct scene *scene) {
    assert_true(event_base_loop(scene->loop.base, EVLOOP_NONBLOCK) >= 0);
}

static void turn_and_resume(struct scene *scene, struct http_connection *connection) {
    turn(scene);
    while (scene->loop.deferred.first != NULL)
        http_connection_resume(connection);
}

static void send_bytes(const struct scene *scene, const char *bytes, size_t size) {
    assert_int_equal(send(scene->client, bytes, size, MSG_NOSIGNAL), size);
}

static void read_answers(const struct scene *scene) {
    char bytes[4096];
    while (recv(scene->client, bytes, sizeof bytes, 0) > 0)
        continue;
}

static void a_pipeline_without_a_pause_takes_no_more_memory_than_its_largest_request(void **state) {
    (void)state;
    enum { SIZE = 1270, REQUESTS = 3000 };
    char request[SIZE + 1];
    int length = snprintf(request, sizeof request, "GET / HTTP/1.1\r\nHost: h\r\nX: ");
    memset(request + length, 'x', (size_t)(SIZE - length));
    memcpy(request + SIZE - 4, "\r\n\r\n", 4);
    struct scene scene;
    struct http_connection *connection = set_up(&scene);
    /* No piece ends where a request does. */
    enum { FIRST = 600 };
    send_bytes(&scene, request, FIRST);
    for (int i = 0; i < REQUESTS; i++) {
        send_bytes(&scene, request + FIRST, SIZE - FIRST);
        send_bytes(&scene, request, FIRST);
        turn_and_resume(&scene, connection);
        read_answers(&scene);
        assert_true(connection->input.capacity <= HTTP_INPUT_SIZE);
    }
    assert_int_equal(scene.loop.counts.responses_by_class[2], REQUESTS);
    tear_down(&scene, connection);
}

static void a_connection_that_lingers_after_a_full_pass_has_a_deadline(void **state) {
    (void)state;
    struct scene scene;
    struct http_connection *connection = set_up(&scene);
    struct buffer requests = {0};
    /* Read, empty line, then two steps a request: the last of them is the pass's last one, too. */
    buffer_append_string(&requests, "\r\n");
    for (int i = 0; i < 126; i++)
        buffer_append_string(&requests, "GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
    buffer_append_string(&requests, "GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\nX");
    send_bytes(&scene, requests.data, requests.length);
    buffer_free(&requests);
    turn(&scene);
    assert_int_equal(connection->phase, HTTP_PHASE_LINGER);
    assert_ptr_equal(connection->deadline.queue, &scene.loop.deferred);
    http_connection_resume(connection);
    assert_int_equal(connection->phase, HTTP_PHASE_LINGER);
    assert_ptr_equal(connection->deadline.queue, &scene.loop.lingering);
    tear_down(&scene, connection);
}

static void send_text(const struct scene *scene, const char *text) {
    send_bytes(scene, text, strlen(text));
}

static void a_pipelined_request_has_all_of_its_own_time(void **state) {
    (void)state;
    struct scene scene;
    struct http_connection *connection = set_up(&scene);
    int64_t began = scene.loop.now;
    int64_t slow = began + 8;
    send_text(&scene, "GET /1 HTTP/1.1\r\nHo");
    turn(&scene);
    int64_t allowed = connection->deadline.due - began;
    scene.loop.now = slow;
    send_text(&scene, "st: h\r\n\r\nGET /2 HTTP/1.1\r\nHo");
    turn(&scene);
    assert_ptr_equal(connection->deadline.queue, &scene.loop.heads);
    assert_int_equal(connection->deadline.due, slow + allowed);
    /* The same for bodies. */
    send_text(&scene, "st: h\r\nContent-Length: 2\r\n\r\na");
    turn(&scene);
    assert_ptr_equal(connection->deadline.queue, &scene.loop.bodies);
    allowed = connection->deadline.due - slow;
    scene.loop.now = slow + 25;
    send_text(&scene, "bPUT /3 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\na");
    turn(&scene);
    assert_ptr_equal(connection->deadline.queue, &scene.loop.bodies);
    assert_int_equal(connection->deadline.due, slow + 25 + allowed);
    assert_int_equal(scene.loop.counts.responses_by_class[2], 2);
    tear_down(&scene, connection);
}

/* RFC 9112 2.2: some clients send one behind a body, which then stands before the next request. */
static void one_empty_line_before_a_request_is_passed_over(void **state) {
    (void)state;
    struct scene scene;
    struct http_connection *connection = set_up(&scene);
    for (int i = 1; i <= 3; i++) {
        send_text(&scene, "\r\n");
        turn(&scene);
        send_text(&scene, "GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
        turn(&scene);
        assert_int_equal(scene.loop.counts.responses_by_class[2], i);
    }
    send_text(&scene, "\r\nGET /x HTTP/1.1\r\nHost: h\r\n\r\n\r\n");
    turn(&scene);
    assert_int_equal(scene.loop.counts.responses_by_class[2], 4);
    assert_int_equal(scene.loop.counts.responses_by_class[4], 0);
    assert_int_equal(connection->input.capacity, 0);
    tear_down(&scene, connection);
}

static void a_second_empty_line_is_no_request(void **state) {
    (void)state;
    static const char *const pieces[][2] = {{"\r\n", "\r\n"}, {"\r\n\r\n", ""}, {"\r\n\r", "\n"}};
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        struct scene scene;
        struct http_connection *connection = set_up(&scene);
        for (size_t k = 0; k < COUNT_OF(pieces[i]); k++) {
            send_text(&scene, pieces[i][k]);
            turn(&scene);
        }
        assert_int_equal(scene.loop.counts.responses_by_class[4], 1);
        assert_int_equal(connection->phase, HTTP_PHASE_LINGER);
        tear_down(&scene, connection);
    }
}

static void an_empty_line_keeps_no_idle_connection_open(void **state) {
    (void)state;
    struct scene scene;
    struct http_connection *connection = set_up(&scene);
    send_text(&scene, "GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
    turn(&scene);
    assert_ptr_equal(connection->deadline.queue, &scene.loop.idle);
    int64_t due = connection->deadline.due;
    scene.loop.now += 100;
    send_text(&scene, "\r\n");
    turn(&scene);
    assert_ptr_equal(connection->deadline.queue, &scene.loop.idle);
    assert_int_equal(connection->deadline.due, due);
    /* One that is sent with a request is no reason to wait less for the next one. */
    send_text(&scene, "GET /x HTTP/1.1\r\nHost: h\r\n\r\n\r\n");
    turn(&scene);
    assert_ptr_equal(connection->deadline.queue, &scene.loop.idle);
    assert_int_equal(connection->deadline.due, due + 100);
    tear_down(&scene, connection);
}

/* A stop closes those that are idle, and they are not answered 408. */
static void an_empty_line_in_pieces_leaves_the_connection_idle(void **state) {
    (void)state;
    struct scene scene;
    struct http_connection *connection = set_up(&scene);
    send_text(&scene, "GET /x HTTP/1.1\r\nHost: h\r\n\r\n\r");
    turn(&scene);
    assert_ptr_equal(connection->deadline.queue, &scene.loop.heads);
    send_text(&scene, "\n");
    turn(&scene);
    assert_ptr_equal(connection->deadline.queue, &scene.loop.idle);
    assert_int_equal(connection->input.capacity, 0);
    tear_down(&scene, connection);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pipeline_without_a_pause_takes_no_more_memory_than_its_largest_request),
        cmocka_unit_test(a_connection_that_lingers_after_a_full_pass_has_a_deadline),
        cmocka_unit_test(a_pipelined_request_has_all_of_its_own_time),
        cmocka_unit_test(one_empty_line_before_a_request_is_passed_over),
        cmocka_unit_test(a_second_empty_line_is_no_request),
        cmocka_unit_test(an_empty_line_keeps_no_idle_connection_open),
        cmocka_unit_test(an_empty_line_in_pieces_leaves_the_connection_idle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
