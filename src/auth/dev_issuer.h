/* The issuer of `muster serve --dev`: a signing key in the data directory, and tokens that look
 * like Entra's v2 access tokens.
 *
 * Nothing about verifying them is special: the settings name an issuer like any other, whose keys
 * come from a file. Only the key says who may sign, so whoever can read it is the operator.
 * One thread at a time. */
#ifndef MUSTER_AUTH_DEV_ISSUER_H
#define MUSTER_AUTH_DEV_ISSUER_H

#include <stdbool.h>
#include <stdint.h>

#include "auth/issuer.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/guid.h"
#include "base/instant.h"
#include "base/random.h"

/* The private key (JWK, RSA 2048, mode 0600) and the public keys (JWKS), in the data directory. */
#define DEV_ISSUER_KEY_FILE "dev-issuer.jwk"
#define DEV_ISSUER_KEYS_FILE "dev-issuer.jwks"
/* The one that muster serve --dev adds. */
#define DEV_ISSUER_DEFAULT_TENANT "11111111-1111-1111-1111-111111111111"
#define DEV_ISSUER_DEFAULT_SCOPES "DeviceManagementConfiguration.ReadWrite.All"
#define DEV_ISSUER_DEFAULT_USER "admin@dev.muster.invalid"
#define DEV_ISSUER_TEXT_AT_MOST 1024

struct dev_issuer;

struct dev_token_request {
    struct guid tenant; /* the tid claim; not used for a personal account */
    const char *user;   /* preferred_username; NULL: DEV_ISSUER_DEFAULT_USER */
    const char *scopes; /* permissions parted by blanks; NULL: DEV_ISSUER_DEFAULT_SCOPES */
    bool application;   /* the permissions as roles, without a user */
    bool personal;      /* a personal Microsoft account */
    int64_t expires_in; /* seconds; negative: a token that expired that long ago */
};

/* Reads the key from data_dir, or makes one there; writes the public keys beside it. Errors:
 * ERROR_INVALID for a key file that is damaged or that others may read, ERROR_INTERNAL when the
 * directory cannot be written. */
struct error dev_issuer_open(const char *data_dir, struct dev_issuer **issuer) MUST_CHECK;

/* What an authenticator has to trust; valid until dev_issuer_close. */
const struct issuer_settings *dev_issuer_settings(const struct dev_issuer *issuer);

/* Appends a signed token to token. Errors: ERROR_INVALID for texts that are too long or not
 * UTF-8, or for an application with a personal account. */
struct error dev_issuer_sign_token(const struct dev_issuer *issuer,
                                   const struct dev_token_request *request,
                                   const struct random_source *random, instant now,
                                   struct buffer *token) MUST_CHECK;

/* Wipes the key. issuer may be NULL. */
void dev_issuer_close(struct dev_issuer *issuer);

#endif
