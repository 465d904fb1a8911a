/* From the claims of a verified token to a principal, by the issuer's mapping. Pure; any thread.
 *
 * A token is a personal account's, whatever the mapping, when its tid or its tenant is
 * CLAIMS_PERSONAL_TENANT.
 *
 * ISSUER_MAPPING_ENTRA
 *   tenant       tid, a GUID
 *   delegated    scp is there (words parted by blanks): these are the permissions, roles are not
 *   application  no scp, but idtyp "app", or roles (an array) and the client (azp or appid), which
 *                an ID token does not name: roles are the permissions
 *   neither      delegated without any permission
 *   idtyp "app" together with scp contradicts itself and is refused.
 *
 * ISSUER_MAPPING_GENERIC
 *   tenant       tenant_claim, a GUID, or the fixed one
 *   application  one of these, which is how providers mark the client credentials grant:
 *                - no sub, or sub is the client itself (azp, client_id, clientId, appid): RFC 9068
 *                  section 2.2, oidc-provider, Dex
 *                - gty is "client-credentials": Auth0
 *                - idtyp is "app"
 *                - preferred_username is "service-account-" and the client: Keycloak
 *                - preferred_username is "ak-…-client_credentials": Authentik
 *                The permissions are the scopes and the roles together, because providers differ in
 *                where they put what was granted to a client.
 *   delegated    otherwise. The permissions are the scopes, to which user and client agreed; the
 *                roles count as well only where the operator names roles_claim, which says that
 *                permissions of users are kept as roles there.
 *
 * An ID token (at_hash, c_hash, Keycloak's typ "ID"; with Entra also nonce) is refused.
 *
 * A claim path is looked up as one literal name first, since names may be addresses with dots in
 * them ("https://example.org/tenant"); after that its dots are steps into nested objects. Scopes
 * and roles may be a string of words or an array of strings; what is neither counts as absent. */
#ifndef MUSTER_AUTH_CLAIMS_H
#define MUSTER_AUTH_CLAIMS_H

#include <jansson.h>

#include "auth/issuer.h"
#include "base/error.h"
#include "domain/principal.h"

#define CLAIMS_PERSONAL_TENANT "9188040d-6c67-4c5b-b112-36a304b66dad"

/* Errors: ERROR_UNAUTHENTICATED when the tenant is missing or no GUID, or claims contradict each
 * other. */
struct error claims_map(const struct issuer_settings *issuer, const json_t *payload,
                        struct principal *principal) MUST_CHECK;

/* The claim that the path leads to, or NULL. */
const json_t *claims_find(const json_t *object, struct slice path);

#endif
