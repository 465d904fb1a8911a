/* The certificates of --dev: a CA of the machine's own and a certificate for localhost signed by
 * it, so that a client which is told to trust dev-ca.pem speaks real, verified TLS. RFC 5280. */
#include "http/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CA_DAYS 3650
#define LEAF_DAYS 90
#define RENEW_BEFORE_SECONDS (7L * 24 * 60 * 60)
#define SECONDS_PER_DAY (24L * 60 * 60)
/* Clocks of clients may be a little behind. */
#define BACKDATE_SECONDS 3600L

struct identity {
    X509 *certificate;
    EVP_PKEY *key;
};

static void free_identity(struct identity *identity) {
    X509_free(identity->certificate);
    EVP_PKEY_free(identity->key);
    *identity = (struct identity){.certificate = NULL};
}

static struct error cannot_write(const char *path) {
    return error_make(ERROR_INTERNAL, "The development certificate file %s cannot be written: %s.",
                      path, strerror(errno));
}

static struct error cannot_make(void) {
    ERR_clear_error();
    return error_make(ERROR_INTERNAL, "OpenSSL cannot make the development certificate.");
}

static bool join_path(const char *directory, const char *name, char path[static PATH_MAX]) {
    int length = snprintf(path, PATH_MAX, "%s/%s", directory, name);
    return length > 0 && length < PATH_MAX;
}

/* Opens a PEM file for reading; NULL when there is none. */
static BIO *open_pem(const char *directory, const char *name) {
    char path[PATH_MAX];
    return join_path(directory, name, path) ? BIO_new_file(path, "r") : NULL;
}

/* Both files, if they are there, belong together and are not about to expire. */
static bool load_identity(const char *directory, const char *certificate_name, const char *key_name,
                          struct identity *identity) {
    BIO *certificate = open_pem(directory, certificate_name);
    BIO *key = open_pem(directory, key_name);
    if (certificate != NULL && key != NULL) {
        identity->certificate = PEM_read_bio_X509(certificate, NULL, NULL, NULL);
        identity->key = PEM_read_bio_PrivateKey(key, NULL, NULL, NULL);
    }
    BIO_free(certificate);
    BIO_free(key);
    time_t threshold = time(NULL) + RENEW_BEFORE_SECONDS;
    bool usable = identity->certificate != NULL && identity->key != NULL &&
                  X509_check_private_key(identity->certificate, identity->key) == 1 &&
                  X509_cmp_time(X509_get0_notAfter(identity->certificate), &threshold) > 0;
    ERR_clear_error();
    if (!usable)
        free_identity(identity);
    return usable;
}

static bool set_serial(X509 *certificate) {
    unsigned char bytes[16];
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    bytes[0] &= 0x7FU; /* a serial number is positive, RFC 5280 4.1.2.2 */
    bytes[0] |= 0x40U;
    BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
    bool works =
        number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return works;
}

static bool set_name(X509_NAME *name, const char *common_name) {
    return X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC,
                                      (const unsigned char *)"Muster development", -1, -1,
                                      0) == 1 &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)common_name,
                                      -1, -1, 0) == 1;
}

static bool add_extension(X509 *certificate, X509 *issuer, int kind, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    bool works = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return works;
}

static const struct {
    int kind;
    const char *ca;
    const char *leaf;
} extensions[] = {
    {NID_basic_constraints, "critical,CA:TRUE,pathlen:0", "critical,CA:FALSE"},
    {NID_key_usage, "critical,keyCertSign,cRLSign", "critical,digitalSignature"},
    {NID_ext_key_usage, NULL, "serverAuth"},
    {NID_subject_alt_name, NULL, "DNS:localhost,IP:127.0.0.1,IP:::1"},
    {NID_subject_key_identifier, "hash", "hash"},
    {NID_authority_key_identifier, NULL, "keyid"},
};

static bool add_extensions(X509 *certificate, X509 *issuer, bool is_ca) {
    for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++) {
        const char *value = is_ca ? extensions[i].ca : extensions[i].leaf;
        if (value != NULL && !add_extension(certificate, issuer, extensions[i].kind, value))
            return false;
    }
    return true;
}

/* issuer is NULL for the CA, which signs itself. */
static struct error make_identity(const struct identity *issuer, const char *common_name,
                                  struct identity *identity) {
    bool is_ca = issuer == NULL;
    long days = is_ca ? CA_DAYS : LEAF_DAYS;
    identity->key = EVP_EC_gen("P-256");
    identity->certificate = X509_new();
    X509 *certificate = identity->certificate;
    if (identity->key == NULL || certificate == NULL)
        return cannot_make();
    X509 *signer = is_ca ? certificate : issuer->certificate;
    bool works = X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
                 X509_gmtime_adj(X509_getm_notBefore(certificate), -BACKDATE_SECONDS) != NULL &&
                 X509_gmtime_adj(X509_getm_notAfter(certificate), days * SECONDS_PER_DAY) != NULL &&
                 set_name(X509_get_subject_name(certificate), common_name) &&
                 X509_set_issuer_name(certificate, X509_get_subject_name(signer)) == 1 &&
                 X509_set_pubkey(certificate, identity->key) == 1 &&
                 add_extensions(certificate, signer, is_ca) &&
                 X509_sign(certificate, is_ca ? identity->key : issuer->key, EVP_sha256()) > 0;
    return works ? error_none() : cannot_make();
}

static BIO *create_file(const char *path, mode_t mode) {
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
    if (descriptor < 0)
        return NULL;
    BIO *output = fchmod(descriptor, mode) == 0 ? BIO_new_fd(descriptor, BIO_CLOSE) : NULL;
    if (output == NULL)
        (void)close(descriptor);
    return output;
}

static bool write_pem(BIO *output, const struct identity *identity, bool is_key) {
    return is_key ? PEM_write_bio_PrivateKey(output, identity->key, NULL, NULL, 0, NULL, NULL) == 1
                  : PEM_write_bio_X509(output, identity->certificate) == 1;
}

/* Under a temporary name first, so that a reader finds the old file or the new one, never half. */
static struct error save(const char *directory, const char *name, const struct identity *identity,
                         bool is_key) {
    char path[PATH_MAX];
    char temporary[PATH_MAX];
    int length = snprintf(temporary, sizeof temporary, "%s/.%s.new", directory, name);
    if (length < 0 || (size_t)length >= sizeof temporary || !join_path(directory, name, path))
        return error_make(ERROR_INVALID, "The path %s is too long.", directory);
    BIO *output = create_file(temporary, is_key ? 0600 : 0644);
    if (output == NULL)
        return cannot_write(path);
    int descriptor = -1;
    bool works = write_pem(output, identity, is_key) && BIO_get_fd(output, &descriptor) >= 0 &&
                 fsync(descriptor) == 0;
    BIO_free(output);
    if (works && rename(temporary, path) == 0)
        return error_none();
    struct error error = cannot_write(path);
    (void)unlink(temporary);
    return error;
}

/* The key first: a certificate without its key would look finished and be useless. */
static struct error save_identity(const char *directory, const char *certificate_name,
                                  const char *key_name, const struct identity *identity) {
    struct error error = save(directory, key_name, identity, true);
    if (error_is_set(&error))
        return error;
    return save(directory, certificate_name, identity, false);
}

static bool is_signed_by(const struct identity *leaf, const struct identity *ca) {
    bool works = X509_check_issued(ca->certificate, leaf->certificate) == X509_V_OK &&
                 X509_verify(leaf->certificate, ca->key) == 1;
    ERR_clear_error();
    return works;
}

struct error http_tls_make_development_certificate(const char *directory) {
    struct error error = error_none();
    struct identity ca = {.certificate = NULL};
    struct identity leaf = {.certificate = NULL};
    if (!load_identity(directory, "dev-ca.pem", "dev-ca.key", &ca)) {
        error = make_identity(NULL, "Muster development CA", &ca);
        if (error_is_set(&error))
            goto out;
        error = save_identity(directory, "dev-ca.pem", "dev-ca.key", &ca);
        if (error_is_set(&error))
            goto out;
    }
    if (load_identity(directory, "dev-tls.pem", "dev-tls.key", &leaf) && is_signed_by(&leaf, &ca))
        goto out;
    free_identity(&leaf);
    error = make_identity(&ca, "localhost", &leaf);
    if (error_is_set(&error))
        goto out;
    error = save_identity(directory, "dev-tls.pem", "dev-tls.key", &leaf);
out:
    free_identity(&ca);
    free_identity(&leaf);
    return error;
}
