/* The JOSE header of an access token (RFC 7515 section 4): read and judged before any key is
 * touched, because it says how the token wants to be checked and may lie. Pure; any thread. */
#ifndef MUSTER_AUTH_TOKEN_HEADER_H
#define MUSTER_AUTH_TOKEN_HEADER_H

#include <stdbool.h>

#include "auth/issuer.h"
#include "base/error.h"
#include "base/slice.h"

#define TOKEN_KID_BYTES_AT_MOST 256
/* Encoded characters. */
#define TOKEN_HEADER_LENGTH_AT_MOST 4096

struct token_header {
    enum issuer_algorithm algorithm;
    bool has_kid;
    size_t kid_length;
    char kid[TOKEN_KID_BYTES_AT_MOST];
};

/* The algorithm of that name, case-sensitive as RFC 7515 says; 0 for any that is never accepted:
 * "none", HMAC, and those that nobody asked for. */
unsigned token_algorithm_parse(struct slice name);

/* Decodes and checks the first part of a compact JWS. Errors: ERROR_UNAUTHENTICATED for anything
 * but a JSON object without duplicate names whose alg is accepted somewhere, whose typ is absent,
 * "JWT" or "at+jwt", whose kid is absent or a short string, and which has no crit. */
struct error token_header_parse(struct slice encoded, struct token_header *header) MUST_CHECK;

static inline struct slice token_header_kid(const struct token_header *header) {
    return (struct slice){.data = header->kid, .length = header->kid_length};
}

#endif
