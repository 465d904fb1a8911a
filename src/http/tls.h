/* TLS for listeners: certificates, versions, renewal. */
#ifndef MUSTER_HTTP_TLS_H
#define MUSTER_HTTP_TLS_H

#include "base/error.h"

struct http_tls;
struct http_tls_socket;
struct ssl_st; /* OpenSSL's SSL */

/* Loads a PEM certificate chain and its private key; TLS 1.2 and up. Errors name the file and what
 * is wrong with it (missing, not readable, not PEM, key does not match). */
struct error http_tls_open(const char *certificate_file, const char *key_file,
                           struct http_tls **tls) MUST_CHECK;

/* Reads the files again (SIGHUP); new connections get the new certificate. On an error the old one
 * stays. Any thread. */
struct error http_tls_reload(struct http_tls *tls) MUST_CHECK;

/* After the last session was freed. */
void http_tls_close(struct http_tls *tls);

/* A session over the socket with the certificate of the moment, for http/stream.c; the caller frees
 * it with SSL_free, while the socket is still there. NULL when OpenSSL cannot make one. Any thread.
 */
struct ssl_st *http_tls_make_session(struct http_tls *tls, struct http_tls_socket *socket);

/* For --dev: makes sure that directory holds a CA (dev-ca.pem, dev-ca.key) and a certificate for
 * localhost, 127.0.0.1 and ::1 signed by it (dev-tls.pem, dev-tls.key), keys with mode 0600,
 * renewing what is missing, expired or expires within a week. */
struct error http_tls_make_development_certificate(const char *directory) MUST_CHECK;

#endif
