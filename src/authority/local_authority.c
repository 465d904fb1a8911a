#include "authority/local_authority.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <string.h>

#include "base/base32.h"
#include "base/memory.h"

#define BLOCK_SIZE 16
#define TEXT_LENGTH BASE32_LENGTH(BLOCK_SIZE)

_Static_assert(TEXT_LENGTH + 1 <= AUTHORITY_TEXT_SIZE, "a text must fit where callers put it");

struct block_key {
    uint8_t bytes[LOCAL_AUTHORITY_KEY_SIZE];
};

struct local_authority {
    struct authority authority;
    EVP_CIPHER *cipher;
    struct block_key token_key;
    struct block_key credential_key;
};

static const struct local_authority *as_local(const struct authority *authority) {
    return (const struct local_authority *)(const void *)authority;
}

static bool derive_key(const uint8_t master_key[static LOCAL_AUTHORITY_KEY_SIZE],
                       const char *purpose, struct block_key *key) {
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *context = kdf == NULL ? NULL : EVP_KDF_CTX_new(kdf);
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)"SHA256", 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)master_key,
                                          LOCAL_AUTHORITY_KEY_SIZE),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)purpose, strlen(purpose)),
        OSSL_PARAM_construct_end(),
    };
    bool derived =
        context != NULL && EVP_KDF_derive(context, key->bytes, sizeof key->bytes, parameters) == 1;
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(kdf);
    return derived;
}

/* A block alone has no pattern to hide, so ECB is the block cipher itself here. The context is made
 * anew each time because callers are many threads. */
static bool transform_block(const struct local_authority *local, const struct block_key *key,
                            bool encrypt, const uint8_t in[static BLOCK_SIZE],
                            uint8_t out[static BLOCK_SIZE]) {
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int written = 0;
    bool done =
        context != NULL &&
        EVP_CipherInit_ex2(context, local->cipher, key->bytes, NULL, encrypt ? 1 : 0, NULL) == 1 &&
        EVP_CIPHER_CTX_set_padding(context, 0) == 1 &&
        EVP_CipherUpdate(context, out, &written, in, BLOCK_SIZE) == 1 && written == BLOCK_SIZE;
    EVP_CIPHER_CTX_free(context);
    return done;
}

static char *format_block(const struct local_authority *local, const struct block_key *key,
                          int64_t id, const uint8_t nonce[static AUTHORITY_NONCE_SIZE],
                          char text[static AUTHORITY_TEXT_SIZE]) {
    uint8_t plain[BLOCK_SIZE];
    uint8_t sealed[BLOCK_SIZE];
    for (size_t i = 0; i < 8; i++)
        plain[i] = (uint8_t)((uint64_t)id >> (56 - 8 * i));
    memcpy(plain + 8, nonce, AUTHORITY_NONCE_SIZE);
    /* The cipher was fetched and the lengths are constants: only a broken machine gets here. */
    if (!transform_block(local, key, true, plain, sealed))
        abort();
    base32_encode(sealed, sizeof sealed, text);
    return text;
}

static bool parse_block(const struct local_authority *local, const struct block_key *key,
                        struct slice text, int64_t *id,
                        uint8_t nonce[static AUTHORITY_NONCE_SIZE]) {
    uint8_t sealed[BLOCK_SIZE];
    uint8_t plain[BLOCK_SIZE];
    if (!base32_decode(text, sealed, sizeof sealed) ||
        !transform_block(local, key, false, sealed, plain))
        return false;
    uint64_t value = 0;
    for (size_t i = 0; i < 8; i++)
        value = value << 8 | plain[i];
    if (value == 0 || value > INT64_MAX)
        return false;
    *id = (int64_t)value;
    memcpy(nonce, plain + 8, AUTHORITY_NONCE_SIZE);
    return true;
}

static char *format_token(const struct authority *authority, int64_t id,
                          const uint8_t nonce[static AUTHORITY_NONCE_SIZE],
                          char text[static AUTHORITY_TEXT_SIZE]) {
    const struct local_authority *local = as_local(authority);
    return format_block(local, &local->token_key, id, nonce, text);
}

static bool parse_token(const struct authority *authority, struct slice text, int64_t *id,
                        uint8_t nonce[static AUTHORITY_NONCE_SIZE]) {
    const struct local_authority *local = as_local(authority);
    return parse_block(local, &local->token_key, text, id, nonce);
}

static char *format_credential(const struct authority *authority, int64_t device_row,
                               const uint8_t nonce[static AUTHORITY_NONCE_SIZE],
                               char text[static AUTHORITY_TEXT_SIZE]) {
    const struct local_authority *local = as_local(authority);
    return format_block(local, &local->credential_key, device_row, nonce, text);
}

static bool parse_credential(const struct authority *authority, struct slice text,
                             int64_t *device_row, uint8_t nonce[static AUTHORITY_NONCE_SIZE]) {
    const struct local_authority *local = as_local(authority);
    return parse_block(local, &local->credential_key, text, device_row, nonce);
}

static void close_local(struct authority *authority) {
    struct local_authority *local = (struct local_authority *)(void *)authority;
    EVP_CIPHER_free(local->cipher);
    OPENSSL_cleanse(local, sizeof *local);
    free(local);
}

struct error local_authority_open(const uint8_t master_key[static LOCAL_AUTHORITY_KEY_SIZE],
                                  struct authority **authority) {
    struct local_authority *local = memory_allocate_zeroed(1, sizeof *local);
    local->authority = (struct authority){.format_token = format_token,
                                          .parse_token = parse_token,
                                          .format_credential = format_credential,
                                          .parse_credential = parse_credential,
                                          .close = close_local};
    local->cipher = EVP_CIPHER_fetch(NULL, "AES-256-ECB", NULL);
    if (local->cipher == NULL ||
        !derive_key(master_key, "muster enrollment token", &local->token_key) ||
        !derive_key(master_key, "muster device credential", &local->credential_key)) {
        close_local(&local->authority);
        return error_make(ERROR_INTERNAL,
                          "OpenSSL offers no AES-256 or HKDF-SHA-256: check its configuration.");
    }
    *authority = &local->authority;
    return error_none();
}
