/* A non-blocking connection to a client, plain or under TLS: the same calls for both.
 * The loop's thread. */
#ifndef MUSTER_HTTP_STREAM_H
#define MUSTER_HTTP_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#include "base/error.h"
#include "http/tls_socket.h"

struct ssl_st;
struct http_tls;

struct http_stream {
    int descriptor; /* owned; -1 once closed */
    /* The last read took all that had come, so that an edge-triggered event tells of more. */
    bool is_drained;
    struct ssl_st *ssl; /* NULL: plain */
    struct http_tls_socket tls_socket;
};

enum http_stream_result {
    HTTP_STREAM_DONE,  /* *count bytes, at least one */
    HTTP_STREAM_WAIT,  /* nothing now; try again when the descriptor can be read or written */
    HTTP_STREAM_END,   /* the client has finished sending (reads only) */
    HTTP_STREAM_BROKEN /* the connection is gone */
};

/* Takes over the descriptor, also on an error. tls may be NULL. The stream must not move while it
 * is open. */
struct error http_stream_open(struct http_stream *stream, int descriptor,
                              struct http_tls *tls) MUST_CHECK;

/* Goes on with the TLS handshake; HTTP_STREAM_DONE when there is none to be done any more. */
enum http_stream_result http_stream_handshake(struct http_stream *stream);

enum http_stream_result http_stream_read(struct http_stream *stream, char *bytes, size_t size,
                                         size_t *count);

/* Writes as much as it can of the first part, and of the second if the first went whole. After
 * HTTP_STREAM_WAIT the next call must be about the same bytes, or those and more. */
enum http_stream_result http_stream_write(struct http_stream *stream, const struct iovec parts[2],
                                          size_t *count);

/* Says that nothing more will be written: TLS's close_notify, then TCP's FIN. */
void http_stream_end(struct http_stream *stream);

/* Reads and throws away what the client still sends, at most size bytes. */
enum http_stream_result http_stream_drain(struct http_stream *stream, size_t size, size_t *count);

/* Says close_notify if that can be done without waiting, and closes. */
void http_stream_close(struct http_stream *stream);

#endif
