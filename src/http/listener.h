/* Where clients connect: TCP addresses and Unix sockets. */
#ifndef MUSTER_HTTP_LISTENER_H
#define MUSTER_HTTP_LISTENER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/network.h"
#include "http/connection_limit.h"
#include "http/server.h"

#define HTTP_PEER_TEXT_SIZE NETWORK_ADDRESS_TEXT_SIZE

struct http_listener {
    struct http_listener_options options; /* address is a copy */
    char *address;
    struct http_connection_limit *limit; /* the server's, or its own */
    struct http_connection_limit own_limit;
    int descriptor; /* non-blocking; shared by all loops */
    bool is_unix;
    bool owns_path; /* a Unix socket's path is ours to remove */
};

/* Binds and listens; see http_server_listen. Not thread-safe. */
struct error http_listener_open(struct http_listener *listener,
                                const struct http_listener_options *options,
                                char text[static HTTP_ADDRESS_TEXT_SIZE]) MUST_CHECK;

/* The next waiting connection, non-blocking and without Nagle's delay, or -1 with errno set. peer
 * gets its address without port, "local" over a Unix socket. Any thread. */
int http_listener_accept(const struct http_listener *listener,
                         char peer[static HTTP_PEER_TEXT_SIZE]);

/* The address of this end of a connection, "127.0.0.1:8080", for clients that do not say whom they
 * ask; "localhost" over a Unix socket. */
void http_listener_describe_own_end(int descriptor, char text[static HTTP_ADDRESS_TEXT_SIZE]);

/* Closes the socket and removes a Unix socket's path; who connects from now on is refused. */
void http_listener_stop(struct http_listener *listener);

/* The same, and gives back the rest. */
void http_listener_close(struct http_listener *listener);

#endif
