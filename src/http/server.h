/* The HTTP/1.1 server: event loops, listeners, and the way from a socket to a door and back.
 *
 * Each loop is a thread with its own connections; listeners are shared by all loops. This folder
 * alone knows sockets, TLS and the HTTP parser. */
#ifndef MUSTER_HTTP_SERVER_H
#define MUSTER_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/instant.h"
#include "base/log.h"
#include "base/random.h"
#include "message/exchange.h"
#include "service/store_port.h"

struct http_server;
struct http_tls;     /* http/tls.h */
struct http_proxies; /* http/forwarding.h */

/* Bounds on what a client may send, and how long it may take. */
struct http_limits {
    size_t target_bytes;       /* request target: 414 beyond; default 8 KiB */
    size_t head_bytes;         /* request line and headers: 431 beyond; default 32 KiB */
    size_t header_count;       /* 431 beyond; default 100 */
    size_t body_bytes;         /* 413 beyond; default 64 KiB */
    size_t connections;        /* of listeners without an own bound; closed beyond; default 20000 */
    int head_timeout_seconds;  /* from its first byte to the head's end: 408; default 10 */
    int body_timeout_seconds;  /* from the head's end to the body's end: 408; default 30 */
    int idle_timeout_seconds;  /* keep-alive without a request: closed; default 120 */
    int write_timeout_seconds; /* without progress: closed; default 30 */
    int shutdown_seconds;      /* to finish what runs; default 8 */

    /* Bodies of these sizes are compressed for clients that take gzip (http/compressor.h). */
    size_t compressed_at_least; /* 0: none; default 1 KiB */
    size_t compressed_at_most;  /* default 1 MiB */
};

struct http_server_options {
    size_t loops; /* at least 1 */
    struct http_limits limits;
    const struct clock *clock;
    const struct random_source *random;
    struct log *log;
    /* Called on loop 0's thread for SIGHUP, also one that was held back (blocked) until
     * http_server_run; may be NULL. */
    void (*reload)(void *context);
    /* Called on loop 0's thread before it runs, once signals end the server in order; may be NULL.
     */
    void (*started)(void *context);
    void *context;
};

struct http_listener_options {
    const char *address;  /* "127.0.0.1:8080", "[::1]:0" (0: any free port), or "unix:/path" */
    unsigned unix_mode;   /* permission bits of a Unix socket */
    struct door *door;    /* outlives the server */
    struct http_tls *tls; /* NULL: plain; outlives the server */
    bool access_log;      /* a line a request at level info */
    /* Over all loops, beside those of the other listeners; 0: they count towards the server's. */
    size_t connections;
    /* 0: the server's limit; a door that takes larger or smaller bodies says so. */
    size_t body_bytes;
    /* Who may say for whom he asks; NULL: nobody. Outlives the server. */
    const struct http_proxies *proxies;
};

struct http_counts {
    uint64_t connections_accepted;
    uint64_t connections_refused;
    size_t connections_open;
    uint64_t requests;
    uint64_t responses_by_class[6]; /* index 2: 2xx, and so on */
};

/* The limits named above. */
struct http_limits http_limits_default(void);

struct error http_server_open(const struct http_server_options *options,
                              struct http_server **server) MUST_CHECK;

/* Binds and listens; text gets the address with its real port ("127.0.0.1:43567"). A Unix socket
 * left behind by a dead process is replaced, one in use is an error. Before http_server_run. */
#define HTTP_ADDRESS_TEXT_SIZE 128
struct error http_server_listen(struct http_server *server,
                                const struct http_listener_options *options,
                                char text[static HTTP_ADDRESS_TEXT_SIZE]) MUST_CHECK;

/* Where the store delivers completed commands; valid as long as the server. */
struct store_completions *http_server_completions(struct http_server *server);

/* Runs the loops (loop 0 on the calling thread) until SIGTERM, SIGINT or http_server_stop: then
 * stops accepting, closes idle connections, finishes the exchanges that run (at most
 * shutdown_seconds) and returns. It does the same when a loop cannot go on: ERROR_INTERNAL. A
 * SIGTERM that was held back (blocked) counts as one that comes now. Afterwards SIGTERM and SIGINT
 * are blocked on this thread: whoever asks for the end again waits for it. */
struct error http_server_run(struct http_server *server) MUST_CHECK;

/* Makes http_server_run return as SIGTERM does. Any thread. */
void http_server_stop(struct http_server *server);

struct http_counts http_server_count(struct http_server *server);

/* After http_server_run has returned and the store is closed. Exchanges that outlasted
 * shutdown_seconds are given back here; completions that still arrive for them are not called. */
void http_server_close(struct http_server *server);

#endif
