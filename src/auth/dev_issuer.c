#include "auth/dev_issuer.h"

#include <cjose/cjose.h>
#include <jansson.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "auth/base64url.h"
#include "auth/claims.h"
#include "auth/dev_issuer_key.h"
#include "auth/sign_in_address.h"
#include "base/memory.h"
#include "base/utf8.h"

#define NAME "dev"
#define ISSUER_BEFORE_TENANT "https://dev.muster.invalid/"
#define ISSUER_BEHIND_TENANT "/v2.0"
#define GRAPH_APPLICATION "00000003-0000-0000-c000-000000000000"
/* What stands for the client's registration; any GUID would do. */
#define CLIENT "de50c11e-0000-4000-8000-6d7573746572"
#define DIGEST_SIZE 32
#define UTI_BYTES 16
/* How long before now, or before the expiry of a token that is expired already, it was issued. */
#define ISSUED_BEFORE_SECONDS 300
#define EXPIRES_IN_AT_MOST (INT64_C(100) * 366 * 86400)

struct dev_issuer {
    struct issuer_settings settings;
    char *keys_file;
    cjose_jwk_t *key;
};

static char *join(const char *directory, const char *file) {
    struct buffer path = {0};
    buffer_append_format(&path, "%s/%s", directory, file);
    buffer_append_byte(&path, '\0');
    return path.data;
}

static struct issuer_settings make_settings(const char *keys_file) {
    return (struct issuer_settings){
        .name = NAME,
        .issuer = ISSUER_BEFORE_TENANT ISSUER_TENANT_MARK ISSUER_BEHIND_TENANT,
        .jwks_file = keys_file,
        .audiences = {"https://graph.microsoft.com", "https://graph.microsoft.com/",
                      GRAPH_APPLICATION},
        .audience_count = 3,
        .algorithms = ISSUER_RS256,
        .mapping = ISSUER_MAPPING_ENTRA,
        /* It has no page to sign in, only muster dev-token; clients see what Graph shows them. */
        .authorization_endpoint = SIGN_IN_ADDRESS_OF_ENTRA,
    };
}

struct error dev_issuer_open(const char *data_dir, struct dev_issuer **issuer) {
    struct dev_issuer *made = memory_allocate_zeroed(1, sizeof *made);
    char *key_file = join(data_dir, DEV_ISSUER_KEY_FILE);
    *issuer = NULL;
    made->keys_file = join(data_dir, DEV_ISSUER_KEYS_FILE);
    made->settings = make_settings(made->keys_file);
    struct error error = dev_issuer_key_load(key_file, &made->key);
    if (!error_is_set(&error))
        error = dev_issuer_key_publish(made->keys_file, made->key);
    free(key_file);
    if (error_is_set(&error))
        dev_issuer_close(made);
    else
        *issuer = made;
    return error;
}

const struct issuer_settings *dev_issuer_settings(const struct dev_issuer *issuer) {
    return &issuer->settings;
}

void dev_issuer_close(struct dev_issuer *issuer) {
    if (issuer == NULL)
        return;
    if (issuer->key != NULL)
        (void)cjose_jwk_release(issuer->key);
    free(issuer->keys_file);
    free(issuer);
}

static struct error check_text(const char *what, const char *text) {
    struct slice slice = slice_from_string(text);
    if (slice.length > DEV_ISSUER_TEXT_AT_MOST || !utf8_is_valid(slice))
        return error_make_for(ERROR_INVALID, what, "The %s must be UTF-8 of at most %d bytes.",
                              what, DEV_ISSUER_TEXT_AT_MOST);
    return error_none();
}

static struct error check_request(const struct dev_token_request *request) {
    if (request->application && request->personal)
        return error_make_for(ERROR_INVALID, "personal",
                              "A personal account is a user's: choose an application or a personal "
                              "account, not both.");
    if (request->expires_in > EXPIRES_IN_AT_MOST || request->expires_in < -EXPIRES_IN_AT_MOST)
        return error_make_for(ERROR_INVALID, "expires-in",
                              "The token must expire within 100 years from now.");
    struct error error = check_text("user", request->user);
    return error_is_set(&error) ? error : check_text("scope", request->scopes);
}

/* The same user of the same tenant is the same object every time, as in a real directory. purpose
 * makes oid and sub differ. */
static void set_identity(json_t *claims, const char *claim, const struct guid *tenant,
                         const char *user) {
    struct buffer input = {0};
    uint8_t digest[DIGEST_SIZE] = {0};
    buffer_append_string(&input, claim);
    buffer_append(&input, tenant->bytes, sizeof tenant->bytes);
    buffer_append_string(&input, user);
    (void)EVP_Digest(input.data, input.length, digest, NULL, EVP_sha256(), NULL);
    buffer_free(&input);
    struct guid guid;
    char text[GUID_TEXT_SIZE];
    memcpy(guid.bytes, digest, sizeof guid.bytes);
    guid.bytes[6] = (uint8_t)((guid.bytes[6] & 0x0FU) | 0x80U); /* RFC 9562: version 8 */
    guid.bytes[8] = (uint8_t)((guid.bytes[8] & 0x3FU) | 0x80U);
    (void)json_object_set_new(claims, claim, json_string(guid_format(&guid, text)));
}

static void set_user(json_t *claims, const struct guid *tenant,
                     const struct dev_token_request *request, const char *scopes) {
    const char *user = request->user != NULL ? request->user : DEV_ISSUER_DEFAULT_USER;
    set_identity(claims, "oid", tenant, user);
    set_identity(claims, "sub", tenant, user);
    (void)json_object_set_new(claims, "preferred_username", json_string(user));
    (void)json_object_set_new(claims, "scp", json_string(scopes));
}

static void set_application(json_t *claims, const struct guid *tenant, const char *scopes) {
    json_t *roles = json_array();
    struct slice rest = slice_from_string(scopes);
    struct slice role = {0};
    while (slice_cut(&rest, ' ', &role)) {
        if (role.length > 0)
            (void)json_array_append_new(roles, json_stringn(role.data, role.length));
    }
    set_identity(claims, "oid", tenant, CLIENT);
    (void)json_object_set(claims, "sub", json_object_get(claims, "oid"));
    (void)json_object_set_new(claims, "idtyp", json_string("app"));
    (void)json_object_set_new(claims, "roles", roles);
}

static void set_times(json_t *claims, int64_t expires_in, instant now) {
    int64_t expires = instant_to_unix(now) + expires_in;
    int64_t issued = instant_to_unix(now);
    if (issued >= expires)
        issued = expires - ISSUED_BEFORE_SECONDS;
    (void)json_object_set_new(claims, "iat", json_integer(issued));
    (void)json_object_set_new(claims, "nbf", json_integer(issued));
    (void)json_object_set_new(claims, "exp", json_integer(expires));
}

static json_t *make_claims(const struct dev_token_request *request,
                           const struct random_source *random, instant now) {
    char tenant_text[GUID_TEXT_SIZE];
    uint8_t unique[UTI_BYTES];
    char unique_text[BASE64URL_LENGTH(UTI_BYTES) + 1];
    struct guid tenant = request->tenant;
    if (request->personal && !guid_parse(SLICE(CLAIMS_PERSONAL_TENANT), &tenant))
        return NULL;
    const char *scopes = request->scopes != NULL ? request->scopes : DEV_ISSUER_DEFAULT_SCOPES;
    (void)guid_format(&tenant, tenant_text);
    random_fill(random, unique, sizeof unique);
    base64url_encode(unique, sizeof unique, unique_text);
    json_t *claims =
        json_pack("{s:s, s:s++, s:s, s:s, s:s, s:s, s:s}", "aud", GRAPH_APPLICATION, "iss",
                  ISSUER_BEFORE_TENANT, tenant_text, ISSUER_BEHIND_TENANT, "tid", tenant_text,
                  "azp", CLIENT, "azpacr", "0", "uti", unique_text, "ver", "2.0");
    if (claims == NULL)
        return NULL;
    set_times(claims, request->expires_in, now);
    if (request->application)
        set_application(claims, &tenant, scopes);
    else
        set_user(claims, &tenant, request, scopes);
    return claims;
}

static bool sign(const cjose_jwk_t *key, const char *payload, struct buffer *token) {
    cjose_err problem;
    const char *compact = NULL;
    cjose_jws_t *jws = NULL;
    cjose_header_t *header = cjose_header_new(&problem);
    if (header != NULL && cjose_header_set(header, "typ", "JWT", &problem) &&
        cjose_header_set(header, CJOSE_HDR_ALG, CJOSE_HDR_ALG_RS256, &problem) &&
        cjose_header_set(header, CJOSE_HDR_KID, cjose_jwk_get_kid(key, &problem), &problem))
        jws = cjose_jws_sign(key, header, (const uint8_t *)payload, strlen(payload), &problem);
    bool done = jws != NULL && cjose_jws_export(jws, &compact, &problem) && compact != NULL;
    if (done)
        buffer_append_string(token, compact);
    cjose_jws_release(jws);
    cjose_header_release(header);
    return done;
}

struct error dev_issuer_sign_token(const struct dev_issuer *issuer,
                                   const struct dev_token_request *request,
                                   const struct random_source *random, instant now,
                                   struct buffer *token) {
    struct error error = check_request(request);
    if (error_is_set(&error))
        return error;
    json_t *claims = make_claims(request, random, now);
    char *payload = json_dumps(claims, JSON_COMPACT);
    if (payload == NULL || !sign(issuer->key, payload, token))
        error = error_make(ERROR_INTERNAL, "The token cannot be signed.");
    free(payload);
    json_decref(claims);
    return error;
}
