/* Compresses responses with gzip (RFC 1952) for clients that ask for it. Each loop has one, whose
 * memory, about 260 KiB, is taken with the first response that needs it. The loop's thread. */
#ifndef MUSTER_HTTP_COMPRESSOR_H
#define MUSTER_HTTP_COMPRESSOR_H

#include <stdbool.h>
#include <zlib.h>

#include "base/buffer.h"
#include "message/request.h"
#include "message/response.h"

/* All zero is ready for use. */
struct http_compressor {
    z_stream stream;
    bool is_open;
    struct buffer scratch;
};

/* Which bodies: of at_least to at_most bytes. Smaller ones gain nothing, and larger ones would keep
 * the loop's other clients waiting. at_least 0: none. */
struct http_compression_limits {
    size_t at_least;
    size_t at_most;
};

/* Compresses the body and says so in the headers, where its size and media type are worth it and
 * the client takes it; adds "Vary: Accept-Encoding" where the answer hangs on that. */
void http_compressor_apply(struct http_compressor *compressor,
                           const struct http_compression_limits *limits,
                           const struct request *request, struct response *response);

void http_compressor_close(struct http_compressor *compressor);

#endif
