#include "authority/local_authority.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/base32.h"
#include "base/memory.h"
#include "base/thread_lane.h"

#define BLOCK_SIZE 16
#define TEXT_LENGTH BASE32_LENGTH(BLOCK_SIZE)

_Static_assert(TEXT_LENGTH + 1 <= AUTHORITY_TEXT_SIZE, "a text must fit where callers put it");

/* Callers are many threads, and a context is for one at a time; making one anew for each block
 * costs many times the block. */
enum purpose { PURPOSE_TOKEN, PURPOSE_CREDENTIAL, PURPOSES };
enum direction { DIRECTION_OPEN, DIRECTION_SEAL, DIRECTIONS };

struct lane {
    _Alignas(64) pthread_mutex_t mutex;
    EVP_CIPHER_CTX *contexts[PURPOSES][DIRECTIONS]; /* hold the keys */
};

struct local_authority {
    struct authority authority;
    struct lane *lanes;
};

static const struct local_authority *as_local(const struct authority *authority) {
    return (const struct local_authority *)(const void *)authority;
}

static bool derive_key(const uint8_t master_key[static LOCAL_AUTHORITY_KEY_SIZE],
                       enum purpose purpose, uint8_t key[static LOCAL_AUTHORITY_KEY_SIZE]) {
    static const char *const texts[PURPOSES] = {
        [PURPOSE_TOKEN] = "muster enrollment token",
        [PURPOSE_CREDENTIAL] = "muster device credential",
    };
    const char *text = texts[purpose];
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *context = kdf == NULL ? NULL : EVP_KDF_CTX_new(kdf);
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)"SHA256", 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)master_key,
                                          LOCAL_AUTHORITY_KEY_SIZE),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)text, strlen(text)),
        OSSL_PARAM_construct_end(),
    };
    bool derived =
        context != NULL && EVP_KDF_derive(context, key, LOCAL_AUTHORITY_KEY_SIZE, parameters) == 1;
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(kdf);
    return derived;
}

static bool transform_block(const struct local_authority *local, enum purpose purpose,
                            enum direction direction, const uint8_t in[static BLOCK_SIZE],
                            uint8_t out[static BLOCK_SIZE]) {
    struct lane *lane = &local->lanes[thread_lane()];
    int written = 0;
    (void)pthread_mutex_lock(&lane->mutex);
    bool done =
        EVP_CipherUpdate(lane->contexts[purpose][direction], out, &written, in, BLOCK_SIZE) == 1 &&
        written == BLOCK_SIZE;
    (void)pthread_mutex_unlock(&lane->mutex);
    return done;
}

static char *format_block(const struct local_authority *local, enum purpose purpose, int64_t id,
                          const uint8_t nonce[static AUTHORITY_NONCE_SIZE],
                          char text[static AUTHORITY_TEXT_SIZE]) {
    uint8_t plain[BLOCK_SIZE];
    uint8_t sealed[BLOCK_SIZE];
    for (size_t i = 0; i < 8; i++)
        plain[i] = (uint8_t)((uint64_t)id >> (56 - 8 * i));
    memcpy(plain + 8, nonce, AUTHORITY_NONCE_SIZE);
    /* The cipher was fetched and the lengths are constants: only a broken machine gets here. */
    if (!transform_block(local, purpose, DIRECTION_SEAL, plain, sealed))
        abort();
    base32_encode(sealed, sizeof sealed, text);
    return text;
}

static bool parse_block(const struct local_authority *local, enum purpose purpose,
                        struct slice text, int64_t *id,
                        uint8_t nonce[static AUTHORITY_NONCE_SIZE]) {
    uint8_t sealed[BLOCK_SIZE];
    uint8_t plain[BLOCK_SIZE];
    if (!base32_decode(text, sealed, sizeof sealed) ||
        !transform_block(local, purpose, DIRECTION_OPEN, sealed, plain))
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
    return format_block(local, PURPOSE_TOKEN, id, nonce, text);
}

static bool parse_token(const struct authority *authority, struct slice text, int64_t *id,
                        uint8_t nonce[static AUTHORITY_NONCE_SIZE]) {
    const struct local_authority *local = as_local(authority);
    return parse_block(local, PURPOSE_TOKEN, text, id, nonce);
}

static char *format_credential(const struct authority *authority, int64_t device_row,
                               const uint8_t nonce[static AUTHORITY_NONCE_SIZE],
                               char text[static AUTHORITY_TEXT_SIZE]) {
    const struct local_authority *local = as_local(authority);
    return format_block(local, PURPOSE_CREDENTIAL, device_row, nonce, text);
}

static bool parse_credential(const struct authority *authority, struct slice text,
                             int64_t *device_row, uint8_t nonce[static AUTHORITY_NONCE_SIZE]) {
    const struct local_authority *local = as_local(authority);
    return parse_block(local, PURPOSE_CREDENTIAL, text, device_row, nonce);
}

static void close_local(struct authority *authority) {
    struct local_authority *local = (struct local_authority *)(void *)authority;
    for (size_t i = 0; i < THREAD_LANES; i++) {
        struct lane *lane = &local->lanes[i];
        for (size_t j = 0; j < PURPOSES; j++) {
            for (size_t k = 0; k < DIRECTIONS; k++)
                EVP_CIPHER_CTX_free(lane->contexts[j][k]);
        }
        (void)pthread_mutex_destroy(&lane->mutex);
    }
    free(local->lanes);
    free(local);
}

/* A block alone has no pattern to hide, so ECB is the block cipher itself here. */
static bool open_context(const EVP_CIPHER *cipher, const uint8_t *key, enum direction direction,
                         EVP_CIPHER_CTX **context) {
    *context = EVP_CIPHER_CTX_new();
    return *context != NULL &&
           EVP_CipherInit_ex2(*context, cipher, key, NULL, direction == DIRECTION_SEAL ? 1 : 0,
                              NULL) == 1 &&
           EVP_CIPHER_CTX_set_padding(*context, 0) == 1;
}

static bool open_contexts(struct local_authority *local, const EVP_CIPHER *cipher,
                          enum purpose purpose, const uint8_t *key) {
    for (size_t i = 0; i < THREAD_LANES; i++) {
        EVP_CIPHER_CTX **contexts = local->lanes[i].contexts[purpose];
        if (!open_context(cipher, key, DIRECTION_OPEN, &contexts[DIRECTION_OPEN]) ||
            !open_context(cipher, key, DIRECTION_SEAL, &contexts[DIRECTION_SEAL]))
            return false;
    }
    return true;
}

static bool use_key(struct local_authority *local, const EVP_CIPHER *cipher, enum purpose purpose,
                    const uint8_t master_key[static LOCAL_AUTHORITY_KEY_SIZE]) {
    uint8_t key[LOCAL_AUTHORITY_KEY_SIZE];
    bool done = derive_key(master_key, purpose, key) && open_contexts(local, cipher, purpose, key);
    OPENSSL_cleanse(key, sizeof key);
    return done;
}

static struct lane *make_lanes(void) {
    struct lane *lanes = aligned_alloc(_Alignof(struct lane), THREAD_LANES * sizeof *lanes);
    if (lanes == NULL)
        abort();
    memset(lanes, 0, THREAD_LANES * sizeof *lanes);
    for (size_t i = 0; i < THREAD_LANES; i++)
        (void)pthread_mutex_init(&lanes[i].mutex, NULL);
    return lanes;
}

struct error local_authority_open(const uint8_t master_key[static LOCAL_AUTHORITY_KEY_SIZE],
                                  struct authority **authority) {
    struct local_authority *local = memory_allocate_zeroed(1, sizeof *local);
    local->authority = (struct authority){.format_token = format_token,
                                          .parse_token = parse_token,
                                          .format_credential = format_credential,
                                          .parse_credential = parse_credential,
                                          .close = close_local};
    local->lanes = make_lanes();
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, "AES-256-ECB", NULL);
    bool is_usable = cipher != NULL && use_key(local, cipher, PURPOSE_TOKEN, master_key) &&
                     use_key(local, cipher, PURPOSE_CREDENTIAL, master_key);
    EVP_CIPHER_free(cipher);
    if (!is_usable) {
        close_local(&local->authority);
        return error_make(ERROR_INTERNAL,
                          "OpenSSL offers no AES-256 or HKDF-SHA-256: check its configuration.");
    }
    *authority = &local->authority;
    return error_none();
}
