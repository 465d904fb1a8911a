#include "auth/claims.h"

#include <stdio.h>

#include "auth/token_forge.h"
#include "domain/permission.h"
#include "test.h"

#define READ PERMISSION_CONFIGURATION_READ
#define READ_WRITE PERMISSION_CONFIGURATION_READ_WRITE
#define READ_NAME "DeviceManagementConfiguration.Read.All"
#define READ_WRITE_NAME "DeviceManagementConfiguration.ReadWrite.All"
#define TID "\"tid\":\"" FORGE_TENANT "\""
#define USER PRINCIPAL_DELEGATED
#define APP PRINCIPAL_APPLICATION

struct mapping_case {
    const char *what;
    const char *claims;
    bool refused;
    enum principal_kind kind;
    unsigned permissions;
    const char *subject;
    const char *name;
    const char *application;
};

static struct error map(const struct issuer_settings *issuer, const char *claims,
                        struct principal *principal) {
    json_t *payload = json_loads(claims, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(payload);
    struct error error = claims_map(issuer, payload, principal);
    json_decref(payload);
    return error;
}

static void check_all(const struct issuer_settings *issuer, const struct mapping_case *cases,
                      size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct mapping_case *expected = &cases[i];
        struct principal principal;
        struct error error = map(issuer, expected->claims, &principal);
        if (error_is_set(&error) != expected->refused)
            fail_msg("%s: %s", expected->what, expected->refused ? "accepted" : error.message);
        if (expected->refused)
            continue;
        if (principal.kind != expected->kind || principal.permissions != expected->permissions)
            fail_msg("%s: kind %d, permissions %u", expected->what, (int)principal.kind,
                     principal.permissions);
        assert_string_equal(principal.subject, expected->subject);
        assert_string_equal(principal.name, expected->name);
        assert_string_equal(principal.application, expected->application);
    }
}

static const struct mapping_case entra_cases[] = {
    {"v2, delegated",
     "{" TID ",\"ver\":\"2.0\",\"scp\":\"User.Read " READ_WRITE_NAME
     "\",\"oid\":\"o\",\"sub\":\"s\",\"azp\":\"c\",\"preferred_username\":\"p\"}",
     false, USER, READ_WRITE, "o", "p", "c"},
    {"v1, delegated",
     "{" TID ",\"ver\":\"1.0\",\"scp\":\"" READ_NAME
     "\",\"oid\":\"o\",\"appid\":\"c\",\"upn\":\"u\",\"preferred_username\":\"p\"}",
     false, USER, READ, "o", "u", "c"},
    {"permissions in any case and with many blanks",
     "{" TID ",\"scp\":\"  devicemanagementconfiguration.read.ALL  \",\"sub\":\"s\"}", false, USER,
     READ, "s", "", ""},
    {"roles of a delegated token are not permissions",
     "{" TID ",\"scp\":\"x\",\"roles\":[\"" READ_WRITE_NAME "\"],\"oid\":\"o\"}", false, USER, 0,
     "o", "", ""},
    {"application",
     "{" TID ",\"roles\":[\"" READ_WRITE_NAME "\",7,\"x\"],\"oid\":\"o\",\"azp\":\"c\"}", false,
     APP, READ_WRITE, "o", "", "c"},
    {"application that says so",
     "{" TID ",\"idtyp\":\"app\",\"roles\":[\"" READ_NAME "\"],\"appid\":\"c\"}", false, APP, READ,
     "c", "", "c"},
    {"application without a role", "{" TID ",\"idtyp\":\"app\",\"oid\":\"o\"}", false, APP, 0, "o",
     "", ""},
    {"an ID token's roles are a user's, who may nothing by them",
     "{" TID ",\"roles\":[\"" READ_WRITE_NAME "\"],\"oid\":\"o\"}", false, USER, 0, "o", "", ""},
    {"an ID token with the hash of an access token",
     "{" TID ",\"idtyp\":\"app\",\"at_hash\":\"x\",\"roles\":[\"" READ_WRITE_NAME "\"]}", true,
     USER, 0, "", "", ""},
    {"an ID token with a nonce",
     "{" TID ",\"nonce\":\"x\",\"azp\":\"c\",\"roles\":[\"" READ_WRITE_NAME "\"]}", true, USER, 0,
     "", "", ""},
    {"neither scp nor roles", "{" TID ",\"oid\":\"o\"}", false, USER, 0, "o", "", ""},
    {"roles no array", "{" TID ",\"roles\":\"" READ_WRITE_NAME "\",\"oid\":\"o\"}", false, USER, 0,
     "o", "", ""},
    {"idtyp user", "{" TID ",\"idtyp\":\"user\",\"scp\":\"" READ_NAME "\",\"oid\":\"o\"}", false,
     USER, READ, "o", "", ""},
    {"an application with scopes", "{" TID ",\"idtyp\":\"app\",\"scp\":\"" READ_NAME "\"}", true,
     USER, 0, "", "", ""},
    {"scp no string", "{" TID ",\"scp\":[\"" READ_NAME "\"]}", true, USER, 0, "", "", ""},
    {"no tid", "{\"scp\":\"" READ_NAME "\"}", true, USER, 0, "", "", ""},
    {"tid no GUID", "{\"tid\":\"contoso.com\",\"scp\":\"" READ_NAME "\"}", true, USER, 0, "", "",
     ""},
    {"tid no string", "{\"tid\":5,\"scp\":\"" READ_NAME "\"}", true, USER, 0, "", "", ""},
};

static void entra_tokens_are_mapped(void **state) {
    (void)state;
    const struct issuer_settings issuer = forge_issuer();
    check_all(&issuer, entra_cases, COUNT_OF(entra_cases));
}

static void a_personal_account_is_known_by_its_tenant(void **state) {
    (void)state;
    const struct issuer_settings issuer = forge_issuer();
    struct principal principal;
    assert_ok(map(&issuer,
                  "{\"tid\":\"9188040D-6C67-4C5B-B112-36A304B66DAD\",\"scp\":\"" READ_NAME "\"}",
                  &principal));
    assert_true(principal.personal);
    assert_ok(map(&issuer, "{" TID ",\"scp\":\"" READ_NAME "\"}", &principal));
    assert_false(principal.personal);
}

static struct issuer_settings generic_issuer(void) {
    struct issuer_settings issuer = forge_issuer();
    issuer.mapping = ISSUER_MAPPING_GENERIC;
    issuer.tenant_claim = "tenant";
    return issuer;
}

#define TENANT "\"tenant\":\"" FORGE_TENANT "\""

static const struct mapping_case generic_cases[] = {
    {"Keycloak's ID token", "{" TENANT ",\"sub\":\"s\",\"typ\":\"ID\",\"scope\":\"" READ_NAME "\"}",
     true, USER, 0, "", "", ""},
    {"an ID token with the hash of a code",
     "{" TENANT ",\"sub\":\"s\",\"c_hash\":\"x\",\"scope\":\"" READ_NAME "\"}", true, USER, 0, "",
     "", ""},
    {"an older Keycloak's access token, which has a nonce",
     "{" TENANT ",\"sub\":\"s\",\"typ\":\"Bearer\",\"nonce\":\"x\",\"scope\":\"" READ_NAME "\"}",
     false, USER, READ, "s", "", ""},
    {"Keycloak, a user: realm roles are not asked for",
     "{" TENANT ",\"sub\":\"s\",\"azp\":\"console\",\"scope\":\"openid " READ_NAME
     "\",\"preferred_username\":\"jane\",\"realm_access\":{\"roles\":[\"" READ_WRITE_NAME "\"]}}",
     false, USER, READ, "s", "jane", "console"},
    {"Keycloak, a service account",
     "{" TENANT
     ",\"sub\":\"s\",\"azp\":\"Robot\",\"clientId\":\"Robot\",\"scope\":\"email " READ_NAME
     "\",\"preferred_username\":\"service-account-robot\",\"roles\":[\"" READ_WRITE_NAME "\"]}",
     false, APP, READ | READ_WRITE, "s", "service-account-robot", "Robot"},
    {"Keycloak, a user who calls himself a service account of another client",
     "{" TENANT ",\"sub\":\"s\",\"azp\":\"console\",\"scope\":\"" READ_NAME
     "\",\"preferred_username\":\"service-account-robot\",\"roles\":[\"" READ_WRITE_NAME "\"]}",
     false, USER, READ, "s", "service-account-robot", "console"},
    {"oidc-provider, a user",
     "{" TENANT ",\"sub\":\"jane\",\"client_id\":\"web\",\"scope\":\"" READ_WRITE_NAME "\"}", false,
     USER, READ_WRITE, "jane", "", "web"},
    {"oidc-provider, client credentials",
     "{" TENANT ",\"sub\":\"robot\",\"client_id\":\"robot\",\"scope\":\"" READ_WRITE_NAME "\"}",
     false, APP, READ_WRITE, "robot", "", "robot"},
    {"client credentials without sub",
     "{" TENANT ",\"client_id\":\"robot\",\"scope\":\"" READ_NAME "\"}", false, APP, READ, "robot",
     "", "robot"},
    {"Dex, a user", "{" TENANT ",\"sub\":\"CgZqYW5l\",\"azp\":\"web\",\"scp\":[\"" READ_NAME "\"]}",
     false, USER, READ, "CgZqYW5l", "", "web"},
    {"Authentik, a user",
     "{" TENANT
     ",\"sub\":\"abc\",\"azp\":\"web\",\"preferred_username\":\"jane\",\"scope\":\"" READ_NAME
     "\"}",
     false, USER, READ, "abc", "jane", "web"},
    {"Authentik, client credentials",
     "{" TENANT ",\"sub\":\"abc\",\"azp\":\"web\",\"preferred_username\":"
     "\"ak-muster-client_credentials\",\"scope\":\"" READ_NAME "\"}",
     false, APP, READ, "abc", "ak-muster-client_credentials", "web"},
    {"Auth0, client credentials",
     "{" TENANT
     ",\"sub\":\"r@clients\",\"azp\":\"r\",\"gty\":\"client-credentials\",\"scope\":\"" READ_NAME
     "\"}",
     false, APP, READ, "r@clients", "", "r"},
    {"RFC 9068 scope beside scp: scope counts",
     "{" TENANT ",\"sub\":\"s\",\"scope\":\"" READ_NAME "\",\"scp\":\"" READ_WRITE_NAME "\"}",
     false, USER, READ, "s", "", ""},
    {"the tenant missing", "{\"sub\":\"s\",\"scope\":\"" READ_NAME "\"}", true, USER, 0, "", "",
     ""},
    {"the tenant no GUID", "{\"tenant\":\"acme\",\"sub\":\"s\"}", true, USER, 0, "", "", ""},
    {"a scope that is neither text nor array",
     "{" TENANT ",\"sub\":\"s\",\"scope\":{\"" READ_NAME "\":1}}", false, USER, 0, "s", "", ""},
};

static void tokens_of_other_providers_are_mapped(void **state) {
    (void)state;
    const struct issuer_settings issuer = generic_issuer();
    check_all(&issuer, generic_cases, COUNT_OF(generic_cases));
}

static void a_fixed_tenant_needs_no_claim(void **state) {
    (void)state;
    struct issuer_settings issuer = generic_issuer();
    struct principal principal;
    issuer.tenant_claim = NULL;
    assert_true(guid_parse(SLICE("22222222-3333-4444-5555-666666666666"), &issuer.fixed_tenant));
    assert_ok(map(&issuer, "{" TENANT ",\"sub\":\"s\"}", &principal));
    assert_true(guid_equals(&principal.tenant, &issuer.fixed_tenant));
    assert_false(principal.personal);
}

/* Wherever the tenant comes from: a personal account's token says what it is in tid. */
static void a_personal_account_is_known_whatever_the_mapping(void **state) {
    (void)state;
    static const char personal_tid[] =
        "{" TENANT ",\"sub\":\"s\",\"tid\":\"9188040D-6C67-4C5B-B112-36A304B66DAD\"}";
    struct issuer_settings issuer = generic_issuer();
    struct principal principal;
    assert_ok(map(&issuer, personal_tid, &principal));
    assert_true(principal.personal);
    assert_ok(map(&issuer, "{\"tenant\":\"" FORGE_PERSONAL_TENANT "\",\"sub\":\"s\"}", &principal));
    assert_true(principal.personal);
    assert_ok(map(&issuer, "{" TENANT ",\"sub\":\"s\",\"tid\":\"acme\"}", &principal));
    assert_false(principal.personal);
    issuer.tenant_claim = NULL;
    assert_true(guid_parse(SLICE(FORGE_TENANT), &issuer.fixed_tenant));
    assert_ok(map(&issuer, personal_tid, &principal));
    assert_true(principal.personal);
    assert_true(guid_parse(SLICE(FORGE_PERSONAL_TENANT), &issuer.fixed_tenant));
    assert_ok(map(&issuer, "{\"sub\":\"s\"}", &principal));
    assert_true(principal.personal);
}

static void roles_of_a_user_count_where_the_operator_names_them(void **state) {
    (void)state;
    struct issuer_settings issuer = generic_issuer();
    static const struct mapping_case cases[] = {
        {"Keycloak's realm roles",
         "{" TENANT ",\"sub\":\"s\",\"azp\":\"c\",\"scope\":\"" READ_NAME
         "\",\"realm_access\":{\"roles\":[\"" READ_WRITE_NAME "\"]}}",
         false, USER, READ | READ_WRITE, "s", "", "c"},
        {"no roles at all", "{" TENANT ",\"sub\":\"s\",\"scope\":\"" READ_NAME "\"}", false, USER,
         READ, "s", "", ""},
        {"a step that is no object", "{" TENANT ",\"sub\":\"s\",\"realm_access\":\"roles\"}", false,
         USER, 0, "s", "", ""},
    };
    issuer.roles_claim = "realm_access.roles";
    check_all(&issuer, cases, COUNT_OF(cases));
}

static void every_claim_may_have_another_name(void **state) {
    (void)state;
    struct issuer_settings issuer = generic_issuer();
    static const struct mapping_case cases[] = {
        {"all of them",
         "{\"https://example.org/tenant\":\"" FORGE_TENANT "\",\"permissions\":[\"" READ_NAME
         "\"],\"sub\":\"s\",\"user\":{\"id\":\"u\",\"display.name\":"
         "\"n\"}}",
         false, USER, READ, "u", "n", ""},
    };
    issuer.tenant_claim = "https://example.org/tenant";
    issuer.scope_claim = "permissions";
    issuer.subject_claim = "user.id";
    issuer.name_claim = "user.display.name";
    check_all(&issuer, cases, COUNT_OF(cases));
}

static void a_literal_name_goes_before_a_path(void **state) {
    (void)state;
    json_t *object = json_loads("{\"a.b\":1,\"a\":{\"b\":2,\"c.d\":3}}", 0, NULL);
    assert_int_equal(json_integer_value(claims_find(object, SLICE("a.b"))), 1);
    assert_int_equal(json_integer_value(claims_find(object, SLICE("a.c.d"))), 3);
    assert_null(claims_find(object, SLICE("a.b.c")));
    assert_null(claims_find(object, SLICE("a.")));
    assert_null(claims_find(object, SLICE(".")));
    json_decref(object);
}

static void check_cut(const char *prefix, size_t expected_length) {
    const struct issuer_settings issuer = forge_issuer();
    struct principal principal;
    char claims[700];
    int length = snprintf(claims, sizeof claims, "{" TID ",\"oid\":\"%s", prefix);
    for (int i = 0; i < 100; i++)
        length += snprintf(claims + length, sizeof claims - (size_t)length, "\xC3\xA9");
    (void)snprintf(claims + length, sizeof claims - (size_t)length, "\"}");
    assert_ok(map(&issuer, claims, &principal));
    assert_int_equal(strlen(principal.subject), expected_length);
    assert_int_equal((unsigned char)principal.subject[expected_length - 1], 0xA9);
}

/* 127 bytes fit; the letter é has two. */
static void long_texts_are_cut_between_characters(void **state) {
    (void)state;
    check_cut("x", 127);
    check_cut("xy", 126);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entra_tokens_are_mapped),
        cmocka_unit_test(a_personal_account_is_known_by_its_tenant),
        cmocka_unit_test(tokens_of_other_providers_are_mapped),
        cmocka_unit_test(a_fixed_tenant_needs_no_claim),
        cmocka_unit_test(a_personal_account_is_known_whatever_the_mapping),
        cmocka_unit_test(roles_of_a_user_count_where_the_operator_names_them),
        cmocka_unit_test(every_claim_may_have_another_name),
        cmocka_unit_test(a_literal_name_goes_before_a_path),
        cmocka_unit_test(long_texts_are_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
