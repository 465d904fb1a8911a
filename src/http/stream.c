#include "http/stream.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/tls.h"

/* One TLS record; larger pieces would be cut there anyway. */
#define TLS_PIECE_AT_MOST 16384

struct error http_stream_open(struct http_stream *stream, int descriptor, struct http_tls *tls) {
    *stream = (struct http_stream){.descriptor = descriptor};
    if (tls == NULL)
        return error_none();
    stream->tls_socket.descriptor = descriptor;
    stream->ssl = http_tls_make_session(tls, &stream->tls_socket);
    if (stream->ssl == NULL) {
        http_stream_close(stream);
        return error_make(ERROR_INTERNAL, "A TLS session could not be set up.");
    }
    SSL_set_accept_state(stream->ssl);
    return error_none();
}

static enum http_stream_result explain_errno(void) {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? HTTP_STREAM_WAIT
                                                                     : HTTP_STREAM_BROKEN;
}

/* After a fatal error OpenSSL forbids to use the session again, even to say goodbye. */
static enum http_stream_result explain_tls(struct http_stream *stream, int result) {
    switch (SSL_get_error(stream->ssl, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return HTTP_STREAM_WAIT;
    case SSL_ERROR_ZERO_RETURN:
        return HTTP_STREAM_END;
    default:
        SSL_set_quiet_shutdown(stream->ssl, 1);
        ERR_clear_error();
        return HTTP_STREAM_BROKEN;
    }
}

enum http_stream_result http_stream_handshake(struct http_stream *stream) {
    if (stream->ssl == NULL)
        return HTTP_STREAM_DONE;
    ERR_clear_error();
    int result = SSL_do_handshake(stream->ssl);
    return result == 1 ? HTTP_STREAM_DONE : explain_tls(stream, result);
}

static enum http_stream_result read_tls(struct http_stream *stream, char *bytes, size_t size,
                                        size_t *count) {
    ERR_clear_error();
    stream->tls_socket.is_drained = false;
    int result = SSL_read_ex(stream->ssl, bytes, size, count);
    if (result != 1)
        return explain_tls(stream, result);
    stream->is_drained = stream->tls_socket.is_drained && SSL_has_pending(stream->ssl) == 0;
    return HTTP_STREAM_DONE;
}

enum http_stream_result http_stream_read(struct http_stream *stream, char *bytes, size_t size,
                                         size_t *count) {
    *count = 0;
    if (stream->ssl != NULL)
        return read_tls(stream, bytes, size, count);
    ssize_t length = recv(stream->descriptor, bytes, size, 0);
    if (length < 0)
        return explain_errno();
    *count = (size_t)length;
    stream->is_drained = *count < size;
    return length == 0 ? HTTP_STREAM_END : HTTP_STREAM_DONE;
}

/* At most a record of the part, from so many bytes on. */
static struct iovec cut_piece(const struct iovec *part, size_t begin) {
    size_t length = part->iov_len - begin;
    return (struct iovec){.iov_base = (char *)part->iov_base + begin,
                          .iov_len = length < TLS_PIECE_AT_MOST ? length : TLS_PIECE_AT_MOST};
}

/* The next record, after so many bytes of both parts, which are joined only where they must be. */
static struct iovec take_piece(const struct iovec parts[2], size_t written, char *joined) {
    const struct iovec *head = &parts[0];
    const struct iovec *body = &parts[1];
    if (written >= head->iov_len)
        return cut_piece(body, written - head->iov_len);
    struct iovec piece = cut_piece(head, written);
    if (piece.iov_len == TLS_PIECE_AT_MOST || body->iov_len == 0)
        return piece;
    size_t room = TLS_PIECE_AT_MOST - piece.iov_len;
    size_t more = body->iov_len < room ? body->iov_len : room;
    memcpy(joined, piece.iov_base, piece.iov_len);
    memcpy(joined + piece.iov_len, body->iov_base, more);
    return (struct iovec){.iov_base = joined, .iov_len = piece.iov_len + more};
}

/* A record for the head and one for the body would be two calls, and two segments to the client. */
static enum http_stream_result write_tls(struct http_stream *stream, const struct iovec parts[2],
                                         size_t *count) {
    char joined[TLS_PIECE_AT_MOST];
    while (*count < parts[0].iov_len + parts[1].iov_len) {
        const struct iovec piece = take_piece(parts, *count, joined);
        size_t written = 0;
        ERR_clear_error();
        int result = SSL_write_ex(stream->ssl, piece.iov_base, piece.iov_len, &written);
        *count += written;
        if (result == 1)
            continue;
        enum http_stream_result explained = explain_tls(stream, result);
        return *count > 0 && explained == HTTP_STREAM_WAIT ? HTTP_STREAM_DONE : explained;
    }
    return HTTP_STREAM_DONE;
}

enum http_stream_result http_stream_write(struct http_stream *stream, const struct iovec parts[2],
                                          size_t *count) {
    *count = 0;
    if (stream->ssl != NULL)
        return write_tls(stream, parts, count);
    struct iovec pieces[2] = {parts[0], parts[1]};
    const struct msghdr message = {.msg_iov = pieces, .msg_iovlen = 2};
    ssize_t length = parts[1].iov_len == 0 ? send(stream->descriptor, parts[0].iov_base,
                                                  parts[0].iov_len, MSG_NOSIGNAL)
                                           : sendmsg(stream->descriptor, &message, MSG_NOSIGNAL);
    if (length < 0)
        return explain_errno();
    *count = (size_t)length;
    return HTTP_STREAM_DONE;
}

static void say_goodbye(struct http_stream *stream) {
    if (stream->ssl == NULL)
        return;
    ERR_clear_error();
    if (SSL_is_init_finished(stream->ssl))
        (void)SSL_shutdown(stream->ssl);
    ERR_clear_error();
}

void http_stream_end(struct http_stream *stream) {
    say_goodbye(stream);
    (void)shutdown(stream->descriptor, SHUT_WR);
}

enum http_stream_result http_stream_drain(struct http_stream *stream, size_t size, size_t *count) {
    char bytes[4096];
    *count = 0;
    while (*count < size) {
        ssize_t length = recv(stream->descriptor, bytes, sizeof bytes, 0);
        if (length == 0)
            return HTTP_STREAM_END;
        if (length < 0)
            return explain_errno();
        *count += (size_t)length;
    }
    return HTTP_STREAM_DONE;
}

void http_stream_close(struct http_stream *stream) {
    if (stream->ssl != NULL) {
        say_goodbye(stream);
        SSL_free(stream->ssl);
        stream->ssl = NULL;
    }
    if (stream->descriptor >= 0)
        (void)close(stream->descriptor);
    stream->descriptor = -1;
}
