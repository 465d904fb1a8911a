/* HTTP/1.1's grammar (RFC 9112): from the bytes of a complete head to a struct request, and from a
 * chunked body to its content. llhttp, Node's parser, does the reading; this file pair alone knows
 * it, and refuses what llhttp tolerates for the sake of old peers. The loop's thread. */
#ifndef MUSTER_HTTP_PARSER_H
#define MUSTER_HTTP_PARSER_H

#include <llhttp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/slice.h"
#include "message/request.h"

enum http_framing {
    HTTP_FRAMING_NONE, /* no body */
    HTTP_FRAMING_LENGTH,
    HTTP_FRAMING_CHUNKED,
};

/* What the head says about the connection and the body. */
struct http_head {
    enum http_framing framing;
    uint64_t content_length; /* with HTTP_FRAMING_LENGTH */
    bool is_1_0;             /* HTTP/1.0, otherwise HTTP/1.1 */
    bool keep_alive;         /* the client wants to go on with the connection */
    bool expects_continue;   /* waits for "100 Continue" before it sends the body */
};

struct http_parser_limits {
    size_t target_bytes;
    size_t header_count;
};

/* The state while one request is read; http_parser_read_head starts it anew. */
struct http_parser {
    llhttp_t state;
    struct header *headers;
    size_t header_count;
    size_t headers_at_most;
    struct slice target;
    struct slice version;
    struct buffer *body;
    size_t body_at_most;
    uint64_t framing_bytes; /* of the chunked body, all but its content */
    uint64_t chunks;
    bool keep_alive;
    bool reading_body;
    bool last_chunk;
    bool limit_reached; /* of headers, or of the body */
};

/* Reads a complete head: every line ends in CR LF, the last one is empty (http/line_scan.h).
 * first_line is the length of the first. The request's slices point into head, its array of headers
 * lies in the arena. Sets method, path, query, headers, host and has_body.
 * Errors: ERROR_INVALID, ERROR_URI_TOO_LONG, ERROR_HEADERS_TOO_LARGE, ERROR_NOT_IMPLEMENTED for a
 * transfer coding other than chunked. */
struct error http_parser_read_head(struct http_parser *parser, struct slice head, size_t first_line,
                                   const struct http_parser_limits *limits, struct arena *arena,
                                   struct request *request, struct http_head *result) MUST_CHECK;

/* Goes on with a chunked body: appends its content to body, at most body_bytes in all. last is set
 * when the last chunk's size line has been read, *consumed bytes into the input: the trailers
 * follow there. Otherwise the whole input has been consumed.
 * Errors: ERROR_INVALID, ERROR_TOO_LARGE. */
struct error http_parser_read_chunks(struct http_parser *parser, struct slice input,
                                     struct buffer *body, size_t body_bytes, size_t *consumed,
                                     bool *last) MUST_CHECK;

#endif
