/* A small HTTP server on loopback, in a thread of its own, that plays an issuer for the tests. */
#ifndef MUSTER_TESTS_UNIT_AUTH_KEY_SERVER_H
#define MUSTER_TESTS_UNIT_AUTH_KEY_SERVER_H

#include <stdbool.h>

#define KEY_SERVER_DISCOVERY "/.well-known/openid-configuration"
#define KEY_SERVER_KEYS "/keys"

struct key_server;

struct key_server *key_server_open(void);

/* "http://127.0.0.1:<port>" */
const char *key_server_address(const struct key_server *server);

/* What the path answers from now on; 404 before. headers is NULL or lines that end in CRLF. */
void key_server_set(struct key_server *server, const char *path, int status, const char *headers,
                    const char *body);

/* Answers with a discovery document that names issuer and jwks_uri. */
void key_server_set_discovery(struct key_server *server, const char *issuer, const char *jwks_uri);

/* Whether requests are taken and never answered. */
void key_server_hang(struct key_server *server, bool hangs);

/* How often the path was asked for. */
unsigned key_server_count(struct key_server *server, const char *path);

void key_server_close(struct key_server *server);

#endif
