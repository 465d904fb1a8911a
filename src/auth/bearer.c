#include "auth/bearer.h"

#include <stdbool.h>

#include "auth/authenticator.h"
#include "auth/refusal.h"

static bool is_token_letter(char letter) {
    return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
           (letter >= '0' && letter <= '9') || letter == '-' || letter == '.' || letter == '_' ||
           letter == '~' || letter == '+' || letter == '/';
}

/* b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=" */
static bool is_token(struct slice text) {
    size_t i = 0;
    while (i < text.length && is_token_letter(text.data[i]))
        i++;
    bool has_letters = i > 0;
    while (i < text.length && text.data[i] == '=')
        i++;
    return has_letters && i == text.length;
}

struct error bearer_parse(struct slice authorization, struct slice *token) {
    struct slice rest = slice_trim(authorization);
    struct slice scheme = {0};
    *token = (struct slice){0};
    if (rest.length == 0)
        return refusal_of_missing_token();
    (void)slice_cut(&rest, ' ', &scheme);
    if (!slice_equals_ignoring_case(scheme, SLICE("Bearer")))
        return refusal_because("The Authorization header must be: Bearer <token>.");
    rest = slice_trim(rest);
    if (rest.length == 0)
        return refusal_of_missing_token();
    *token = rest;
    if (rest.length > AUTHENTICATOR_TOKEN_BYTES_AT_MOST)
        return refusal_because("The token is too long.");
    return error_none();
}

struct error bearer_split(struct slice token, struct compact_jws *jws) {
    struct slice rest = token;
    if (!is_token(token))
        return refusal_because("The Authorization header must hold exactly one token, without "
                               "blanks or quotes.");
    bool whole = slice_cut(&rest, '.', &jws->header) && slice_cut(&rest, '.', &jws->payload) &&
                 slice_cut(&rest, '.', &jws->signature);
    if (!whole || rest.data != NULL || jws->header.length == 0 || jws->payload.length == 0 ||
        jws->signature.length == 0)
        return refusal_because("The token is not a signed JWT.");
    return error_none();
}
