/* TLS: the development certificate, its renewal, and requests over a real handshake. */
#include <dirent.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "http/test_server.h"
#include "test.h"

struct files {
    char directory[32];
    char certificate[64];
    char key[64];
    char ca[64];
};

static int set_up(void **state) {
    struct files *files = memory_allocate_zeroed(1, sizeof *files);
    (void)snprintf(files->directory, sizeof files->directory, "/tmp/http-tls-XXXXXX");
    assert_non_null(mkdtemp(files->directory));
    (void)snprintf(files->certificate, sizeof files->certificate, "%s/dev-tls.pem",
                   files->directory);
    (void)snprintf(files->key, sizeof files->key, "%s/dev-tls.key", files->directory);
    (void)snprintf(files->ca, sizeof files->ca, "%s/dev-ca.pem", files->directory);
    assert_ok(http_tls_make_development_certificate(files->directory));
    *state = files;
    return 0;
}

static int tear_down(void **state) {
    struct files *files = *state;
    DIR *directory = opendir(files->directory);
    assert_non_null(directory);
    struct dirent *entry;
    while ((entry = readdir(directory)) != NULL)
        (void)unlinkat(dirfd(directory), entry->d_name, 0);
    (void)closedir(directory);
    assert_int_equal(rmdir(files->directory), 0);
    free(files);
    return 0;
}

static struct test_server *start_server(const struct files *files, size_t loops,
                                        struct http_tls **tls) {
    const struct http_limits limits = test_limits();
    assert_ok(http_tls_open(files->certificate, files->key, tls));
    return test_server_start(&limits, loops, NULL, *tls);
}

struct tls_client {
    int descriptor;
    SSL_CTX *context;
    SSL *ssl;
    bool connected;
};

/* Trusts the development CA and nobody else. */
static struct tls_client tls_connect(const struct files *files, const struct test_server *server,
                                     int version) {
    struct tls_client client = {.descriptor = test_connect(server),
                                .context = SSL_CTX_new(TLS_client_method())};
    assert_int_equal(SSL_CTX_load_verify_file(client.context, files->ca), 1);
    SSL_CTX_set_verify(client.context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_security_level(client.context, version == TLS1_1_VERSION ? 0 : 1);
    assert_int_equal(SSL_CTX_set_min_proto_version(client.context, version), 1);
    assert_int_equal(SSL_CTX_set_max_proto_version(client.context, version), 1);
    client.ssl = SSL_new(client.context);
    assert_int_equal(SSL_set1_host(client.ssl, "localhost"), 1);
    assert_int_equal(
        SSL_set_alpn_protos(client.ssl, (const unsigned char *)"\x02h2\x08http/1.1", 12), 0);
    assert_int_equal(SSL_set_fd(client.ssl, client.descriptor), 1);
    client.connected = SSL_connect(client.ssl) == 1;
    ERR_clear_error();
    return client;
}

static void tls_end(struct tls_client *client) {
    SSL_free(client->ssl);
    SSL_CTX_free(client->context);
    (void)close(client->descriptor);
}

static void tls_send(struct tls_client *client, const char *text) {
    size_t written = 0;
    assert_int_equal(SSL_write_ex(client->ssl, text, strlen(text), &written), 1);
    assert_int_equal(written, strlen(text));
}

/* Reads until text has come, or the connection ends. */
static char *tls_read_until(struct tls_client *client, const char *text) {
    struct buffer answer = {0};
    char bytes[4096];
    size_t count = 0;
    do {
        buffer_append(&answer, "", 1);
        if (strstr(answer.data, text) != NULL)
            return answer.data;
        answer.length--;
        if (SSL_read_ex(client->ssl, bytes, sizeof bytes, &count) != 1)
            break;
        buffer_append(&answer, bytes, count);
    } while (answer.length < 100000);
    fail_msg("\"%s\" has not come: %.*s", text, SLICE_PRINTF(buffer_slice(&answer)));
    return NULL;
}

static void requests_are_answered_over_tls(void **state) {
    static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};
    const struct files *files = *state;
    struct http_tls *tls = NULL;
    struct test_server *server = start_server(files, 2, &tls);
    for (size_t i = 0; i < COUNT_OF(versions); i++) {
        struct tls_client client = tls_connect(files, server, versions[i]);
        assert_true(client.connected);
        const unsigned char *protocol = NULL;
        unsigned length = 0;
        SSL_get0_alpn_selected(client.ssl, &protocol, &length);
        assert_int_equal(length, 8);
        assert_memory_equal(protocol, "http/1.1", 8);
        tls_send(&client,
                 "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /later/2 HTTP/1.1\r\nHost: h\r\n\r\n");
        char *answer = tls_read_until(&client, "GET /2? h []");
        assert_non_null(strstr(answer, "GET /1? h []"));
        assert_non_null(strstr(answer, "\r\nX-Secure: yes\r\n"));
        assert_non_null(strstr(answer, "\r\nStrict-Transport-Security: max-age=31536000\r\n"));
        free(answer);
        tls_send(&client, "GET /3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        free(tls_read_until(&client, "GET /3? h []"));
        /* The end is said in TLS's own way, so that nobody can cut an answer short. */
        char byte;
        assert_int_equal(SSL_read(client.ssl, &byte, 1), 0);
        assert_int_equal(SSL_get_error(client.ssl, 0), SSL_ERROR_ZERO_RETURN);
        tls_end(&client);
    }
    test_server_end(server);
    http_tls_close(tls);
}

static void large_messages_cross_tls_whole(void **state) {
    const struct files *files = *state;
    struct http_tls *tls = NULL;
    struct test_server *server = start_server(files, 1, &tls);
    struct tls_client client = tls_connect(files, server, TLS1_3_VERSION);
    assert_true(client.connected);
    char body[20000];
    for (size_t i = 0; i + 1 < sizeof body; i++)
        body[i] = (char)('a' + i * i % 23);
    body[sizeof body - 1] = '\0';
    char request[20100];
    (void)snprintf(request, sizeof request,
                   "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 19999\r\n\r\n%s", body);
    tls_send(&client, request);
    char *answer = tls_read_until(&client, "]");
    assert_non_null(strstr(answer, body));
    free(answer);
    tls_send(&client, "GET /large HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    char bytes[16384];
    size_t count = 0;
    size_t sum = 0;
    while (SSL_read_ex(client.ssl, bytes, sizeof bytes, &count) == 1)
        sum += count;
    assert_in_range(sum, TEST_LARGE_BODY, TEST_LARGE_BODY + 1000);
    tls_end(&client);
    test_server_end(server);
    http_tls_close(tls);
}

/* What the next requests are under TLS, for the test to send as it likes. */
static struct buffer tls_seal(struct tls_client *client, const char *const *requests,
                              size_t request_count) {
    BIO *memory = BIO_new(BIO_s_mem());
    assert_non_null(memory);
    BIO *socket = SSL_get_wbio(client->ssl);
    assert_int_equal(BIO_up_ref(socket), 1);
    SSL_set0_wbio(client->ssl, memory);
    for (size_t i = 0; i < request_count; i++)
        tls_send(client, requests[i]);
    char *bytes = NULL;
    long length = BIO_get_mem_data(memory, &bytes);
    struct buffer sealed = {0};
    buffer_append(&sealed, bytes, (size_t)length);
    SSL_set0_wbio(client->ssl, socket);
    return sealed;
}

/* OpenSSL reads ahead, so that what it holds of a record, and the next record that came with it,
 * is not in the socket any more, of which nothing will tell then. */
static void records_are_answered_however_they_are_cut(void **state) {
    static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};
    static const char *const requests[] = {"GET /1 HTTP/1.1\r\nHost: h\r\n\r\n",
                                           "GET /later/2 HTTP/1.1\r\nHost: h\r\n\r\n"};
    const struct timespec moment = {.tv_nsec = 1000000};
    const struct files *files = *state;
    struct http_tls *tls = NULL;
    struct test_server *server = start_server(files, 1, &tls);
    for (size_t i = 0; i < COUNT_OF(versions); i++) {
        struct tls_client client = tls_connect(files, server, versions[i]);
        size_t length = 1;
        for (size_t cut = 1; cut <= length; cut++) {
            struct buffer sealed = tls_seal(&client, requests, COUNT_OF(requests));
            length = sealed.length;
            test_send(client.descriptor, sealed.data, cut);
            (void)nanosleep(&moment, NULL);
            if (cut < length)
                test_send(client.descriptor, sealed.data + cut, length - cut);
            char *answer = tls_read_until(&client, "GET /2? h []");
            assert_non_null(strstr(answer, "GET /1? h []"));
            free(answer);
            buffer_free(&sealed);
        }
        assert_in_range(length, 100, 200);
        tls_end(&client);
    }
    test_server_end(server);
    http_tls_close(tls);
}

/* The event that tells of the third request comes while the second lies in OpenSSL; reading that
 * one says nothing about the socket. */
static void what_comes_while_a_record_waits_is_answered_too(void **state) {
    static const char *const first[] = {"GET /later/1 HTTP/1.1\r\nHost: h\r\n\r\n",
                                        "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n"};
    const struct timespec moment = {.tv_nsec = 50000000};
    const struct files *files = *state;
    struct http_tls *tls = NULL;
    struct test_server *server = start_server(files, 1, &tls);
    struct tls_client client = tls_connect(files, server, TLS1_3_VERSION);
    struct buffer sealed = tls_seal(&client, first, COUNT_OF(first));
    test_server_hold(server, true);
    test_send(client.descriptor, sealed.data, sealed.length);
    test_server_await(server, 1);
    tls_send(&client, "GET /3 HTTP/1.1\r\nHost: h\r\n\r\n");
    (void)nanosleep(&moment, NULL);
    test_server_hold(server, false);
    free(tls_read_until(&client, "GET /3? h []"));
    buffer_free(&sealed);
    tls_end(&client);
    test_server_end(server);
    http_tls_close(tls);
}

/* A body of 8000 bytes is not copied behind its head before it comes to TLS. */
static void an_answer_that_fits_into_a_record_is_one(void **state) {
    static const char *const requests[] = {
        "GET /bytes/10?text/plain HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /bytes/8000?text/plain HTTP/1.1\r\nHost: h\r\n\r\n"};
    static const size_t body_lengths[] = {10, 8000};
    const struct files *files = *state;
    struct http_tls *tls = NULL;
    struct test_server *server = start_server(files, 1, &tls);
    struct tls_client client = tls_connect(files, server, TLS1_3_VERSION);
    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        tls_send(&client, requests[i]);
        char bytes[16384];
        size_t count = 0;
        /* However much room there is, OpenSSL gives out one record at a time. */
        assert_int_equal(SSL_read_ex(client.ssl, bytes, sizeof bytes - 1, &count), 1);
        bytes[count] = '\0';
        assert_memory_equal(bytes, "HTTP/1.1 200 ", 13);
        const char *body = strstr(bytes, "\r\n\r\n");
        assert_non_null(body);
        assert_int_equal(strlen(body + 4), body_lengths[i]);
    }
    tls_end(&client);
    test_server_end(server);
    http_tls_close(tls);
}

static void older_versions_and_plain_text_are_turned_away(void **state) {
    const struct files *files = *state;
    struct http_tls *tls = NULL;
    struct test_server *server = start_server(files, 1, &tls);
    struct tls_client old = tls_connect(files, server, TLS1_1_VERSION);
    assert_false(old.connected);
    tls_end(&old);
    int plain = test_connect(server);
    char bytes[256];
    test_send_text(plain, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    ssize_t count = recv(plain, bytes, sizeof bytes, 0);
    assert_true(count < 5 || memcmp(bytes, "HTTP/", 5) != 0);
    (void)close(plain);
    struct tls_client client = tls_connect(files, server, TLS1_2_VERSION);
    assert_true(client.connected);
    tls_end(&client);
    test_server_end(server);
    http_tls_close(tls);
}

static void a_silent_handshake_is_given_up(void **state) {
    const struct files *files = *state;
    struct http_limits limits = test_limits();
    limits.head_timeout_seconds = 1;
    struct http_tls *tls = NULL;
    assert_ok(http_tls_open(files->certificate, files->key, &tls));
    struct test_server *server = test_server_start(&limits, 1, NULL, tls);
    int client = test_connect(server);
    test_send(client, "\x16\x03\x01", 3);
    test_expect_end(client);
    test_server_end(server);
    http_tls_close(tls);
}

static X509 *read_certificate(const char *path) {
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    X509 *certificate = PEM_read_X509(file, NULL, NULL, NULL);
    (void)fclose(file);
    assert_non_null(certificate);
    return certificate;
}

static void a_reload_gives_new_connections_the_new_certificate(void **state) {
    const struct files *files = *state;
    struct http_tls *tls = NULL;
    struct test_server *server = start_server(files, 1, &tls);
    struct tls_client before = tls_connect(files, server, TLS1_3_VERSION);
    assert_true(before.connected);
    assert_int_equal(unlink(files->certificate), 0);
    assert_error(http_tls_reload(tls), ERROR_INVALID);
    assert_ok(http_tls_make_development_certificate(files->directory));
    assert_ok(http_tls_reload(tls));
    struct tls_client after = tls_connect(files, server, TLS1_3_VERSION);
    assert_true(after.connected);
    X509 *expected = read_certificate(files->certificate);
    assert_int_equal(X509_cmp(SSL_get0_peer_certificate(after.ssl), expected), 0);
    assert_int_not_equal(X509_cmp(SSL_get0_peer_certificate(before.ssl), expected), 0);
    X509_free(expected);
    tls_send(&before, "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n");
    free(tls_read_until(&before, "GET /1? h []"));
    tls_end(&before);
    tls_end(&after);
    test_server_end(server);
    http_tls_close(tls);
}

static void the_development_certificate_is_kept_while_it_is_good(void **state) {
    const struct files *files = *state;
    X509 *first = read_certificate(files->certificate);
    X509 *ca = read_certificate(files->ca);
    assert_ok(http_tls_make_development_certificate(files->directory));
    X509 *second = read_certificate(files->certificate);
    assert_int_equal(X509_cmp(first, second), 0);
    X509_free(second);
    /* A CA that is made anew makes the certificate of the old one worthless. */
    assert_int_equal(unlink(files->ca), 0);
    assert_ok(http_tls_make_development_certificate(files->directory));
    second = read_certificate(files->certificate);
    assert_int_not_equal(X509_cmp(first, second), 0);
    X509_free(first);
    X509_free(second);
    X509_free(ca);
}

static void its_keys_are_for_the_owner_alone(void **state) {
    static const char *const names[] = {"dev-ca.key", "dev-tls.key"};
    const struct files *files = *state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char path[64];
        struct stat status;
        (void)snprintf(path, sizeof path, "%s/%s", files->directory, names[i]);
        assert_int_equal(stat(path, &status), 0);
        assert_int_equal(status.st_mode & 07777U, 0600);
    }
}

static void a_certificate_that_is_no_good_is_named(void **state) {
    const struct files *files = *state;
    struct http_tls *tls = NULL;
    char missing[64];
    char ca_key[64];
    (void)snprintf(missing, sizeof missing, "%s/none.pem", files->directory);
    (void)snprintf(ca_key, sizeof ca_key, "%s/dev-ca.key", files->directory);
    struct error error = http_tls_open(missing, files->key, &tls);
    assert_int_equal(error.code, ERROR_INVALID);
    assert_non_null(strstr(error.message, missing));
    error = http_tls_open(files->key, files->key, &tls);
    assert_non_null(strstr(error.message, files->key));
    error = http_tls_open(files->certificate, files->certificate, &tls);
    assert_non_null(strstr(error.message, files->certificate));
    error = http_tls_open(files->certificate, ca_key, &tls);
    assert_int_equal(error.code, ERROR_INVALID);
    assert_non_null(strstr(error.message, "does not match"));
    assert_error(http_tls_make_development_certificate(missing), ERROR_INTERNAL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(requests_are_answered_over_tls),
        TEST(large_messages_cross_tls_whole),
        TEST(records_are_answered_however_they_are_cut),
        TEST(what_comes_while_a_record_waits_is_answered_too),
        TEST(an_answer_that_fits_into_a_record_is_one),
        TEST(older_versions_and_plain_text_are_turned_away),
        TEST(a_silent_handshake_is_given_up),
        TEST(a_reload_gives_new_connections_the_new_certificate),
        TEST(the_development_certificate_is_kept_while_it_is_good),
        TEST(its_keys_are_for_the_owner_alone),
        TEST(a_certificate_that_is_no_good_is_named),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
