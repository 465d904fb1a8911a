#include "webhook/webhook_secret.h"

#include <inttypes.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "webhook/webhook_file.h"

#define SHA256_SIZE 32
#define FILE_SIZE_AT_MOST 1024

static bool is_secret(struct slice line) {
    if (line.length < WEBHOOK_SECRET_LENGTH_AT_LEAST || line.length > WEBHOOK_SECRET_LENGTH_AT_MOST)
        return false;
    for (size_t i = 0; i < line.length; i++) {
        if (line.data[i] <= ' ' || line.data[i] > '~')
            return false;
    }
    return true;
}

/* Behind the last line's end there is nothing, which is no line. */
static bool parse(struct slice text, struct webhook_secrets *secrets) {
    struct slice line = {0};
    while (slice_cut(&text, '\n', &line)) {
        if (line.length == 0 && text.length == 0)
            break;
        if (!is_secret(line) || secrets->count == WEBHOOK_SECRETS_AT_MOST)
            return false;
        memcpy(secrets->text[secrets->count], line.data, line.length);
        secrets->length[secrets->count++] = line.length;
    }
    return secrets->count > 0;
}

static struct error read_file(const char *path, struct webhook_secrets *secrets) {
    char text[FILE_SIZE_AT_MOST];
    size_t length = 0;
    struct error error = webhook_file_read(path, "secret", text, sizeof text, &length);
    if (!error_is_set(&error) && !parse((struct slice){.data = text, .length = length}, secrets))
        error = error_make(ERROR_INVALID,
                           "%s: a webhook's secret is a line of %d to %d printable ASCII "
                           "characters without blanks, and there may be %d of them. Make one: "
                           "(umask 077; openssl rand -hex 32 > %s)",
                           path, WEBHOOK_SECRET_LENGTH_AT_LEAST, WEBHOOK_SECRET_LENGTH_AT_MOST,
                           WEBHOOK_SECRETS_AT_MOST, path);
    OPENSSL_cleanse(text, sizeof text);
    return error;
}

struct error webhook_secrets_read(const char *path, struct webhook_secrets *secrets) {
    struct webhook_secrets read_now = {.count = 0};
    struct error error = read_file(path, &read_now);
    if (!error_is_set(&error))
        *secrets = read_now;
    webhook_secrets_clear(&read_now);
    return error;
}

void webhook_secrets_sign(const struct webhook_secrets *secrets, int64_t unix_seconds,
                          struct slice body, struct buffer *out) {
    struct buffer signed_text = {0};
    buffer_append_format(out, "t=%" PRId64, unix_seconds);
    buffer_append_format(&signed_text, "%" PRId64 ".", unix_seconds);
    buffer_append_slice(&signed_text, body);
    for (size_t i = 0; i < secrets->count; i++) {
        uint8_t code[SHA256_SIZE] = {0};
        unsigned size = sizeof code;
        (void)HMAC(EVP_sha256(), secrets->text[i], (int)secrets->length[i],
                   (const unsigned char *)signed_text.data, signed_text.length, code, &size);
        buffer_append_string(out, ",v1=");
        for (size_t k = 0; k < sizeof code; k++)
            buffer_append_format(out, "%02x", code[k]);
    }
    buffer_free(&signed_text);
}

void webhook_secrets_clear(struct webhook_secrets *secrets) {
    OPENSSL_cleanse(secrets, sizeof *secrets);
}
