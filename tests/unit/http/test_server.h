/* A real server in the test's own process, with a door that answers as the path says, and a client
 * that speaks through plain sockets. */
#ifndef MUSTER_TESTS_UNIT_HTTP_TEST_SERVER_H
#define MUSTER_TESTS_UNIT_HTTP_TEST_SERVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "http/server.h"
#include "http/tls.h"
#include "message/exchange.h"
#include "service/store_port.h"

/* What the door does with a request:
 *   /no-content    204
 *   /not-modified  304
 *   /large         200 with TEST_LARGE_BODY bytes of 'x'
 *   /bytes/n?type  200 with n bytes of text, the media type being type
 *   /silent        finishes without having set a status
 *   /later...      hands a command to a thread that stands in for the store's; the answer to
 *                  whatever follows comes when that has completed it
 *   anything else  200, the body being "METHOD path?query host [body]" */
#define TEST_LARGE_BODY (4U * 1024 * 1024)

struct test_server {
    struct door door; /* first */
    struct http_server *server;
    struct log *log;
    int log_descriptor; /* a memory file */
    char address[HTTP_ADDRESS_TEXT_SIZE];
    pthread_t runner;
    pthread_t store;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct store_command *submitted[8]; /* per loop, newest first; under mutex, as all below */
    size_t received;                    /* commands that the door has submitted */
    bool is_held;                       /* completions wait */
    bool is_closing;
    bool was_reloaded;
    int *abandoned; /* the test's own: counts exchanges that nobody finished; may be NULL */
};

/* Limits as tests want them: small, and a shutdown that takes no longer than a test may. */
struct http_limits test_limits(void);

/* Starts a server on a free port of 127.0.0.1 (address NULL) or on address. tls may be NULL. */
struct test_server *test_server_start(const struct http_limits *limits, size_t loops,
                                      const char *address, struct http_tls *tls);

/* The same for a server that trusts proxies. */
struct test_server *test_server_start_behind(const struct http_limits *limits, size_t loops,
                                             const char *address, struct http_tls *tls,
                                             const struct http_proxies *proxies);

/* Stops it, waits for its end and frees it. */
void test_server_end(struct test_server *server);

/* Frees a server whose runner has ended by itself and was joined. */
void test_server_free(struct test_server *server);

/* Completions wait until they are let go. */
void test_server_hold(struct test_server *server, bool hold);

/* Waits until the door has submitted count commands in all. */
void test_server_await(struct test_server *server, size_t count);

/* What the server has logged so far, NUL-terminated; the caller frees it. */
char *test_server_read_log(struct test_server *server);

/* A connected socket; operations on it fail the test after ten seconds without an answer. */
int test_connect(const struct test_server *server);
void test_send(int client, const char *bytes, size_t size);
void test_send_text(int client, const char *text);

struct test_response {
    int status;
    char head[4096];
    char *body; /* NUL-terminated; freed by test_response_free */
    size_t body_length;
};

/* Reads exactly one response. */
void test_read_response(int client, bool to_head_request, struct test_response *response);
void test_response_free(struct test_response *response);

/* Sends a request and checks status and, unless NULL, body of the answer. */
void test_ask(int client, const char *request, int status, const char *body);

/* Fails unless the server has closed, or resets, without sending another byte. */
void test_expect_end(int client);

#endif
