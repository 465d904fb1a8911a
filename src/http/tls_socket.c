#include "http/tls_socket.h"

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

static int read_bytes(BIO *bio, char *bytes, size_t size, size_t *count) {
    struct http_tls_socket *from = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    ssize_t length = recv(from->descriptor, bytes, size, 0);
    *count = length > 0 ? (size_t)length : 0;
    from->is_drained = *count < size;
    if (length < 0 && BIO_sock_non_fatal_error(errno) == 1)
        BIO_set_retry_read(bio);
    if (length == 0)
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return length > 0;
}

static int write_bytes(BIO *bio, const char *bytes, size_t size, size_t *count) {
    const struct http_tls_socket *to = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    ssize_t length = send(to->descriptor, bytes, size, MSG_NOSIGNAL);
    *count = length > 0 ? (size_t)length : 0;
    if (length < 0 && BIO_sock_non_fatal_error(errno) == 1)
        BIO_set_retry_write(bio);
    return length > 0;
}

/* Nothing is kept here that would have to be flushed. */
static long control(BIO *bio, int command, long number, void *pointer) {
    (void)number;
    (void)pointer;
    if (command == BIO_CTRL_EOF)
        return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    return command == BIO_CTRL_FLUSH;
}

struct bio_method_st *http_tls_socket_make_method(void) {
    BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "socket");
    if (method == NULL)
        return NULL;
    if (BIO_meth_set_read_ex(method, read_bytes) == 1 &&
        BIO_meth_set_write_ex(method, write_bytes) == 1 && BIO_meth_set_ctrl(method, control) == 1)
        return method;
    BIO_meth_free(method);
    return NULL;
}

bool http_tls_socket_attach(struct http_tls_socket *socket, const struct bio_method_st *method,
                            struct ssl_st *session) {
    BIO *bio = BIO_new(method);
    if (bio == NULL)
        return false;
    BIO_set_data(bio, socket);
    BIO_set_init(bio, 1);
    SSL_set_bio(session, bio, bio);
    return true;
}
