/* How connections and the server itself come to an end, and where it listens. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "http/connection_limit.h"
#include "http/test_server.h"
#include "test.h"

static void a_slow_request_is_a_408(void **state) {
    (void)state;
    static const char *const beginnings[] = {
        "GET / HTTP/1.1\r\nHost:",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
    };
    struct http_limits limits = test_limits();
    limits.head_timeout_seconds = 1;
    limits.body_timeout_seconds = 1;
    struct test_server *server = test_server_start(&limits, 1, NULL, NULL);
    int clients[COUNT_OF(beginnings)];
    for (size_t i = 0; i < COUNT_OF(beginnings); i++) {
        clients[i] = test_connect(server);
        test_send_text(clients[i], beginnings[i]);
    }
    for (size_t i = 0; i < COUNT_OF(beginnings); i++) {
        struct test_response response;
        test_read_response(clients[i], false, &response);
        assert_int_equal(response.status, 408);
        assert_non_null(strstr(response.body, "\"RequestTimeout\""));
        test_response_free(&response);
        test_expect_end(clients[i]);
    }
    test_server_end(server);
}

static void an_idle_connection_is_closed_without_a_word(void **state) {
    (void)state;
    struct http_limits limits = test_limits();
    limits.idle_timeout_seconds = 1;
    struct test_server *server = test_server_start(&limits, 1, NULL, NULL);
    int silent = test_connect(server);
    int client = test_connect(server);
    test_ask(client, "GET / HTTP/1.1\r\nHost: h\r\n\r\n", 200, NULL);
    test_expect_end(client);
    test_expect_end(silent);
    test_server_end(server);
}

static void a_client_that_never_reads_is_given_up(void **state) {
    (void)state;
    struct http_limits limits = test_limits();
    limits.write_timeout_seconds = 1;
    struct test_server *server = test_server_start(&limits, 1, NULL, NULL);
    int client = test_connect(server);
    int small = 4096;
    assert_int_equal(setsockopt(client, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    for (int i = 0; i < 8; i++)
        test_send_text(client, "GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
    while (http_server_count(server->server).connections_open > 0 ||
           http_server_count(server->server).connections_accepted == 0)
        (void)poll(NULL, 0, 10);
    (void)close(client);
    test_server_end(server);
}

static void a_connection_above_the_limit_is_closed(void **state) {
    (void)state;
    struct http_limits limits = test_limits();
    limits.connections = 2;
    struct test_server *server = test_server_start(&limits, 1, NULL, NULL);
    int first = test_connect(server);
    int second = test_connect(server);
    test_ask(first, "GET / HTTP/1.1\r\nHost: h\r\n\r\n", 200, NULL);
    test_ask(second, "GET / HTTP/1.1\r\nHost: h\r\n\r\n", 200, NULL);
    test_expect_end(test_connect(server));
    test_ask(first, "GET / HTTP/1.1\r\nHost: h\r\n\r\n", 200, NULL);
    assert_int_equal(http_server_count(server->server).connections_refused, 1);
    (void)close(first);
    (void)close(second);
    test_server_end(server);
}

static void refusing_is_logged_once_and_not_for_each(void **state) {
    (void)state;
    struct http_limits limits = test_limits();
    limits.connections = 1;
    struct test_server *server = test_server_start(&limits, 1, NULL, NULL);
    int first = test_connect(server);
    test_ask(first, "GET / HTTP/1.1\r\nHost: h\r\n\r\n", 200, NULL);
    for (int i = 0; i < 3; i++)
        test_expect_end(test_connect(server));
    char *log = test_server_read_log(server);
    const char *line =
        strstr(log, "level=warning event=\"too many connections\" listen=127.0.0.1:0 "
                    "limit=1 ");
    assert_non_null(line);
    assert_null(strstr(strchr(line, '\n'), "too many connections"));
    free(log);
    (void)close(first);
    test_server_end(server);
}

static void refusing_begins_anew_once_a_quarter_is_free(void **state) {
    (void)state;
    struct http_connection_limit limit = {.at_most = 4};
    for (int i = 0; i < 4; i++)
        assert_true(http_connection_limit_take(&limit));
    assert_false(http_connection_limit_take(&limit));
    assert_true(http_connection_limit_begins_to_refuse(&limit));
    http_connection_limit_settle(&limit);
    assert_false(http_connection_limit_take(&limit));
    assert_false(http_connection_limit_begins_to_refuse(&limit));
    http_connection_limit_give(&limit);
    http_connection_limit_settle(&limit);
    assert_true(http_connection_limit_take(&limit));
    assert_false(http_connection_limit_take(&limit));
    assert_true(http_connection_limit_begins_to_refuse(&limit));
}

/* Valgrind keeps the limit itself, by closing a connection that has been accepted above it. */
static bool runs_under_valgrind(void) {
    const char *preloaded = getenv("LD_PRELOAD");
    return preloaded != NULL && strstr(preloaded, "vgpreload") != NULL;
}

static void a_shortage_of_descriptors_only_delays(void **state) {
    (void)state;
    if (runs_under_valgrind())
        skip();
    struct http_limits limits = test_limits();
    struct test_server *server = test_server_start(&limits, 1, NULL, NULL);
    int first = test_connect(server);
    test_ask(first, "GET / HTTP/1.1\r\nHost: h\r\n\r\n", 200, NULL);
    /* The client's socket is there before the limit, the server's would come after. */
    struct sockaddr_in name = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)strtoul(strrchr(server->address, ':') + 1, NULL, 10)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int late = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct rlimit usual;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
    const struct rlimit none_left = {.rlim_cur = (rlim_t)late, .rlim_max = usual.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none_left), 0);
    assert_int_equal(connect(late, (const struct sockaddr *)(const void *)&name, sizeof name), 0);
    char *log = test_server_read_log(server);
    while (strstr(log, "connections cannot be accepted") == NULL) {
        free(log);
        (void)poll(NULL, 0, 5);
        log = test_server_read_log(server);
    }
    free(log);
    test_ask(first, "GET / HTTP/1.1\r\nHost: h\r\n\r\n", 200, NULL);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
    test_ask(late, "GET / HTTP/1.1\r\nHost: h\r\n\r\n", 200, NULL);
    (void)close(first);
    (void)close(late);
    test_server_end(server);
}

static void a_stop_lets_what_runs_finish(void **state) {
    (void)state;
    struct http_limits limits = test_limits();
    struct test_server *server = test_server_start(&limits, 2, NULL, NULL);
    struct test_response response;
    int idle = test_connect(server);
    test_ask(idle, "GET / HTTP/1.1\r\nHost: h\r\n\r\n", 200, NULL);
    int busy = test_connect(server);
    test_server_hold(server, true);
    test_send_text(busy, "GET /later/x HTTP/1.1\r\nHost: h\r\n\r\n");
    test_server_await(server, 1);
    http_server_stop(server->server);
    test_expect_end(idle);
    /* Closed for newcomers while the old request still runs. */
    int late;
    while ((late = test_connect(server)) >= 0)
        (void)close(late);
    test_server_hold(server, false);
    test_read_response(busy, false, &response);
    assert_string_equal(response.body, "GET /x? h []");
    assert_non_null(strstr(response.head, "\r\nConnection: close\r\n"));
    test_response_free(&response);
    test_expect_end(busy);
    test_server_end(server);
}

static void a_stop_does_not_wait_for_ever(void **state) {
    (void)state;
    struct http_limits limits = test_limits();
    limits.shutdown_seconds = 1;
    struct test_server *server = test_server_start(&limits, 1, NULL, NULL);
    int abandoned = 0;
    server->abandoned = &abandoned;
    int log = dup(server->log_descriptor);
    int client = test_connect(server);
    test_server_hold(server, true);
    test_send_text(client, "GET /later/x HTTP/1.1\r\nHost: h\r\n\r\n");
    test_server_await(server, 1);
    test_server_end(server);
    test_expect_end(client);
    assert_int_equal(abandoned, 1);
    char line[512] = "";
    assert_true(pread(log, line, sizeof line - 1, 0) > 0);
    assert_non_null(strstr(line, "path=/later/x bytes=0 "));
    assert_non_null(strstr(line, " delivered=false\n"));
    (void)close(log);
}

static void a_request_that_has_arrived_is_answered_in_spite_of_the_stop(void **state) {
    (void)state;
    struct http_limits limits = test_limits();
    for (int i = 0; i < 20; i++) {
        struct test_server *server = test_server_start(&limits, 1, NULL, NULL);
        struct test_response response;
        int client = test_connect(server);
        test_send_text(client, "GET /x HTTP/1.1\r\nHost: h\r\n\r\n");
        http_server_stop(server->server);
        test_read_response(client, false, &response);
        assert_string_equal(response.body, "GET /x? h []");
        test_response_free(&response);
        test_expect_end(client);
        test_server_end(server);
    }
}

static void reset(int client) {
    const struct linger at_once = {.l_onoff = 1};
    assert_int_equal(setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
    (void)close(client);
}

static void await_log(struct test_server *server, const char *text) {
    char *log = test_server_read_log(server);
    for (int i = 0; i < 2000 && strstr(log, text) == NULL; i++) {
        free(log);
        (void)poll(NULL, 0, 5);
        log = test_server_read_log(server);
    }
    if (strstr(log, text) == NULL)
        fail_msg("\"%s\" is not in the log: %s", text, log);
    free(log);
}

/* Puts something that nobody can wait for in place of the epoll of the loop with that index, as a
 * broken machine might. base is the number of epolls that the process had before the server. */
static void break_loop(size_t base, size_t index) {
    size_t found = 0;
    for (int descriptor = 3; descriptor < 1024; descriptor++) {
        char link[64];
        char target[64] = "";
        (void)snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
        if (readlink(link, target, sizeof target - 1) < 0 ||
            strcmp(target, "anon_inode:[eventpoll]") != 0 || found++ != base + index)
            continue;
        int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
        assert_true(nothing >= 0);
        assert_int_equal(dup3(nothing, descriptor, O_CLOEXEC), descriptor);
        (void)close(nothing);
        return;
    }
    fail_msg("there is no loop %zu", index);
}

/* A loop that is gone would keep its clients waiting for ever, and get new ones, since it has the
 * fewest. */
static void a_loop_that_fails_ends_the_server_with_an_error(void **state) {
    (void)state;
    struct http_limits limits = test_limits();
    for (size_t broken = 0; broken < 2; broken++) {
        struct test_server *server = test_server_start(&limits, 2, NULL, NULL);
        void *failed = NULL;
        int client = test_connect(server);
        test_ask(client, "GET / HTTP/1.1\r\nHost: h\r\n\r\n", 200, NULL);
        break_loop(0, broken);
        assert_int_equal(pthread_join(server->runner, &failed), 0);
        assert_ptr_equal(failed, server);
        await_log(server, "level=error event=\"event loop failed\"");
        test_expect_end(client);
        test_server_free(server);
    }
}

static void a_request_is_logged_even_if_its_client_is_gone(void **state) {
    (void)state;
    struct http_limits limits = test_limits();
    struct test_server *server = test_server_start(&limits, 1, NULL, NULL);
    int client = test_connect(server);
    test_server_hold(server, true);
    test_send_text(client, "GET /later/answered HTTP/1.1\r\nHost: h\r\n\r\n");
    test_server_await(server, 1);
    reset(client);
    test_server_hold(server, false);
    await_log(server, "method=GET path=/answered status=200 bytes=0 ");
    client = test_connect(server);
    test_send_text(client, "POST /half HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nabc");
    (void)close(client);
    await_log(server, "method=POST path=/half bytes=0 ");
    await_log(server, "peer=127.0.0.1 delivered=false\n");
    client = test_connect(server);
    test_ask(client, "GET /well HTTP/1.1\r\nHost: h\r\n\r\n", 200, NULL);
    await_log(server, "path=/well");
    char *log = test_server_read_log(server);
    assert_null(strstr(strstr(log, "path=/well"), "delivered"));
    free(log);
    (void)close(client);
    test_server_end(server);
}

static void a_sigterm_stops_and_a_sighup_reloads(void **state) {
    (void)state;
    struct http_limits limits = test_limits();
    struct test_server *server = test_server_start(&limits, 2, NULL, NULL);
    int client = test_connect(server);
    test_ask(client, "GET / HTTP/1.1\r\nHost: h\r\n\r\n", 200, NULL);
    assert_int_equal(kill(getpid(), SIGHUP), 0);
    (void)pthread_mutex_lock(&server->mutex);
    while (!server->was_reloaded)
        (void)pthread_cond_wait(&server->changed, &server->mutex);
    (void)pthread_mutex_unlock(&server->mutex);
    test_ask(client, "GET / HTTP/1.1\r\nHost: h\r\n\r\n", 200, NULL);
    assert_int_equal(kill(getpid(), SIGTERM), 0);
    test_expect_end(client);
    test_server_end(server);
}

/* In a process of its own, which such a signal would end. */
static int run_and_raise(int number) {
    struct http_server *server = NULL;
    const struct http_server_options options = {
        .loops = 1, .limits = test_limits(), .clock = &system_clock, .random = &system_random};
    struct error error = http_server_open(&options, &server);
    if (error_is_set(&error))
        return EXIT_FAILURE;
    http_server_stop(server);
    error = http_server_run(server);
    (void)raise(number);
    http_server_close(server);
    return error_is_set(&error) ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* Whoever asks for the end again, because it takes a while, must not cut it short. */
static void a_stop_that_is_asked_for_again_goes_on(void **state) {
    (void)state;
    static const int signals[] = {SIGTERM, SIGINT};
    for (size_t i = 0; i < COUNT_OF(signals); i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            _exit(run_and_raise(signals[i]));
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
}

static char *make_directory(char path[static 32]) {
    memcpy(path, "/tmp/http-test-XXXXXX", sizeof "/tmp/http-test-XXXXXX");
    assert_non_null(mkdtemp(path));
    return path;
}

static void a_unix_socket_has_its_mode_and_goes_with_the_server(void **state) {
    (void)state;
    char directory[32];
    char path[64];
    char address[80];
    struct stat status;
    (void)snprintf(path, sizeof path, "%s/s", make_directory(directory));
    (void)snprintf(address, sizeof address, "unix:%s", path);
    struct http_limits limits = test_limits();
    struct test_server *server = test_server_start(&limits, 1, address, NULL);
    assert_string_equal(server->address, address);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777U, 0600);
    struct test_response response;
    int client = test_connect(server);
    test_send_text(client, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    test_read_response(client, false, &response);
    assert_non_null(strstr(response.head, "\r\nX-Peer: local\r\n"));
    test_response_free(&response);
    (void)close(client);
    test_server_end(server);
    assert_int_not_equal(stat(path, &status), 0);
    assert_int_equal(rmdir(directory), 0);
}

static struct error listen_on(const char *address) {
    static struct door door;
    struct http_server *server = NULL;
    char text[HTTP_ADDRESS_TEXT_SIZE];
    const struct http_server_options options = {
        .loops = 1, .limits = test_limits(), .clock = &system_clock, .random = &system_random};
    const struct http_listener_options listener = {
        .address = address, .unix_mode = 0600, .door = &door};
    assert_ok(http_server_open(&options, &server));
    struct error error = http_server_listen(server, &listener, text);
    http_server_close(server);
    return error;
}

static void a_stale_unix_socket_is_replaced_and_a_live_one_is_not(void **state) {
    (void)state;
    char directory[32];
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    char address[128];
    (void)snprintf(name.sun_path, sizeof name.sun_path, "%s/s", make_directory(directory));
    (void)snprintf(address, sizeof address, "unix:%s", name.sun_path);
    int other = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(other, (const struct sockaddr *)&name, sizeof name), 0);
    assert_int_equal(listen(other, 1), 0);
    assert_error(listen_on(address), ERROR_INVALID);
    (void)close(other);
    assert_ok(listen_on(address));
    int file = open(name.sun_path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    (void)close(file);
    assert_error(listen_on(address), ERROR_INVALID);
    assert_int_equal(unlink(name.sun_path), 0);
    assert_int_equal(rmdir(directory), 0);
}

static void an_address_that_cannot_be_listened_on_is_an_error(void **state) {
    (void)state;
    static const char *const addresses[] = {
        "",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:65536",
        ":80",
        "::1:80",
        "[::1]",
        "127.0.0.1:http",
        "192.0.2.1:0",
        "unix:",
        "unix:/no/such/directory/s",
    };
    for (size_t i = 0; i < COUNT_OF(addresses); i++)
        assert_error(listen_on(addresses[i]), ERROR_INVALID);
    assert_ok(listen_on("localhost:0"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slow_request_is_a_408),
        cmocka_unit_test(an_idle_connection_is_closed_without_a_word),
        cmocka_unit_test(a_client_that_never_reads_is_given_up),
        cmocka_unit_test(a_connection_above_the_limit_is_closed),
        cmocka_unit_test(refusing_is_logged_once_and_not_for_each),
        cmocka_unit_test(refusing_begins_anew_once_a_quarter_is_free),
        cmocka_unit_test(a_shortage_of_descriptors_only_delays),
        cmocka_unit_test(a_stop_lets_what_runs_finish),
        cmocka_unit_test(a_stop_does_not_wait_for_ever),
        cmocka_unit_test(a_request_that_has_arrived_is_answered_in_spite_of_the_stop),
        cmocka_unit_test(a_loop_that_fails_ends_the_server_with_an_error),
        cmocka_unit_test(a_request_is_logged_even_if_its_client_is_gone),
        cmocka_unit_test(a_sigterm_stops_and_a_sighup_reloads),
        cmocka_unit_test(a_stop_that_is_asked_for_again_goes_on),
        cmocka_unit_test(a_unix_socket_has_its_mode_and_goes_with_the_server),
        cmocka_unit_test(a_stale_unix_socket_is_replaced_and_a_live_one_is_not),
        cmocka_unit_test(an_address_that_cannot_be_listened_on_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
