#include "auth/token_forge.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t exponent[] = {1, 0, 1};

static void *must(void *made) {
    if (made == NULL)
        abort();
    return made;
}

cjose_jwk_t *forge_rsa_key(size_t bits) {
    return must(cjose_jwk_create_RSA_random(bits, exponent, sizeof exponent, NULL));
}

cjose_jwk_t *forge_ec_key(cjose_jwk_ec_curve curve) {
    return must(cjose_jwk_create_EC_random(curve, NULL));
}

cjose_jwk_t *forge_hmac_key_from_public(const cjose_jwk_t *key) {
    char *text = must(cjose_jwk_to_json(key, false, NULL));
    cjose_jwk_t *hmac = must(cjose_jwk_create_oct_spec((const uint8_t *)text, strlen(text), NULL));
    free(text);
    return hmac;
}

char *forge_token(const cjose_jwk_t *key, const char *header, const char *payload) {
    const char *compact = NULL;
    json_t *fields = must(json_loads(header, 0, NULL));
    cjose_jws_t *jws =
        must(cjose_jws_sign(key, fields, (const uint8_t *)payload, strlen(payload), NULL));
    if (!cjose_jws_export(jws, &compact, NULL))
        abort();
    char *token = must(strdup(compact));
    cjose_jws_release(jws);
    json_decref(fields);
    return token;
}

static char *format(const char *pattern, ...) __attribute__((format(printf, 1, 2)));
static char *format(const char *pattern, ...) {
    char *text = NULL;
    va_list arguments;
    va_start(arguments, pattern);
    int length = vasprintf(&text, pattern, arguments);
    va_end(arguments);
    return length < 0 ? must(NULL) : text;
}

char *forge_unsigned_token(const char *header, const char *payload, const char *signature) {
    char *parts[2] = {0};
    size_t length = 0;
    if (!cjose_base64url_encode((const uint8_t *)header, strlen(header), &parts[0], &length,
                                NULL) ||
        !cjose_base64url_encode((const uint8_t *)payload, strlen(payload), &parts[1], &length,
                                NULL))
        abort();
    char *token = format("%s.%s.%s", parts[0], parts[1], signature);
    free(parts[0]);
    free(parts[1]);
    return token;
}

char *forge_jwk(const cjose_jwk_t *key, const char *kid, const char *members) {
    char *text = must(cjose_jwk_to_json(key, false, NULL));
    text[strlen(text) - 1] = '\0';
    char *jwk = kid != NULL ? format("%s,\"kid\":\"%s\"%s}", text, kid, members)
                            : format("%s%s}", text, members);
    free(text);
    return jwk;
}

char *forge_jwks(char *first, char *second) {
    char *document = second != NULL ? format("{\"keys\":[%s,%s]}", first, second)
                                    : format("{\"keys\":[%s]}", first);
    free(first);
    free(second);
    return document;
}

struct issuer_settings forge_issuer(void) {
    return (struct issuer_settings){
        .name = "forge",
        .issuer = "https://login.example.org/{tenantid}/v2.0",
        .discovery_url = "https://login.example.org/common/.well-known/openid-configuration",
        .audiences = {FORGE_AUDIENCE},
        .audience_count = 1,
        .algorithms = ISSUER_ALGORITHMS_ALL,
        .mapping = ISSUER_MAPPING_ENTRA,
    };
}
