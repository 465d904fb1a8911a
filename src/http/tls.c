#include "http/tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "http/tls_socket.h"

struct http_tls {
    char *certificate_file;
    char *key_file;
    BIO_METHOD *socket_method;
    pthread_mutex_t mutex;
    SSL_CTX *context; /* under mutex; sessions hold references of their own */
};

/* The only protocol spoken here; a client that offers others only is let in without ALPN. */
static int choose_protocol(SSL *ssl, const unsigned char **chosen, unsigned char *chosen_length,
                           const unsigned char *offered, unsigned int offered_length,
                           void *context) {
    static const unsigned char ours[] = "\x08http/1.1";
    (void)ssl;
    (void)context;
    unsigned char *out = NULL;
    if (SSL_select_next_proto(&out, chosen_length, ours, sizeof ours - 1, offered,
                              offered_length) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *chosen = out;
    return SSL_TLSEXT_ERR_OK;
}

/* OpenSSL's pem_password_cb fixes the signature. */
// NOLINTNEXTLINE(readability-non-const-parameter)
static int refuse_passphrase(char *buffer, int size, int writing, void *context) {
    (void)buffer;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

static struct error check_readable(const char *file, const char *what) {
    if (access(file, R_OK) == 0)
        return error_none();
    if (errno == ENOENT)
        return error_make(ERROR_INVALID, "The TLS %s file %s does not exist.", what, file);
    return error_make(ERROR_INVALID, "The TLS %s file %s cannot be read: %s.", what, file,
                      strerror(errno));
}

static struct error load_certificate(SSL_CTX *context, const char *file) {
    struct error error = check_readable(file, "certificate");
    if (error_is_set(&error))
        return error;
    if (SSL_CTX_use_certificate_chain_file(context, file) == 1)
        return error_none();
    return error_make(ERROR_INVALID, "The TLS certificate file %s holds no certificate in PEM.",
                      file);
}

static struct error load_key(SSL_CTX *context, const char *file, const char *certificate_file) {
    struct error error = check_readable(file, "key");
    if (error_is_set(&error))
        return error;
    BIO *input = BIO_new_file(file, "r");
    EVP_PKEY *key =
        input == NULL ? NULL : PEM_read_bio_PrivateKey(input, NULL, refuse_passphrase, NULL);
    if (key == NULL)
        error = error_make(ERROR_INVALID,
                           "The TLS key file %s holds no private key in PEM without a passphrase.",
                           file);
    else if (SSL_CTX_use_PrivateKey(context, key) != 1 || SSL_CTX_check_private_key(context) != 1)
        error = error_make(ERROR_INVALID, "The TLS key in %s does not match the certificate in %s.",
                           file, certificate_file);
    EVP_PKEY_free(key);
    BIO_free(input);
    return error;
}

static void configure(SSL_CTX *context) {
    (void)SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                        SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    (void)SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                           SSL_OP_CIPHER_SERVER_PREFERENCE);
    (void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    /* Otherwise each record takes two reads: one for its head, one for the rest. */
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
}

static struct error make_context(const struct http_tls *tls, SSL_CTX **result) {
    struct error error = error_none();
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (context == NULL || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1) {
        error = error_make(ERROR_INTERNAL, "OpenSSL cannot set up TLS 1.2.");
        goto out;
    }
    configure(context);
    error = load_certificate(context, tls->certificate_file);
    if (error_is_set(&error))
        goto out;
    error = load_key(context, tls->key_file, tls->certificate_file);
    if (error_is_set(&error))
        goto out;
    *result = context;
    context = NULL;
out:
    SSL_CTX_free(context);
    ERR_clear_error();
    return error;
}

struct error http_tls_open(const char *certificate_file, const char *key_file,
                           struct http_tls **tls) {
    struct http_tls *opened = memory_allocate_zeroed(1, sizeof *opened);
    opened->certificate_file = memory_copy_string(certificate_file);
    opened->key_file = memory_copy_string(key_file);
    (void)pthread_mutex_init(&opened->mutex, NULL);
    struct error error = make_context(opened, &opened->context);
    opened->socket_method = http_tls_socket_make_method();
    if (!error_is_set(&error) && opened->socket_method == NULL)
        error = error_make(ERROR_INTERNAL, "OpenSSL cannot set up TLS.");
    if (error_is_set(&error)) {
        http_tls_close(opened);
        return error;
    }
    *tls = opened;
    return error_none();
}

struct error http_tls_reload(struct http_tls *tls) {
    SSL_CTX *fresh = NULL;
    struct error error = make_context(tls, &fresh);
    if (error_is_set(&error))
        return error;
    (void)pthread_mutex_lock(&tls->mutex);
    SSL_CTX *old = tls->context;
    tls->context = fresh;
    (void)pthread_mutex_unlock(&tls->mutex);
    SSL_CTX_free(old);
    return error_none();
}

void http_tls_close(struct http_tls *tls) {
    if (tls == NULL)
        return;
    SSL_CTX_free(tls->context);
    BIO_meth_free(tls->socket_method);
    (void)pthread_mutex_destroy(&tls->mutex);
    free(tls->certificate_file);
    free(tls->key_file);
    free(tls);
}

struct ssl_st *http_tls_make_session(struct http_tls *tls, struct http_tls_socket *socket) {
    (void)pthread_mutex_lock(&tls->mutex);
    SSL *session = SSL_new(tls->context);
    (void)pthread_mutex_unlock(&tls->mutex);
    if (session != NULL && http_tls_socket_attach(socket, tls->socket_method, session))
        return session;
    SSL_free(session);
    return NULL;
}
