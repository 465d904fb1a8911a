#include "auth/key_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATHS_AT_MOST 8
#define HELD_AT_MOST 64
#define REQUEST_SIZE 4096

struct answer {
    char *path;
    int status;
    char *headers;
    char *body;
    unsigned count;
};

struct key_server {
    int listener;
    int stop;
    char address[64];
    pthread_t thread;
    pthread_mutex_t mutex;
    bool hangs;                           /* under mutex */
    struct answer answers[PATHS_AT_MOST]; /* under mutex */
    int held[HELD_AT_MOST];               /* server's thread */
    size_t held_count;
};

/* Under mutex. */
static struct answer *find_answer(struct key_server *server, const char *path) {
    for (size_t i = 0; i < PATHS_AT_MOST; i++) {
        struct answer *answer = &server->answers[i];
        if (answer->path == NULL)
            answer->path = strdup(path);
        if (answer->path != NULL && strcmp(answer->path, path) == 0)
            return answer;
    }
    abort();
}

/* All of it, whether the client still listens or not. */
static void send_text(int connection, const char *text) {
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t sent = send(connection, text, left, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        text += sent;
        left -= (size_t)sent;
    }
}

static void answer_request(struct key_server *server, int connection, char *request) {
    char head[1024];
    char *path = strchr(request, '/');
    char *end = path == NULL ? NULL : strchr(path, ' ');
    if (end == NULL) {
        (void)close(connection);
        return;
    }
    *end = '\0';
    (void)pthread_mutex_lock(&server->mutex);
    struct answer *answer = find_answer(server, path);
    answer->count++;
    if (server->hangs && server->held_count < HELD_AT_MOST) {
        server->held[server->held_count++] = connection;
    } else {
        const char *body = answer->body == NULL ? "" : answer->body;
        (void)snprintf(head, sizeof head,
                       "HTTP/1.1 %d X\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n",
                       answer->status == 0 ? 404 : answer->status, strlen(body),
                       answer->headers == NULL ? "" : answer->headers);
        send_text(connection, head);
        send_text(connection, body);
        (void)close(connection);
    }
    (void)pthread_mutex_unlock(&server->mutex);
}

static void serve(struct key_server *server, int connection) {
    char request[REQUEST_SIZE];
    size_t length = 0;
    request[0] = '\0';
    while (strstr(request, "\r\n\r\n") == NULL && length < sizeof request - 1) {
        ssize_t count = recv(connection, request + length, sizeof request - 1 - length, 0);
        if (count <= 0)
            break;
        length += (size_t)count;
        request[length] = '\0';
    }
    answer_request(server, connection, request);
}

static void *run(void *context) {
    struct key_server *server = context;
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

struct key_server *key_server_open(void) {
    struct key_server *server = calloc(1, sizeof *server);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (server == NULL)
        abort();
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    server->stop = eventfd(0, EFD_CLOEXEC);
    (void)pthread_mutex_init(&server->mutex, NULL);
    if (bind(server->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(server->listener, 64) != 0 ||
        getsockname(server->listener, (struct sockaddr *)&address, &size) != 0 ||
        pthread_create(&server->thread, NULL, run, server) != 0)
        abort();
    (void)snprintf(server->address, sizeof server->address, "http://127.0.0.1:%u",
                   (unsigned)ntohs(address.sin_port));
    return server;
}

const char *key_server_address(const struct key_server *server) {
    return server->address;
}

void key_server_set(struct key_server *server, const char *path, int status, const char *headers,
                    const char *body) {
    (void)pthread_mutex_lock(&server->mutex);
    struct answer *answer = find_answer(server, path);
    free(answer->headers);
    free(answer->body);
    answer->status = status;
    answer->headers = headers == NULL ? NULL : strdup(headers);
    answer->body = strdup(body);
    (void)pthread_mutex_unlock(&server->mutex);
}

void key_server_set_discovery(struct key_server *server, const char *issuer, const char *jwks_uri) {
    char document[1024];
    (void)snprintf(document, sizeof document, "{\"issuer\":\"%s\",\"jwks_uri\":\"%s\"}", issuer,
                   jwks_uri);
    key_server_set(server, KEY_SERVER_DISCOVERY, 200, NULL, document);
}

void key_server_hang(struct key_server *server, bool hangs) {
    (void)pthread_mutex_lock(&server->mutex);
    server->hangs = hangs;
    (void)pthread_mutex_unlock(&server->mutex);
}

unsigned key_server_count(struct key_server *server, const char *path) {
    (void)pthread_mutex_lock(&server->mutex);
    unsigned count = find_answer(server, path)->count;
    (void)pthread_mutex_unlock(&server->mutex);
    return count;
}

void key_server_close(struct key_server *server) {
    const uint64_t one = 1;
    if (write(server->stop, &one, sizeof one) != sizeof one)
        abort();
    (void)pthread_join(server->thread, NULL);
    for (size_t i = 0; i < server->held_count; i++)
        (void)close(server->held[i]);
    for (size_t i = 0; i < PATHS_AT_MOST; i++) {
        free(server->answers[i].path);
        free(server->answers[i].headers);
        free(server->answers[i].body);
    }
    (void)close(server->listener);
    (void)close(server->stop);
    (void)pthread_mutex_destroy(&server->mutex);
    free(server);
}
