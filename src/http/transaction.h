/* One request and its response: the exchange that a door sees, and what the connection keeps beside
 * it while it lasts. Transactions and input buffers are pooled by each loop, so that a busy one
 * allocates nothing and an idle connection holds nothing. The loop's thread. */
#ifndef MUSTER_HTTP_TRANSACTION_H
#define MUSTER_HTTP_TRANSACTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "http/listener.h"
#include "http/parser.h"
#include "message/exchange.h"

struct http_connection;
struct http_loop;

struct http_transaction {
    struct exchange exchange;
    struct http_connection *connection; /* NULL once the client is gone */
    struct http_loop *loop;
    const struct http_listener *listener;
    struct http_parser parser;
    struct http_head head;
    struct buffer body;   /* of a request whose body does not lie in the input */
    struct buffer output; /* the response's head, and its body if that is small */
    size_t written;       /* of output and the response's body */
    size_t body_bytes;    /* of the response's body behind output */
    struct buffer input;  /* of a connection that is gone, as the request points into it */
    char peer[HTTP_PEER_TEXT_SIZE];
    bool at_door;
    struct http_transaction *previous; /* among those at the door */
    struct http_transaction *next;     /* there, or in the pool */
};

#define HTTP_INPUT_SIZE 8192
#define HTTP_POOLED_AT_MOST 256

struct http_pool {
    struct http_transaction *transactions;
    size_t transaction_count;
    char *inputs[HTTP_POOLED_AT_MOST]; /* of HTTP_INPUT_SIZE */
    size_t input_count;
    struct buffer large_body; /* of the last long response; no memory when there was none */
};

/* An empty transaction; goes back with http_pool_give_transaction. */
struct http_transaction *http_pool_take_transaction(struct http_pool *pool);
void http_pool_give_transaction(struct http_pool *pool, struct http_transaction *transaction);

/* Gives an input buffer its memory, at least HTTP_INPUT_SIZE, and takes it back. */
void http_pool_take_input(struct http_pool *pool, struct buffer *input);
void http_pool_give_input(struct http_pool *pool, struct buffer *input);

/* Frees what is pooled. */
void http_pool_close(struct http_pool *pool);

#endif
