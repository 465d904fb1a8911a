#include "client.h"

#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ANSWER_BYTES 4096

static char *read_file(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        err(EXIT_FAILURE, "%s", path);
    long size = ftell(file);
    if (size <= 0)
        errx(EXIT_FAILURE, "%s: there is no request in it", path);
    rewind(file);
    *length = (size_t)size;
    char *text = malloc(*length + 1);
    if (text == NULL || fread(text, 1, *length, file) != *length)
        err(EXIT_FAILURE, "%s", path);
    text[*length] = '\0';
    (void)fclose(file);
    return text;
}

struct client_requests client_read_requests(const char *path) {
    size_t length = 0;
    struct client_requests requests = {.text = read_file(path, &length)};
    size_t parts = 1;
    for (size_t i = 0; i < length; i++)
        parts += requests.text[i] == '\0' ? 1 : 0;
    requests.list = calloc(parts, sizeof *requests.list);
    if (requests.list == NULL)
        err(EXIT_FAILURE, "%s", path);
    for (size_t at = 0; at < length; at++) {
        size_t part = strlen(requests.text + at);
        if (part > 0)
            requests.list[requests.count++] = (struct client_request){requests.text + at, part};
        at += part;
    }
    return requests;
}

void client_free_requests(struct client_requests *requests) {
    free(requests->list);
    free(requests->text);
    *requests = (struct client_requests){0};
}

int client_connect(const char *port) {
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)client_number("the port", port, 1)),
        .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
    };
    const int on = 1;
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0 || setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 ||
        connect(descriptor, (const struct sockaddr *)&address, sizeof address) != 0)
        err(EXIT_FAILURE, "127.0.0.1:%s", port);
    return descriptor;
}

void client_send(int descriptor, const struct client_request *request) {
    ssize_t sent = send(descriptor, request->bytes, request->length, MSG_NOSIGNAL);
    if (sent < 0 || (size_t)sent != request->length)
        err(EXIT_FAILURE, "a request could not be sent");
}

struct expected_answer {
    const char *begin;
    const char *end;
};

/* Redis's commands are arrays. */
static struct expected_answer expect_after(const struct client_request *request) {
    return request->bytes[0] == '*' ? (struct expected_answer){"+OK", "\r\n"}
                                    : (struct expected_answer){"HTTP/1.1 204 ", "\r\n\r\n"};
}

bool client_receive(int descriptor, const struct client_request *request) {
    const struct expected_answer expected = expect_after(request);
    char answer[ANSWER_BYTES + 1];
    ssize_t got = recv(descriptor, answer, ANSWER_BYTES, MSG_PEEK);
    if (got <= 0)
        errx(EXIT_FAILURE, "the server closed a connection");
    answer[got] = '\0';
    if (strncmp(answer, expected.begin, strlen(expected.begin)) != 0)
        errx(EXIT_FAILURE, "the answer does not begin with %s: %s", expected.begin, answer);
    if (strstr(answer, expected.end) == NULL)
        return false;
    return recv(descriptor, answer, (size_t)got, 0) == got;
}

long client_number(const char *what, const char *text, long at_least) {
    char *end = NULL;
    long number = strtol(text, &end, 10);
    if (end == text || *end != '\0' || number < at_least || number > 1000 * 1000 * 1000)
        errx(EXIT_FAILURE, "%s must be a whole number of at least %ld; it is '%s'", what, at_least,
             text);
    return number;
}

int64_t client_nanoseconds(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
