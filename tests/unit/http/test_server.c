#include "http/test_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/memory.h"
#include "message/reply.h"
#include "test.h"

#define PATIENCE_SECONDS 10

static void answer(struct exchange *exchange) {
    const struct request *request = &exchange->request;
    struct response *response = &exchange->response;
    reply_begin(exchange);
    if (slice_equals(request->path, SLICE("/no-content"))) {
        response->status = 204;
    } else if (slice_equals(request->path, SLICE("/not-modified"))) {
        response->status = 304;
    } else if (slice_equals(request->path, SLICE("/large"))) {
        response->status = 200;
        buffer_reserve(&response->body, TEST_LARGE_BODY);
        memset(response->body.data, 'x', TEST_LARGE_BODY);
        response->body.length = TEST_LARGE_BODY;
    } else if (slice_starts_with(request->path, SLICE("/bytes/"))) {
        response->status = 200;
        response_add_header(response, SLICE("Content-Type"), request->query);
        uint64_t count = 0;
        assert_true(slice_parse_unsigned(slice_skip(request->path, 7), TEST_LARGE_BODY, &count));
        while (response->body.length < count)
            buffer_append_byte(&response->body, "compressible "[response->body.length % 13]);
    } else if (!slice_equals(request->path, SLICE("/silent"))) {
        response->status = 200;
        buffer_append_format(&response->body, "%.*s %.*s?%.*s %.*s [%.*s]",
                             SLICE_PRINTF(request->method_name), SLICE_PRINTF(request->path),
                             SLICE_PRINTF(request->query), SLICE_PRINTF(request->host),
                             SLICE_PRINTF(request->body));
        response_add_header(response, SLICE("X-Has-Body"),
                            request->has_body ? SLICE("yes") : SLICE("no"));
        response_add_header(response, SLICE("X-Secure"),
                            request->secure ? SLICE("yes") : SLICE("no"));
        response_add_header(response, SLICE("X-Peer"), request->peer);
    }
    exchange_finish(exchange);
}

static void abandon(struct exchange *exchange) {
    int *abandoned = ((struct test_server *)exchange->door_state)->abandoned;
    if (abandoned != NULL)
        (*abandoned)++;
}

static void complete(struct store_command *command) {
    struct exchange *exchange = command->context;
    exchange->request.path = slice_skip(exchange->request.path, strlen("/later"));
    answer(exchange);
}

static void handle(struct door *door, struct exchange *exchange) {
    struct test_server *server = (struct test_server *)(void *)door;
    if (!slice_starts_with(exchange->request.path, SLICE("/later"))) {
        answer(exchange);
        return;
    }
    struct store_command *command = arena_allocate_zeroed(&exchange->arena, sizeof *command);
    command->loop = exchange->loop;
    command->complete = complete;
    command->context = exchange;
    exchange->abandon = abandon;
    exchange->door_state = server;
    (void)pthread_mutex_lock(&server->mutex);
    struct store_command **end = &server->submitted[exchange->loop];
    while (*end != NULL)
        end = &(*end)->next;
    *end = command;
    server->received++;
    (void)pthread_cond_broadcast(&server->changed);
    (void)pthread_mutex_unlock(&server->mutex);
}

static void refuse(struct door *door, struct exchange *exchange, const struct error *error) {
    (void)door;
    reply_begin(exchange);
    reply_set_error(exchange, error, NULL);
}

static size_t find_submitted(const struct test_server *server) {
    size_t loop = 0;
    while (loop < COUNT_OF(server->submitted) && server->submitted[loop] == NULL)
        loop++;
    return loop;
}

static void *run_store(void *context) {
    struct test_server *server = context;
    struct store_completions *completions = http_server_completions(server->server);
    (void)pthread_mutex_lock(&server->mutex);
    for (;;) {
        size_t loop = find_submitted(server);
        if (loop == COUNT_OF(server->submitted) && server->is_closing)
            break;
        if (loop == COUNT_OF(server->submitted) || (server->is_held && !server->is_closing)) {
            (void)pthread_cond_wait(&server->changed, &server->mutex);
            continue;
        }
        struct store_command *first = server->submitted[loop];
        server->submitted[loop] = NULL;
        (void)pthread_mutex_unlock(&server->mutex);
        completions->deliver(completions, loop, first);
        (void)pthread_mutex_lock(&server->mutex);
    }
    (void)pthread_mutex_unlock(&server->mutex);
    return NULL;
}

static void *run_server(void *context) {
    struct test_server *server = context;
    struct error error = http_server_run(server->server);
    return error_is_set(&error) ? server : NULL;
}

static void reload(void *context) {
    struct test_server *server = context;
    (void)pthread_mutex_lock(&server->mutex);
    server->was_reloaded = true;
    (void)pthread_cond_broadcast(&server->changed);
    (void)pthread_mutex_unlock(&server->mutex);
}

struct http_limits test_limits(void) {
    struct http_limits limits = http_limits_default();
    limits.target_bytes = 1000;
    limits.head_bytes = 4000;
    limits.header_count = 20;
    limits.body_bytes = 20000;
    limits.shutdown_seconds = 5;
    return limits;
}

struct test_server *test_server_start(const struct http_limits *limits, size_t loops,
                                      const char *address, struct http_tls *tls) {
    return test_server_start_behind(limits, loops, address, tls, NULL);
}

struct test_server *test_server_start_behind(const struct http_limits *limits, size_t loops,
                                             const char *address, struct http_tls *tls,
                                             const struct http_proxies *proxies) {
    struct test_server *server = memory_allocate_zeroed(1, sizeof *server);
    server->door = (struct door){.handle = handle, .refuse = refuse};
    (void)pthread_mutex_init(&server->mutex, NULL);
    (void)pthread_cond_init(&server->changed, NULL);
    server->log_descriptor = memfd_create("log", MFD_CLOEXEC);
    server->log =
        log_open(server->log_descriptor, LOG_LEVEL_INFO, LOG_FORMAT_LOGFMT, &system_clock);
    const struct http_server_options options = {
        .loops = loops,
        .limits = *limits,
        .clock = &system_clock,
        .random = &system_random,
        .log = server->log,
        .reload = reload,
        .context = server,
    };
    assert_ok(http_server_open(&options, &server->server));
    const struct http_listener_options listener = {
        .address = address == NULL ? "127.0.0.1:0" : address,
        .unix_mode = 0600,
        .door = &server->door,
        .proxies = proxies,
        .tls = tls,
        .access_log = true,
    };
    assert_ok(http_server_listen(server->server, &listener, server->address));
    assert_int_equal(pthread_create(&server->store, NULL, run_store, server), 0);
    assert_int_equal(pthread_create(&server->runner, NULL, run_server, server), 0);
    return server;
}

void test_server_end(struct test_server *server) {
    void *failed = NULL;
    http_server_stop(server->server);
    assert_int_equal(pthread_join(server->runner, &failed), 0);
    assert_null(failed);
    test_server_free(server);
}

void test_server_free(struct test_server *server) {
    (void)pthread_mutex_lock(&server->mutex);
    server->is_closing = true;
    (void)pthread_cond_broadcast(&server->changed);
    (void)pthread_mutex_unlock(&server->mutex);
    assert_int_equal(pthread_join(server->store, NULL), 0);
    http_server_close(server->server);
    log_close(server->log);
    (void)close(server->log_descriptor);
    (void)pthread_mutex_destroy(&server->mutex);
    (void)pthread_cond_destroy(&server->changed);
    free(server);
}

void test_server_hold(struct test_server *server, bool hold) {
    (void)pthread_mutex_lock(&server->mutex);
    server->is_held = hold;
    (void)pthread_cond_broadcast(&server->changed);
    (void)pthread_mutex_unlock(&server->mutex);
}

void test_server_await(struct test_server *server, size_t count) {
    (void)pthread_mutex_lock(&server->mutex);
    while (server->received < count)
        (void)pthread_cond_wait(&server->changed, &server->mutex);
    (void)pthread_mutex_unlock(&server->mutex);
}

char *test_server_read_log(struct test_server *server) {
    log_flush(server->log);
    off_t size = lseek(server->log_descriptor, 0, SEEK_END);
    char *text = memory_allocate_zeroed(1, (size_t)size + 1);
    assert_int_equal(pread(server->log_descriptor, text, (size_t)size, 0), size);
    return text;
}

static int connect_unix(const char *path) {
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    assert_true(strlen(path) < sizeof name.sun_path);
    memcpy(name.sun_path, path, strlen(path) + 1);
    int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(client, (const struct sockaddr *)&name, sizeof name), 0);
    return client;
}

static int connect_tcp(const char *address) {
    const char *port = strrchr(address, ':') + 1;
    struct sockaddr_in name = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(client, (const struct sockaddr *)(const void *)&name, sizeof name) != 0) {
        (void)close(client);
        return -1;
    }
    int on = 1;
    assert_int_equal(setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), 0);
    return client;
}

int test_connect(const struct test_server *server) {
    const char *address = server->address;
    bool is_unix = strncmp(address, "unix:", 5) == 0;
    int client = is_unix ? connect_unix(address + 5) : connect_tcp(address);
    if (client < 0)
        return -1;
    const struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
    assert_int_equal(setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    assert_int_equal(setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience), 0);
    return client;
}

void test_send(int client, const char *bytes, size_t size) {
    while (size > 0) {
        ssize_t sent = send(client, bytes, size, MSG_NOSIGNAL);
        assert_true(sent > 0);
        bytes += sent;
        size -= (size_t)sent;
    }
}

void test_send_text(int client, const char *text) {
    test_send(client, text, strlen(text));
}

static void read_head(int client, struct test_response *response) {
    size_t length = 0;
    while (length < 4 || memcmp(response->head + length - 4, "\r\n\r\n", 4) != 0) {
        assert_true(length + 1 < sizeof response->head);
        if (recv(client, response->head + length, 1, 0) != 1)
            fail_msg("the connection ended inside a head: \"%.*s\" (%s)", (int)length,
                     response->head, strerror(errno));
        length++;
    }
    response->head[length] = '\0';
    assert_int_equal(sscanf(response->head, "HTTP/1.1 %d ", &response->status), 1);
}

void test_read_response(int client, bool to_head_request, struct test_response *response) {
    memset(response, 0, sizeof *response);
    read_head(client, response);
    const char *length = strstr(response->head, "\r\nContent-Length: ");
    if (length != NULL && !to_head_request)
        response->body_length = strtoul(length + strlen("\r\nContent-Length: "), NULL, 10);
    response->body = memory_allocate_zeroed(1, response->body_length + 1);
    size_t taken = 0;
    while (taken < response->body_length) {
        ssize_t count = recv(client, response->body + taken, response->body_length - taken, 0);
        assert_true(count > 0);
        taken += (size_t)count;
    }
}

void test_response_free(struct test_response *response) {
    free(response->body);
    response->body = NULL;
}

void test_ask(int client, const char *request, int status, const char *body) {
    struct test_response response;
    test_send_text(client, request);
    test_read_response(client, false, &response);
    if (response.status != status)
        fail_msg("%d instead of %d: %s%s", response.status, status, response.head, response.body);
    if (body != NULL)
        assert_string_equal(response.body, body);
    test_response_free(&response);
}

void test_expect_end(int client) {
    char byte;
    ssize_t count = recv(client, &byte, 1, 0);
    if (count > 0)
        fail_msg("the server sent another byte: 0x%02x", (unsigned)(unsigned char)byte);
    assert_true(count == 0 || errno == ECONNRESET);
    (void)close(client);
}
