/* Where a person or program gets a token of an issuer, as a refusal tells it: OpenID Connect's
 * authorization endpoint. Any thread. */
#ifndef MUSTER_AUTH_SIGN_IN_ADDRESS_H
#define MUSTER_AUTH_SIGN_IN_ADDRESS_H

#include <stdbool.h>

#include "auth/issuer.h"

/* What Graph itself answers with. */
#define SIGN_IN_ADDRESS_OF_ENTRA "https://login.microsoftonline.com/common/oauth2/authorize"

/* Whether the address may stand in quotes in a header and be followed: https, or http of this
 * machine, visible ASCII without quotes and backslashes. */
bool sign_in_address_is_valid(const char *address);

/* What the settings alone say: as configured, else Graph's own form for Entra's issuers; NULL where
 * it is for discovery to say. */
const char *sign_in_address_find(const struct issuer_settings *settings);

#endif
