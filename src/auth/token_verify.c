#include "auth/token_verify.h"

#include <cjose/cjose.h>
#include <jansson.h>
#include <openssl/err.h>

#include "auth/base64url.h"
#include "auth/bearer.h"
#include "auth/claims.h"
#include "auth/refusal.h"
#include "auth/token_header.h"
#include "auth/token_json.h"
#include "auth/token_payload.h"

#define P256_SIGNATURE_BYTES 64

/* The index of the issuer that the token says it is from; issuer_count when none is. */
static size_t find_issuer(const struct token_trust *trust, const json_t *payload) {
    struct slice iss = token_json_member(payload, "iss");
    struct slice tenant = token_json_member(payload, "tid");
    size_t index = 0;
    while (index < trust->issuer_count &&
           (iss.length == 0 || !issuer_matches(trust->issuers[index].issuer, iss, tenant)))
        index++;
    return index;
}

static const struct keyset_key *find_key(const struct keyset *keys,
                                         const struct token_header *header) {
    if (keys == NULL)
        return NULL;
    return header->has_kid ? keyset_find(keys, token_header_kid(header), header->algorithm)
                           : keyset_find_only(keys, header->algorithm);
}

static bool key_is_for_tenant(const struct keyset_key *key, const json_t *payload) {
    struct guid tenant;
    return !key->has_tenant || (guid_parse(token_json_member(payload, "tid"), &tenant) &&
                                guid_equals(&tenant, &key->tenant));
}

/* cjose takes an ECDSA signature of any length in halves; RFC 7518 3.4 says 64 bytes. */
static bool has_signature_length(const struct compact_jws *jws, enum issuer_algorithm algorithm) {
    return algorithm != ISSUER_ES256 ||
           jws->signature.length == BASE64URL_LENGTH(P256_SIGNATURE_BYTES);
}

static bool signature_is_valid(struct slice token, const struct keyset_key *key) {
    cjose_err problem;
    cjose_jws_t *jws = cjose_jws_import(token.data, token.length, &problem);
    if (jws == NULL)
        return false;
    bool valid = cjose_jws_verify(jws, key->jwk, &problem);
    cjose_jws_release(jws);
    /* The loop's TLS connections would take what is left in OpenSSL's queue for their own error. */
    if (!valid)
        ERR_clear_error();
    return valid;
}

static struct error check_signature(const struct token_trust *trust, size_t issuer,
                                    struct slice token, const struct compact_jws *jws,
                                    const struct token_header *header, const json_t *payload,
                                    size_t *missing_key) {
    const struct keyset *keys = trust->keys[issuer].keys;
    if ((trust->issuers[issuer].algorithms & (unsigned)header->algorithm) == 0)
        return refusal_because("The signature algorithm is not accepted.");
    const struct keyset_key *key = find_key(keys, header);
    if (key == NULL) {
        *missing_key = issuer;
        return refusal_because(keys == NULL ? "The issuer's signing keys are not known yet."
                                            : "The signing key is unknown.");
    }
    if (!has_signature_length(jws, header->algorithm) || !key_is_for_tenant(key, payload) ||
        !signature_is_valid(token, key))
        return refusal_because("Signature is invalid.");
    return error_none();
}

static struct error check_claims(const struct token_trust *trust, size_t issuer,
                                 const json_t *payload, int64_t now,
                                 struct verified_token *verified) {
    const struct issuer_settings *settings = &trust->issuers[issuer];
    struct error error =
        token_payload_check_lifetime(payload, trust->clock_skew_seconds, now, &verified->lifetime);
    if (!error_is_set(&error))
        error = token_payload_check_audience(payload, settings);
    if (!error_is_set(&error))
        error = claims_map(settings, payload, &verified->principal);
    verified->issuer = issuer;
    verified->generation = trust->keys[issuer].generation;
    return error;
}

struct error token_verify(const struct token_trust *trust, struct slice token, int64_t now,
                          struct verified_token *verified, size_t *missing_key) {
    struct compact_jws jws;
    struct token_header header;
    *missing_key = trust->issuer_count;
    struct error error = bearer_split(token, &jws);
    if (!error_is_set(&error))
        error = token_header_parse(jws.header, &header);
    if (error_is_set(&error))
        return error;
    json_t *payload = token_json_decode(jws.payload);
    if (payload == NULL)
        return refusal_because("The token's claims are malformed.");
    size_t issuer = find_issuer(trust, payload);
    if (issuer == trust->issuer_count)
        error = refusal_because("Invalid issuer.");
    else
        error = check_signature(trust, issuer, token, &jws, &header, payload, missing_key);
    if (!error_is_set(&error))
        error = check_claims(trust, issuer, payload, now, verified);
    json_decref(payload);
    return error;
}
