/* The key files of the built-in issuer. Used by dev_issuer.c only. */
#ifndef MUSTER_AUTH_DEV_ISSUER_KEY_H
#define MUSTER_AUTH_DEV_ISSUER_KEY_H

#include <cjose/cjose.h>

#include "base/error.h"

/* Reads the private JWK at path, or makes one (RSA 2048, its RFC 7638 thumbprint as kid) and writes
 * it there, mode 0600, whole or not at all. The caller ends it with cjose_jwk_release. */
struct error dev_issuer_key_load(const char *path, cjose_jwk_t **key) MUST_CHECK;

/* Writes the public half as a JWKS, replacing what was there in one step. */
struct error dev_issuer_key_publish(const char *path, const cjose_jwk_t *key) MUST_CHECK;

#endif
