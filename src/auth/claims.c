#include "auth/claims.h"

#include "auth/refusal.h"
#include "auth/token_json.h"
#include "domain/permission.h"

/* Names of the client in a token, in the order in which they are believed. */
static const char *const client_claims[] = {"azp", "appid", "client_id", "clientId"};
#define CLIENT_CLAIM_COUNT (sizeof client_claims / sizeof client_claims[0])

const json_t *claims_find(const json_t *object, struct slice path) {
    const json_t *found = json_object_getn(object, path.data, path.length);
    for (size_t i = 0; found == NULL && i < path.length; i++) {
        if (path.data[i] != '.')
            continue;
        const json_t *inner = json_object_getn(object, path.data, i);
        if (json_is_object(inner))
            found = claims_find(inner, slice_skip(path, i + 1));
    }
    return found;
}

/* The claim at the configured path, else the first of the two usual ones that is there. */
static const json_t *find_claim(const json_t *payload, const char *configured, const char *usual,
                                const char *other) {
    if (configured != NULL)
        return claims_find(payload, slice_from_string(configured));
    const json_t *found = json_object_get(payload, usual);
    return found != NULL ? found : json_object_get(payload, other);
}

/* Cut where a character starts, so that it stays UTF-8. */
static void copy_text(struct slice text, char copy[static PRINCIPAL_TEXT_SIZE]) {
    size_t length = text.length;
    if (length > PRINCIPAL_TEXT_SIZE - 1) {
        length = PRINCIPAL_TEXT_SIZE - 1;
        while (length > 0 && ((unsigned char)text.data[length] & 0xC0U) == 0x80U)
            length--;
    }
    if (length > 0)
        memcpy(copy, text.data, length);
    copy[length] = '\0';
}

static void copy_claim(const json_t *value, char copy[static PRINCIPAL_TEXT_SIZE]) {
    struct slice text = {0};
    (void)token_json_text(value, &text);
    copy_text(text, copy);
}

static unsigned read_words(struct slice words) {
    unsigned permissions = 0;
    struct slice word = {0};
    while (slice_cut(&words, ' ', &word))
        permissions |= permission_parse(word);
    return permissions;
}

static unsigned read_permissions(const json_t *claim) {
    struct slice text = {0};
    if (token_json_text(claim, &text))
        return read_words(text);
    unsigned permissions = 0;
    for (size_t i = 0; i < json_array_size(claim); i++) {
        if (token_json_text(json_array_get(claim, i), &text))
            permissions |= permission_parse(text);
    }
    return permissions;
}

static struct slice find_client(const json_t *payload) {
    struct slice client = {0};
    for (size_t i = 0; client.data == NULL && i < CLIENT_CLAIM_COUNT; i++)
        client = token_json_member(payload, client_claims[i]);
    return client;
}

/* Also where the operator says whose all tokens are: tid tells what account signed in. */
static bool is_personal(const json_t *payload, const struct guid *tenant) {
    struct guid personal;
    struct guid named;
    return !guid_parse(SLICE(CLAIMS_PERSONAL_TENANT), &personal) ||
           guid_equals(tenant, &personal) ||
           (guid_parse(token_json_member(payload, "tid"), &named) &&
            guid_equals(&named, &personal));
}

static struct error map_entra(const json_t *payload, struct principal *principal) {
    const json_t *scopes = json_object_get(payload, "scp");
    const json_t *roles = json_object_get(payload, "roles");
    bool is_application = slice_equals(token_json_member(payload, "idtyp"), SLICE("app"));
    if (!guid_parse(token_json_member(payload, "tid"), &principal->tenant))
        return refusal_because("The token names no tenant.");
    if (scopes != NULL && (is_application || !json_is_string(scopes)))
        return refusal_because("The token's claims contradict each other.");
    if (scopes != NULL) {
        principal->permissions = read_permissions(scopes);
    } else if (is_application || (json_is_array(roles) && find_client(payload).length > 0)) {
        principal->kind = PRINCIPAL_APPLICATION;
        principal->permissions = json_is_array(roles) ? read_permissions(roles) : 0;
    }
    return error_none();
}

/* Whether one of the names of the client in the token is this text. */
static bool is_client(const json_t *payload, struct slice text) {
    for (size_t i = 0; i < CLIENT_CLAIM_COUNT; i++) {
        struct slice client = token_json_member(payload, client_claims[i]);
        if (client.length > 0 && slice_equals(client, text))
            return true;
    }
    return false;
}

static bool is_service_account(const json_t *payload) {
    const struct slice keycloak = SLICE("service-account-");
    struct slice name = token_json_member(payload, "preferred_username");
    struct slice client = find_client(payload);
    if (slice_starts_with(name, keycloak) && client.length > 0)
        return slice_equals_ignoring_case(slice_skip(name, keycloak.length), client);
    return slice_starts_with(name, SLICE("ak-")) &&
           slice_ends_with(name, SLICE("-client_credentials"));
}

static bool is_application_token(const json_t *payload) {
    struct slice subject = token_json_member(payload, "sub");
    return subject.length == 0 || is_client(payload, subject) ||
           slice_equals(token_json_member(payload, "gty"), SLICE("client-credentials")) ||
           slice_equals(token_json_member(payload, "idtyp"), SLICE("app")) ||
           is_service_account(payload);
}

static struct error map_generic(const struct issuer_settings *issuer, const json_t *payload,
                                struct principal *principal) {
    struct slice tenant = {0};
    if (issuer->tenant_claim == NULL)
        principal->tenant = issuer->fixed_tenant;
    else if (!token_json_text(claims_find(payload, slice_from_string(issuer->tenant_claim)),
                              &tenant) ||
             !guid_parse(tenant, &principal->tenant))
        return refusal_because("The token names no tenant.");
    if (is_application_token(payload))
        principal->kind = PRINCIPAL_APPLICATION;
    principal->permissions =
        read_permissions(find_claim(payload, issuer->scope_claim, "scope", "scp"));
    if (principal->kind == PRINCIPAL_APPLICATION || issuer->roles_claim != NULL)
        principal->permissions |=
            read_permissions(find_claim(payload, issuer->roles_claim, "roles", "roles"));
    return error_none();
}

/* An ID token tells a client who signed in, and its audience may be the one configured here: it
 * must never pass for an access token. OpenID Connect Core 1.0, 2 and 3.3.2.11; Keycloak's typ. A
 * nonce is no sign of one with other providers: Keycloak's access tokens had it until version 24.
 */
static bool is_id_token(const json_t *payload, enum issuer_mapping mapping) {
    return json_object_get(payload, "at_hash") != NULL ||
           json_object_get(payload, "c_hash") != NULL ||
           slice_equals(token_json_member(payload, "typ"), SLICE("ID")) ||
           (mapping == ISSUER_MAPPING_ENTRA && json_object_get(payload, "nonce") != NULL);
}

struct error claims_map(const struct issuer_settings *issuer, const json_t *payload,
                        struct principal *principal) {
    bool generic = issuer->mapping == ISSUER_MAPPING_GENERIC;
    *principal = (struct principal){.kind = PRINCIPAL_DELEGATED};
    if (is_id_token(payload, issuer->mapping))
        return refusal_because("It is an ID token; send an access token.");
    struct error error =
        generic ? map_generic(issuer, payload, principal) : map_entra(payload, principal);
    if (error_is_set(&error))
        return error;
    principal->personal = is_personal(payload, &principal->tenant);
    copy_text(find_client(payload), principal->application);
    copy_claim(find_claim(payload, generic ? issuer->subject_claim : NULL, "oid", "sub"),
               principal->subject);
    copy_claim(
        find_claim(payload, generic ? issuer->name_claim : NULL, "upn", "preferred_username"),
        principal->name);
    if (principal->subject[0] == '\0')
        copy_text(find_client(payload), principal->subject);
    return error_none();
}
