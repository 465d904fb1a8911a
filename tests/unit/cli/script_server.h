/* An HTTP server that answers what the test has written down, one connection after the other, and
 * keeps what it was asked. In a thread of its own. */
#ifndef MUSTER_TESTS_UNIT_CLI_SCRIPT_SERVER_H
#define MUSTER_TESTS_UNIT_CLI_SCRIPT_SERVER_H

#include <stddef.h>

struct script_server;

/* Listens on a free port of 127.0.0.1, or on a Unix socket where path is not NULL. */
struct script_server *script_server_open(const char *path);

/* "http://127.0.0.1:<port>" */
const char *script_server_url(const struct script_server *server);

/* The next request that has no answer yet gets this one. headers is "" or lines that end in CRLF.
 * Without a script the answer is 500. */
void script_server_answer(struct script_server *server, int status, const char *headers,
                          const char *body);

/* How many requests have come. */
size_t script_server_count(struct script_server *server);

/* The request of that number, from 0: head and body as they came. Fails the test when there is
 * none. Valid until script_server_close. */
const char *script_server_request(struct script_server *server, size_t number);

void script_server_close(struct script_server *server);

#endif
