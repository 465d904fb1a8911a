/* Makes signed and crooked tokens for the tests of auth/: keys, JWKS documents, compact JWS. */
#ifndef MUSTER_TESTS_UNIT_AUTH_TOKEN_FORGE_H
#define MUSTER_TESTS_UNIT_AUTH_TOKEN_FORGE_H

#include <cjose/cjose.h>

#include "auth/issuer.h"

#define FORGE_TENANT "11111111-1111-1111-1111-111111111111"
#define FORGE_PERSONAL_TENANT "9188040d-6c67-4c5b-b112-36a304b66dad"
#define FORGE_ISSUER "https://login.example.org/" FORGE_TENANT "/v2.0"
#define FORGE_AUDIENCE "https://graph.microsoft.com"
/* 2024-07-07T21:59:24Z: the present of every test that has no other. */
#define FORGE_NOW INT64_C(1720389564)

/* New keys. The caller ends them with cjose_jwk_release. */
cjose_jwk_t *forge_rsa_key(size_t bits);
cjose_jwk_t *forge_ec_key(cjose_jwk_ec_curve curve);
/* An HMAC key whose secret is the public key's text: what a careless verifier would take. */
cjose_jwk_t *forge_hmac_key_from_public(const cjose_jwk_t *key);

/* A token: both texts are JSON; the header names the algorithm. The caller frees it. */
char *forge_token(const cjose_jwk_t *key, const char *header, const char *payload);

/* The same with this text for a signature. */
char *forge_unsigned_token(const char *header, const char *payload, const char *signature);

/* The public key as a JWK with that kid (NULL: none) and further members (",\"use\":\"sig\""). */
char *forge_jwk(const cjose_jwk_t *key, const char *kid, const char *members);

/* {"keys":[…]} of up to two JWKs, which are freed; the second may be NULL. */
char *forge_jwks(char *first, char *second);

/* An issuer with Entra's mapping, {tenantid} and FORGE_AUDIENCE; every algorithm. */
struct issuer_settings forge_issuer(void);

#endif
