/* Bytes that no client sends: whatever comes, the server stays up and answers the next one. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/test_server.h"
#include "test.h"

/* xorshift64: the same garbage in every run. */
static uint64_t state_of_garbage = 0x9E3779B97F4A7C15U;

static uint64_t next_number(uint64_t below) {
    state_of_garbage ^= state_of_garbage << 13;
    state_of_garbage ^= state_of_garbage >> 7;
    state_of_garbage ^= state_of_garbage << 17;
    return state_of_garbage % below;
}

static const char *const pieces[] = {
    "GET ",
    "POST ",
    "/",
    "/no-content",
    "/later/x",
    " HTTP/1.1",
    " HTTP/1.0",
    "\r\n",
    "\r\n\r\n",
    "Host: h\r\n",
    "Content-Length: ",
    "Transfer-Encoding: chunked\r\n",
    "5",
    "0\r\n\r\n",
    "a\r\n",
    "Connection: close\r\n",
    "Expect: 100-continue\r\n",
    ";x=\"",
    ": ",
    "\n",
    "\r",
    " ",
    "http://",
    "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n",
};

static size_t make_garbage(char *bytes, size_t size) {
    size_t length = 0;
    while (length + 80 < size && next_number(12) != 0) {
        if (next_number(3) == 0) {
            for (uint64_t i = next_number(8) + 1; i > 0; i--)
                bytes[length++] = (char)next_number(256);
            continue;
        }
        const char *piece = pieces[next_number(COUNT_OF(pieces))];
        memcpy(bytes + length, piece, strlen(piece));
        length += strlen(piece);
    }
    return length;
}

static void no_garbage_stops_the_server(void **state) {
    (void)state;
    struct http_limits limits = test_limits();
    struct test_server *server = test_server_start(&limits, 2, NULL, NULL);
    for (int i = 0; i < 3000; i++) {
        char bytes[2048];
        int client = test_connect(server);
        assert_true(client >= 0);
        for (uint64_t j = next_number(3) + 1; j > 0; j--) {
            size_t length = make_garbage(bytes, sizeof bytes);
            if (send(client, bytes, length, MSG_NOSIGNAL) < 0)
                break;
        }
        if (next_number(2) == 0) {
            (void)shutdown(client, SHUT_WR);
            while (recv(client, bytes, sizeof bytes, 0) > 0)
                continue;
        }
        (void)close(client);
    }
    int client = test_connect(server);
    test_ask(client, "GET /later/alive HTTP/1.1\r\nHost: h\r\n\r\n", 200, "GET /alive? h []");
    (void)close(client);
    test_server_end(server);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_garbage_stops_the_server)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
