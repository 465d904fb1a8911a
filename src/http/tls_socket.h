/* What OpenSSL reads from and writes to below TLS: the same as its own socket BIO, which does not
 * tell whether a read emptied the socket. The loop's thread, but for the method. */
#ifndef MUSTER_HTTP_TLS_SOCKET_H
#define MUSTER_HTTP_TLS_SOCKET_H

#include <stdbool.h>

#include "base/error.h"

struct bio_method_st; /* OpenSSL's BIO_METHOD */
struct ssl_st;

struct http_tls_socket {
    int descriptor;  /* not owned */
    bool is_drained; /* the last read took less than there was room for */
};

/* For all sockets; the caller frees it with BIO_meth_free, after the last of them. NULL: there is
 * not enough memory. Once made it does not change, so any thread may use it. */
struct bio_method_st *http_tls_socket_make_method(void);

/* Until the session is freed, which the socket must outlive. */
bool http_tls_socket_attach(struct http_tls_socket *socket, const struct bio_method_st *method,
                            struct ssl_st *session) MUST_CHECK;

#endif
