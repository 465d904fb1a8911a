#include "http/compressor.h"

#include "http/content_coding.h"
#include "http/response_head.h"

/* zlib: 15 bits of window, and 16 more for gzip's head and trailer. */
#define GZIP_WINDOW_BITS (15 + 16)
#define MEMORY_LEVEL 8
/* A large answer's memory is not kept for small ones. */
#define KEPT_SCRATCH_AT_MOST 65536

/* Pictures are compressed as they are. */
static bool is_text(struct slice type) {
    static const struct slice beginnings[] = {
        {"application/json", 16}, {"application/xml", 15}, {"text/", 5}};
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        if (slice_starts_with(type, beginnings[i]))
            return true;
    }
    return false;
}

static bool is_worth_it(const struct http_compression_limits *limits,
                        const struct response *response) {
    return limits->at_least > 0 && response->body.length >= limits->at_least &&
           response->body.length <= limits->at_most &&
           http_response_may_have_body(response->status) &&
           response_find_header(response, SLICE("Content-Encoding")).data == NULL &&
           is_text(response_find_header(response, SLICE("Content-Type")));
}

static bool begin(struct http_compressor *compressor) {
    if (compressor->is_open)
        return deflateReset(&compressor->stream) == Z_OK;
    compressor->stream = (z_stream){.zalloc = Z_NULL};
    compressor->is_open = deflateInit2(&compressor->stream, Z_BEST_SPEED, Z_DEFLATED,
                                       GZIP_WINDOW_BITS, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) == Z_OK;
    return compressor->is_open;
}

/* False where the result would be no smaller, too. */
static bool compress_into_scratch(struct http_compressor *compressor, const struct buffer *body) {
    struct buffer *scratch = &compressor->scratch;
    if (!begin(compressor))
        return false;
    buffer_clear(scratch);
    buffer_reserve(scratch, body->length);
    compressor->stream.next_in = (Bytef *)(void *)body->data;
    compressor->stream.avail_in = (uInt)body->length;
    compressor->stream.next_out = (Bytef *)(void *)scratch->data;
    compressor->stream.avail_out = (uInt)body->length;
    if (deflate(&compressor->stream, Z_FINISH) != Z_STREAM_END)
        return false;
    scratch->length = body->length - compressor->stream.avail_out;
    return true;
}

void http_compressor_apply(struct http_compressor *compressor,
                           const struct http_compression_limits *limits,
                           const struct request *request, struct response *response) {
    if (!is_worth_it(limits, response))
        return;
    response_add_header(response, SLICE("Vary"), SLICE("Accept-Encoding"));
    if (!http_content_coding_takes_gzip(request) ||
        !compress_into_scratch(compressor, &response->body))
        return;
    struct buffer plain = response->body;
    response->body = compressor->scratch;
    compressor->scratch = plain;
    if (compressor->scratch.capacity > KEPT_SCRATCH_AT_MOST)
        buffer_free(&compressor->scratch);
    response_set_header(response, SLICE("Content-Encoding"), SLICE("gzip"));
}

void http_compressor_close(struct http_compressor *compressor) {
    if (compressor->is_open)
        (void)deflateEnd(&compressor->stream);
    compressor->is_open = false;
    buffer_free(&compressor->scratch);
}
