/* A client's connection: reads requests, hands them to the listener's door one after the other and
 * writes the answers.
 *
 * It is a state machine: each phase has a step function that does what can be done now and says
 * whether to go on, to wait for the socket or the door, or to close. The loop's thread. */
#ifndef MUSTER_HTTP_CONNECTION_H
#define MUSTER_HTTP_CONNECTION_H

#include <event2/event_struct.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "http/deadline.h"
#include "http/line_scan.h"
#include "http/listener.h"
#include "http/loop.h"
#include "http/stream.h"
#include "http/transaction.h"

enum http_phase {
    HTTP_PHASE_HANDSHAKE,
    HTTP_PHASE_HEAD, /* also between requests */
    HTTP_PHASE_BODY, /* of a known length */
    HTTP_PHASE_CHUNKS,
    HTTP_PHASE_TRAILERS, /* behind the last chunk */
    HTTP_PHASE_DOOR,
    HTTP_PHASE_WRITE,
    HTTP_PHASE_LINGER, /* answered, and waiting for the client to have read it */
};

enum http_step { HTTP_STEP_AGAIN, HTTP_STEP_WAIT, HTTP_STEP_CLOSE };

struct http_connection {
    struct http_stream stream;
    struct event event; /* edge-triggered, registered once */
    struct http_loop *loop;
    const struct http_listener *listener;
    struct http_transaction *transaction; /* from the end of a head to the end of its response */
    struct buffer input;                  /* no memory while the connection is idle */
    size_t start;                         /* of the request that is being read, in input */
    size_t body_start;                    /* of its body or its next chunks */
    struct http_line_scan scan;
    struct http_deadline deadline;
    size_t drained;
    enum http_phase phase;
    bool readable;      /* there may be bytes to read, in the socket or in OpenSSL */
    bool client_ended;  /* the end of input is behind them */
    bool running;       /* a step is on the stack */
    bool body_in_place; /* the body fits into input behind the head */
    bool closes;        /* after the response */
    bool lingers;       /* the client may still be sending */
    bool passed_line;   /* an empty one, before the request that is being read or awaited */
    bool is_proxy;      /* trusted: asks for others and says for whom */
    char peer[HTTP_PEER_TEXT_SIZE];
};

/* Takes over the descriptor, which the listener's limit counts already. */
void http_connection_open(struct http_loop *loop, const struct http_listener *listener,
                          int descriptor, const char *peer);

/* Its deadline has passed: answers 408 or closes. */
void http_connection_expire(struct http_connection *connection);

/* The server stops: serves what has arrived already, closes if nothing has. */
void http_connection_stop(struct http_connection *connection);

/* Goes on after a pass in which it had its share. */
void http_connection_resume(struct http_connection *connection);

/* Closes at once; an exchange at the door is freed when the door finishes it. */
void http_connection_abandon(struct http_connection *connection);

/* For the step functions (http/connection_request.c, http/connection_response.c). */
enum http_step http_connection_step_head(struct http_connection *connection);
enum http_step http_connection_step_body(struct http_connection *connection);
enum http_step http_connection_step_chunks(struct http_connection *connection);
enum http_step http_connection_step_trailers(struct http_connection *connection);
enum http_step http_connection_step_write(struct http_connection *connection);
enum http_step http_connection_step_linger(struct http_connection *connection);

/* Runs the steps until one of them waits or closes. */
void http_connection_run(struct http_connection *connection);

/* Reads what the socket has into input, behind what is there. */
enum http_step http_connection_fill(struct http_connection *connection);

/* Has the door fill in the answer to a request that it never gets. */
enum http_step http_connection_refuse(struct http_connection *connection,
                                      const struct error *error);

#endif
