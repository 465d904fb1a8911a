/* What becomes of connections where the system refuses to watch a socket, as one does that is out
 * of memory. */
#include <errno.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/test_server.h"
#include "test.h"

static atomic_bool no_descriptor_is_left; /* for the next connection */
static atomic_bool no_listener_is_watched;
static atomic_bool no_mailbox_is_watched;

int __real_accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);
int __wrap_accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);
int __real_event_add(struct event *event, const struct timeval *timeout);
int __wrap_event_add(struct event *event, const struct timeval *timeout);

int __wrap_accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags) {
    if (!atomic_exchange(&no_descriptor_is_left, false))
        return __real_accept4(descriptor, address, length, flags);
    atomic_store(&no_listener_is_watched, true);
    errno = EMFILE;
    return -1;
}

/* Listeners are the ones that are not edge-triggered; a mailbox is never waited for to write. */
int __wrap_event_add(struct event *event, const struct timeval *timeout) {
    short what = event_get_events(event) & (EV_READ | EV_WRITE | EV_ET);
    bool is_refused = (what == EV_READ && atomic_exchange(&no_listener_is_watched, false)) ||
                      (what == (EV_READ | EV_ET) && atomic_load(&no_mailbox_is_watched));
    return is_refused ? -1 : __real_event_add(event, timeout);
}

/* The refusals come in this order: a connection, then the attempt to watch for connections again.
 */
static void a_listener_that_cannot_be_watched_again_is_tried_until_it_can(void **state) {
    (void)state;
    struct http_limits limits = test_limits();
    struct test_server *server = test_server_start(&limits, 1, NULL, NULL);
    int first = test_connect(server);
    test_ask(first, "GET / HTTP/1.1\r\nHost: h\r\n\r\n", 200, NULL);
    atomic_store(&no_descriptor_is_left, true);
    int second = test_connect(server);
    test_ask(second, "GET / HTTP/1.1\r\nHost: h\r\n\r\n", 200, NULL);
    assert_false(atomic_load(&no_descriptor_is_left));
    assert_false(atomic_load(&no_listener_is_watched));
    (void)close(first);
    (void)close(second);
    test_server_end(server);
}

/* Nothing could wake it to stop. */
static void a_loop_whose_mailbox_cannot_be_watched_ends_the_server(void **state) {
    (void)state;
    struct http_limits limits = test_limits();
    for (size_t loops = 1; loops <= 2; loops++) {
        void *failed = NULL;
        atomic_store(&no_mailbox_is_watched, true);
        struct test_server *server = test_server_start(&limits, loops, NULL, NULL);
        assert_int_equal(pthread_join(server->runner, &failed), 0);
        atomic_store(&no_mailbox_is_watched, false);
        assert_ptr_equal(failed, server);
        char *log = test_server_read_log(server);
        assert_non_null(strstr(log, "reason=\"it cannot watch its sockets\""));
        free(log);
        test_server_free(server);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_listener_that_cannot_be_watched_again_is_tried_until_it_can),
        cmocka_unit_test(a_loop_whose_mailbox_cannot_be_watched_ends_the_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
