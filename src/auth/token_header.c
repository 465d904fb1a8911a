#include "auth/token_header.h"

#include "auth/refusal.h"
#include "auth/token_json.h"

static const struct {
    const char *name;
    enum issuer_algorithm algorithm;
} algorithms[] = {
    {"RS256", ISSUER_RS256},
    {"PS256", ISSUER_PS256},
    {"ES256", ISSUER_ES256},
};

unsigned token_algorithm_parse(struct slice name) {
    for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++) {
        if (slice_equals_string(name, algorithms[i].name))
            return algorithms[i].algorithm;
    }
    return 0;
}

static bool has_acceptable_type(const json_t *object) {
    const json_t *type = json_object_get(object, "typ");
    struct slice text = {0};
    if (type == NULL)
        return true;
    if (!token_json_text(type, &text))
        return false;
    /* RFC 7515 4.1.9: a value without a slash stands for the same behind "application/". */
    struct slice prefix = SLICE("application/");
    struct slice begin = {.data = text.data,
                          .length = text.length < prefix.length ? text.length : prefix.length};
    if (slice_equals_ignoring_case(begin, prefix))
        text = slice_skip(text, prefix.length);
    return slice_equals_ignoring_case(text, SLICE("JWT")) ||
           slice_equals_ignoring_case(text, SLICE("at+jwt"));
}

static bool read_kid(const json_t *object, struct token_header *header) {
    const json_t *kid = json_object_get(object, "kid");
    struct slice text = {0};
    header->has_kid = kid != NULL;
    header->kid_length = 0;
    if (kid == NULL)
        return true;
    if (!token_json_text(kid, &text) || text.length > sizeof header->kid)
        return false;
    memcpy(header->kid, text.data, text.length);
    header->kid_length = text.length;
    return true;
}

static struct error check(const json_t *object, struct token_header *header) {
    unsigned algorithm = token_algorithm_parse(token_json_member(object, "alg"));
    if (algorithm == 0)
        return refusal_because("The signature algorithm is not accepted.");
    header->algorithm = (enum issuer_algorithm)algorithm;
    if (!has_acceptable_type(object))
        return refusal_because("The token's type is not JWT or at+jwt.");
    if (json_object_get(object, "crit") != NULL)
        return refusal_because("The token needs an extension that is not supported.");
    if (!read_kid(object, header))
        return refusal_because("The token's kid is not a string of at most 256 bytes.");
    return error_none();
}

struct error token_header_parse(struct slice encoded, struct token_header *header) {
    json_t *object =
        encoded.length > TOKEN_HEADER_LENGTH_AT_MOST ? NULL : token_json_decode(encoded);
    if (object == NULL)
        return refusal_because("The token's header is malformed.");
    struct error error = check(object, header);
    json_decref(object);
    return error;
}
