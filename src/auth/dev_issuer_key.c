#include "auth/dev_issuer_key.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/base64url.h"
#include "auth/token_json.h"
#include "base/buffer.h"
#include "base/directory.h"

#define KEY_BITS 2048
#define KEY_FILE_BYTES_AT_MOST 8192
#define THUMBPRINT_BYTES 32
#define MODE_PRIVATE (S_IRUSR | S_IWUSR)
#define MODE_PUBLIC (S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH)

/* cjose's texts hold the private key. */
static void free_secret(char *text) {
    if (text != NULL)
        OPENSSL_cleanse(text, strlen(text));
    free(text);
}

static struct error check_file(const char *path, int file) {
    struct stat status;
    if (fstat(file, &status) != 0)
        return error_make(ERROR_INTERNAL, "%s: %s", path, strerror(errno));
    if (!S_ISREG(status.st_mode) || status.st_size > KEY_FILE_BYTES_AT_MOST)
        return error_make(ERROR_INVALID, "%s: this is not the key of the built-in issuer.", path);
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return error_make(ERROR_INVALID,
                          "%s: others may read the signing key (mode %04o). Run: chmod 600 %s",
                          path, (unsigned)(status.st_mode & 07777U), path);
    return error_none();
}

static struct error read_key(const char *path, int file, cjose_jwk_t **key) {
    char text[KEY_FILE_BYTES_AT_MOST];
    cjose_err problem;
    struct error error = check_file(path, file);
    if (error_is_set(&error))
        return error;
    ssize_t length = pread(file, text, sizeof text, 0);
    if (length > 0)
        *key = cjose_jwk_import(text, (size_t)length, &problem);
    OPENSSL_cleanse(text, sizeof text);
    if (*key != NULL && cjose_jwk_get_kty(*key, &problem) == CJOSE_JWK_KTY_RSA &&
        cjose_jwk_get_keysize(*key, &problem) >= KEY_BITS &&
        cjose_jwk_get_kid(*key, &problem) != NULL)
        return error_none();
    if (*key != NULL)
        (void)cjose_jwk_release(*key);
    *key = NULL;
    return error_make(ERROR_INVALID,
                      "%s: this is not the key of the built-in issuer. Delete it to have a new one "
                      "made; tokens signed with the old one end then.",
                      path);
}

/* RFC 7638: the SHA-256 of the required members in this order, without blanks. */
static bool set_thumbprint(cjose_jwk_t *key) {
    cjose_err problem;
    uint8_t digest[THUMBPRINT_BYTES];
    char kid[BASE64URL_LENGTH(THUMBPRINT_BYTES) + 1];
    char *text = cjose_jwk_to_json(key, false, &problem);
    json_t *object = text == NULL ? NULL : json_loads(text, 0, NULL);
    struct slice e = token_json_member(object, "e");
    struct slice n = token_json_member(object, "n");
    struct buffer members = {0};
    buffer_append_format(&members, "{\"e\":\"%.*s\",\"kty\":\"RSA\",\"n\":\"%.*s\"}",
                         SLICE_PRINTF(e), SLICE_PRINTF(n));
    bool done = e.length > 0 && n.length > 0 &&
                EVP_Digest(members.data, members.length, digest, NULL, EVP_sha256(), NULL) == 1;
    if (done) {
        base64url_encode(digest, sizeof digest, kid);
        done = cjose_jwk_set_kid(key, kid, strlen(kid), &problem);
    }
    buffer_free(&members);
    json_decref(object);
    free(text);
    return done;
}

static bool write_file(const char *path, mode_t mode, const char *text) {
    size_t length = strlen(text);
    (void)unlink(path);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (file < 0)
        return false;
    bool written = write(file, text, length) == (ssize_t)length && fsync(file) == 0;
    return close(file) == 0 && written;
}

/* A name beside path that no other process uses. */
static char *unfinished_name(const char *path) {
    struct buffer name = {0};
    buffer_append_format(&name, "%s.%ld.tmp", path, (long)getpid());
    buffer_append_byte(&name, '\0');
    return name.data;
}

/* link() refuses to replace a key that another process made meanwhile: that one counts then. */
static struct error write_key(const char *path, const char *text) {
    char *unfinished = unfinished_name(path);
    struct error error = error_none();
    if (!write_file(unfinished, MODE_PRIVATE, text) ||
        (link(unfinished, path) != 0 && errno != EEXIST) || !directory_sync_of(path))
        error = error_make(ERROR_INTERNAL, "%s: the key of the built-in issuer cannot be made: %s",
                           path, strerror(errno));
    (void)unlink(unfinished);
    free(unfinished);
    return error;
}

static struct error create_key(const char *path) {
    static const uint8_t exponent[] = {1, 0, 1};
    cjose_err problem;
    char *text = NULL;
    cjose_jwk_t *key = cjose_jwk_create_RSA_random(KEY_BITS, exponent, sizeof exponent, &problem);
    if (key != NULL && set_thumbprint(key))
        text = cjose_jwk_to_json(key, true, &problem);
    struct error error =
        text != NULL ? write_key(path, text)
                     : error_make(ERROR_INTERNAL,
                                  "%s: the key of the built-in issuer cannot be made: OpenSSL "
                                  "refuses RSA with 2048 bits.",
                                  path);
    free_secret(text);
    if (key != NULL)
        (void)cjose_jwk_release(key);
    return error;
}

struct error dev_issuer_key_load(const char *path, cjose_jwk_t **key) {
    *key = NULL;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0 && errno == ENOENT) {
        struct error error = create_key(path);
        if (error_is_set(&error))
            return error;
        file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    }
    if (file < 0)
        return error_make(ERROR_INTERNAL, "%s: the key of the built-in issuer cannot be opened: %s",
                          path, strerror(errno));
    struct error error = read_key(path, file, key);
    (void)close(file);
    return error;
}

static struct error write_public(const char *path, const char *document) {
    char *unfinished = unfinished_name(path);
    struct error error = error_none();
    if (!write_file(unfinished, MODE_PUBLIC, document) || rename(unfinished, path) != 0)
        error = error_make(ERROR_INTERNAL,
                           "%s: the public keys of the built-in issuer cannot be written: %s", path,
                           strerror(errno));
    (void)unlink(unfinished);
    free(unfinished);
    return error;
}

struct error dev_issuer_key_publish(const char *path, const cjose_jwk_t *key) {
    cjose_err problem;
    char *text = cjose_jwk_to_json(key, false, &problem);
    json_t *object = text == NULL ? NULL : json_loads(text, 0, NULL);
    json_t *root = json_pack("{s:[O]}", "keys", object);
    (void)json_object_set_new(object, "use", json_string("sig"));
    (void)json_object_set_new(object, "alg", json_string("RS256"));
    char *document = json_dumps(root, JSON_INDENT(2));
    struct error error =
        document != NULL
            ? write_public(path, document)
            : error_make(ERROR_INTERNAL, "%s: the public key cannot be written.", path);
    free(document);
    json_decref(root);
    json_decref(object);
    free(text);
    return error;
}
