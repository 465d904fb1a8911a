#include "provisioning/payload_template.h"

#include <openssl/crypto.h>

static void wipe(struct buffer *text) {
    if (text->data != NULL)
        OPENSSL_cleanse(text->data, text->capacity);
    buffer_free(text);
}

/* Where two payloads of the same settings with different tokens of one letter differ is the token's
 * place. */
static void take_out_token(struct payload_template *made, const struct buffer *other) {
    struct buffer *text = &made->text;
    while (made->token_at + 1 < text->length &&
           text->data[made->token_at] == other->data[made->token_at])
        made->token_at++;
    size_t behind = made->token_at + 1;
    memmove(text->data + made->token_at, text->data + behind, text->length - behind);
    text->length--;
}

struct error payload_template_make(const struct provisioning_settings *settings,
                                   enum provisioning_format format, struct payload_template *made) {
    *made = (struct payload_template){0};
    struct buffer other = {0};
    struct error error = provisioning_payload_write(settings, format, SLICE("A"), &made->text);
    if (!error_is_set(&error))
        error = provisioning_payload_write(settings, format, SLICE("B"), &other);
    if (error_is_set(&error))
        payload_template_free(made);
    else
        take_out_token(made, &other);
    wipe(&other);
    return error;
}

static bool is_plain(struct slice token) {
    for (size_t i = 0; i < token.length; i++) {
        char byte = token.data[i];
        bool is_letter = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
        if (!is_letter && (byte < '0' || byte > '9'))
            return false;
    }
    return true;
}

bool payload_template_write(const struct payload_template *made, struct slice token,
                            struct buffer *out) {
    if (made->text.length == 0 || !is_plain(token))
        return false;
    const char *behind = made->text.data + made->token_at;
    buffer_reserve(out, made->text.length + token.length);
    buffer_append(out, made->text.data, made->token_at);
    buffer_append_slice(out, token);
    buffer_append(out, behind, made->text.length - made->token_at);
    return true;
}

void payload_template_free(struct payload_template *made) {
    wipe(&made->text);
    *made = (struct payload_template){0};
}
