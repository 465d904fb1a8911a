/* Connections on their way to another loop, and what becomes of them when that loop ends. */
#include "http/arrivals.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/loop.h"
#include "test.h"

struct scene {
    struct http_listener listener;
    struct http_shared shared;
    struct http_loop loop;
};

static int set_up(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    if (scene == NULL)
        return -1;
    scene->shared = (struct http_shared){
        .options = {.loops = 1,
                    .limits = http_limits_default(),
                    .clock = &system_clock,
                    .random = &system_random},
        .loops = &scene->loop,
        .loop_count = 1,
        .loops_accepting = 1,
        .limit = {.at_most = 10},
    };
    scene->listener.limit = &scene->shared.limit;
    struct error error = http_loop_open(&scene->loop, &scene->shared, 0);
    *state = scene;
    return error_is_set(&error) ? -1 : 0;
}

static int tear_down(void **state) {
    struct scene *scene = *state;
    http_loop_close(&scene->loop);
    free(scene);
    return 0;
}

struct accepted {
    int client;
    int server;
};

static struct accepted accept_one(struct scene *scene) {
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
    assert_true(http_connection_limit_take(&scene->shared.limit));
    return (struct accepted){.client = ends[0], .server = ends[1]};
}

static void drop(struct scene *scene, struct accepted accepted) {
    http_connection_limit_give(&scene->shared.limit);
    assert_int_equal(close(accepted.server), 0);
    assert_int_equal(close(accepted.client), 0);
}

static enum http_arrivals_put put(struct scene *scene, struct accepted accepted) {
    (void)atomic_fetch_add(&scene->loop.connections, 1);
    return http_arrivals_put(&scene->loop.arrivals, &scene->listener, accepted.server, "192.0.2.1");
}

static void assert_closed(struct accepted accepted) {
    char byte;
    assert_int_equal(recv(accepted.client, &byte, 1, 0), 0);
    assert_int_equal(close(accepted.client), 0);
}

static void only_the_first_wakes_the_loop(void **state) {
    struct scene *scene = *state;
    struct accepted accepted[] = {accept_one(scene), accept_one(scene)};
    assert_int_equal(put(scene, accepted[0]), HTTP_ARRIVALS_PUT_FIRST);
    assert_int_equal(put(scene, accepted[1]), HTTP_ARRIVALS_PUT);
    struct http_arrival *arrival = http_arrivals_take(&scene->loop.arrivals, false);
    for (size_t taken = 0; taken < COUNT_OF(accepted); taken++) {
        struct http_arrival *next = arrival->next;
        assert_ptr_equal(arrival->listener, &scene->listener);
        assert_string_equal(arrival->peer, "192.0.2.1");
        free(arrival);
        arrival = next;
    }
    assert_null(arrival);
    struct accepted later = accept_one(scene);
    assert_int_equal(put(scene, later), HTTP_ARRIVALS_PUT_FIRST);
    http_loop_close(&scene->loop);
    assert_closed(later);
    drop(scene, accepted[0]);
    drop(scene, accepted[1]);
    assert_int_equal(atomic_load(&scene->shared.limit.open), 0);
}

/* Whoever accepted it serves it himself. */
static void a_loop_that_ends_takes_none_any_more(void **state) {
    struct scene *scene = *state;
    assert_null(http_arrivals_take(&scene->loop.arrivals, true));
    struct accepted late = accept_one(scene);
    assert_int_equal(put(scene, late), HTTP_ARRIVALS_REFUSED);
    drop(scene, late);
}

static void run_within(evutil_socket_t descriptor, short what, void *context) {
    (void)descriptor;
    (void)what;
    http_loop_run(context);
}

/* A loop within itself is one that libevent refuses, as it might on a broken machine. */
static void a_loop_that_fails_closes_what_is_on_its_way_to_it(void **state) {
    struct scene *scene = *state;
    struct accepted waiting = accept_one(scene);
    assert_int_equal(put(scene, waiting), HTTP_ARRIVALS_PUT_FIRST);
    const struct timeval at_once = {.tv_sec = 0};
    assert_int_equal(
        event_base_once(scene->loop.base, -1, EV_TIMEOUT, run_within, &scene->loop, &at_once), 0);
    assert_int_equal(event_base_loop(scene->loop.base, EVLOOP_ONCE), 0);
    assert_closed(waiting);
    assert_int_equal(atomic_load(&scene->shared.limit.open), 0);
    assert_int_equal(atomic_load(&scene->loop.connections), 0);
    struct accepted late = accept_one(scene);
    assert_int_equal(put(scene, late), HTTP_ARRIVALS_REFUSED);
    drop(scene, late);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_the_first_wakes_the_loop, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_loop_that_ends_takes_none_any_more, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_loop_that_fails_closes_what_is_on_its_way_to_it, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
