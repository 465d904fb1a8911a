#include "cli/script_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "test.h"

#define EXCHANGES_AT_MOST 16
#define REQUEST_SIZE 65536

struct script_server {
    int listener;
    int stop;
    char url[64];
    pthread_t thread;
    pthread_mutex_t mutex;
    char *answers[EXCHANGES_AT_MOST]; /* under mutex, as all below */
    size_t answer_count;
    char *requests[EXCHANGES_AT_MOST];
    size_t request_count;
};

static void send_all(int connection, const char *text) {
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t sent = send(connection, text, left, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        text += sent;
        left -= (size_t)sent;
    }
}

/* Whether head and body, as far as Content-Length says, are there. */
static bool is_whole(const char *request, size_t length) {
    const char *end = strstr(request, "\r\n\r\n");
    if (end == NULL)
        return false;
    const char *header = strcasestr(request, "\r\nContent-Length:");
    size_t body = header == NULL ? 0 : strtoul(header + strlen("\r\nContent-Length:"), NULL, 10);
    return length >= (size_t)(end + 4 - request) + body;
}

/* NULL when the client went away before. The caller frees it. */
static char *receive(int connection) {
    char *request = calloc(1, REQUEST_SIZE);
    size_t length = 0;
    while (request != NULL && !is_whole(request, length)) {
        ssize_t count = recv(connection, request + length, REQUEST_SIZE - 1 - length, 0);
        if (count <= 0) {
            free(request);
            return NULL;
        }
        length += (size_t)count;
    }
    return request;
}

static void serve(struct script_server *server, int connection) {
    char *request = receive(connection);
    if (request != NULL) {
        (void)pthread_mutex_lock(&server->mutex);
        if (server->request_count == EXCHANGES_AT_MOST)
            abort();
        size_t number = server->request_count++;
        server->requests[number] = request;
        const char *answer = number < server->answer_count
                                 ? server->answers[number]
                                 : "HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n";
        (void)pthread_mutex_unlock(&server->mutex);
        send_all(connection, answer);
    }
    (void)close(connection);
}

static void *run(void *context) {
    struct script_server *server = context;
    for (;;) {
        struct pollfd events[] = {{.fd = server->listener, .events = POLLIN},
                                  {.fd = server->stop, .events = POLLIN}};
        if (poll(events, 2, -1) < 0 || events[1].revents != 0)
            return NULL;
        int connection = accept(server->listener, NULL, NULL);
        if (connection >= 0)
            serve(server, connection);
    }
}

static void listen_unix(struct script_server *server, const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    assert_true(strlen(path) < sizeof address.sun_path);
    memcpy(address.sun_path, path, strlen(path) + 1);
    server->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, sizeof address), 0);
}

static void listen_tcp(struct script_server *server) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &size), 0);
    (void)snprintf(server->url, sizeof server->url, "http://127.0.0.1:%u",
                   (unsigned)ntohs(address.sin_port));
}

struct script_server *script_server_open(const char *path) {
    struct script_server *server = calloc(1, sizeof *server);
    assert_non_null(server);
    if (path != NULL)
        listen_unix(server, path);
    else
        listen_tcp(server);
    server->stop = eventfd(0, EFD_CLOEXEC);
    assert_true(server->stop >= 0);
    assert_int_equal(pthread_mutex_init(&server->mutex, NULL), 0);
    assert_int_equal(listen(server->listener, 16), 0);
    assert_int_equal(pthread_create(&server->thread, NULL, run, server), 0);
    return server;
}

const char *script_server_url(const struct script_server *server) {
    return server->url;
}

void script_server_answer(struct script_server *server, int status, const char *headers,
                          const char *body) {
    char *answer = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&answer, &size);
    assert_non_null(out);
    (void)fprintf(out, "HTTP/1.1 %d X\r\nConnection: close\r\n%s", status, headers);
    if (status != 204)
        (void)fprintf(out, "Content-Length: %zu\r\n", strlen(body));
    (void)fprintf(out, "\r\n%s", body);
    assert_int_equal(fclose(out), 0);
    (void)pthread_mutex_lock(&server->mutex);
    assert_true(server->answer_count < EXCHANGES_AT_MOST);
    server->answers[server->answer_count++] = answer;
    (void)pthread_mutex_unlock(&server->mutex);
}

size_t script_server_count(struct script_server *server) {
    (void)pthread_mutex_lock(&server->mutex);
    size_t count = server->request_count;
    (void)pthread_mutex_unlock(&server->mutex);
    return count;
}

const char *script_server_request(struct script_server *server, size_t number) {
    (void)pthread_mutex_lock(&server->mutex);
    const char *request = number < server->request_count ? server->requests[number] : NULL;
    (void)pthread_mutex_unlock(&server->mutex);
    if (request == NULL)
        fail_msg("there was no request number %zu", number);
    return request;
}

void script_server_close(struct script_server *server) {
    uint64_t one = 1;
    assert_int_equal(write(server->stop, &one, sizeof one), sizeof one);
    assert_int_equal(pthread_join(server->thread, NULL), 0);
    (void)close(server->listener);
    (void)close(server->stop);
    (void)pthread_mutex_destroy(&server->mutex);
    for (size_t i = 0; i < server->answer_count; i++)
        free(server->answers[i]);
    for (size_t i = 0; i < server->request_count; i++)
        free(server->requests[i]);
    free(server);
}
