#include "auth/issuer.h"

#include <stdlib.h>
#include <string.h>

#include "auth/fetch_address.h"
#include "auth/sign_in_address.h"
#include "auth/token_forge.h"
#include "test.h"

static bool matches(const char *issuer, const char *iss, const char *tenant) {
    return issuer_matches(issuer, slice_from_string(iss), slice_from_string(tenant));
}

static void an_issuer_is_compared_byte_for_byte(void **state) {
    (void)state;
    assert_true(matches("https://a.example", "https://a.example", ""));
    assert_false(matches("https://a.example", "https://a.example/", ""));
    assert_false(matches("https://a.example", "https://A.example", ""));
    assert_false(matches("https://a.example", "", ""));
    assert_false(issuer_matches("a", (struct slice){"a\0", 2}, (struct slice){0}));
}

static void the_mark_stands_for_the_tokens_tenant(void **state) {
    (void)state;
    static const char pattern[] = "https://sts.example/{tenantid}/";
    assert_true(matches(pattern, "https://sts.example/" FORGE_TENANT "/", FORGE_TENANT));
    assert_true(matches(pattern, "https://sts.example/9188040D-6c67-4c5b-b112-36a304b66dad/",
                        "9188040d-6C67-4c5b-b112-36a304b66dad"));
    assert_false(matches(pattern, "https://sts.example/" FORGE_TENANT "/", FORGE_PERSONAL_TENANT));
    assert_false(matches(pattern, "https://sts.example/" FORGE_TENANT, FORGE_TENANT));
    assert_false(matches(pattern, "https://sts.example/" FORGE_TENANT "//", FORGE_TENANT));
    assert_false(matches(pattern, "https://sts.example/" FORGE_TENANT "/", ""));
    assert_false(matches(pattern, "https://sts.example/{tenantid}/", "{tenantid}"));
    assert_false(matches(pattern, "https://sts.example//", ""));
    assert_false(matches(pattern, "https://sts.example/", FORGE_TENANT));
}

static void keys_are_fetched_from_safe_addresses_only(void **state) {
    (void)state;
    static const struct {
        const char *url;
        bool safe;
    } cases[] = {
        {"https://login.example.org/keys", true},
        {"HTTPS://login.example.org", true},
        {"https://192.0.2.1:8443/", true},
        {"http://localhost:8080/realms/x", true},
        {"http://LOCALHOST", true},
        {"http://127.0.0.1/", true},
        {"http://127.9.8.7:1/", true},
        {"http://[::1]:80/", true},
        {"http://login.example.org/", false},
        {"http://192.0.2.1/", false},
        {"http://128.0.0.1/", false},
        {"http://localhost.example.org/", false},
        {"http://127.0.0.1.example.org/", false},
        {"http://localhost@example.org/", false},
        {"https://user@example.org/", false},
        {"https://user:password@example.org/", false},
        {"https://example.org/#x", false},
        {"ftp://example.org/", false},
        {"file:///etc/passwd", false},
        {"example.org", false},
        {"/keys", false},
        {"https://", false},
        {"https://example.org/a b", false},
        {"", false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct error error = fetch_address_check(cases[i].url);
        if (error_is_set(&error) == cases[i].safe)
            fail_msg("%s: %s", cases[i].url, error.message);
    }
}

static void the_discovery_document_has_one_slash_before_it(void **state) {
    (void)state;
    struct issuer_settings settings = forge_issuer();
    static const char *const issuers[] = {"https://a.example/x", "https://a.example/x/"};
    settings.discovery_url = NULL;
    for (size_t i = 0; i < COUNT_OF(issuers); i++) {
        settings.issuer = issuers[i];
        char *address = issuer_discovery_address(&settings);
        assert_string_equal(address, "https://a.example/x/.well-known/openid-configuration");
        free(address);
    }
}

/* Each change breaks settings that are fine without it; the message names issuer and setting. */
static void settings_that_cannot_work_are_named(void **state) {
    (void)state;
    struct issuer_settings wrong[13];
    static const char *const names[COUNT_OF(wrong)] = {
        "issuer",       "issuer",        "audience",      "audience", "algorithms",
        "algorithms",   "discovery-url", "discovery-url", "jwks-uri", "jwks-file",
        "tenant-claim", "tenant-claim",  "claim"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        wrong[i] = forge_issuer();
    wrong[0].issuer = NULL;
    wrong[1].issuer = "https://{tenantid}/{tenantid}";
    wrong[2].audience_count = 0;
    wrong[3].audiences[0] = "";
    wrong[4].algorithms = 0;
    wrong[5].algorithms = 1U << 7;
    wrong[6].discovery_url = NULL;
    wrong[7].discovery_url = "http://login.example.org/";
    wrong[8].discovery_url = NULL;
    wrong[8].jwks_uri = "http://login.example.org/";
    wrong[9].jwks_file = "/keys";
    wrong[10].mapping = ISSUER_MAPPING_GENERIC;
    wrong[11].mapping = ISSUER_MAPPING_GENERIC;
    wrong[11].tenant_claim = "tid";
    wrong[11].fixed_tenant.bytes[0] = 1;
    wrong[12].mapping = ISSUER_MAPPING_GENERIC;
    wrong[12].tenant_claim = "tid";
    wrong[12].roles_claim = "";
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct error error = issuer_check(&wrong[i]);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_string_equal(error.target, names[i]);
        assert_non_null(strstr(error.message, "issuer forge: "));
    }
    const struct issuer_settings right = forge_issuer();
    assert_ok(issuer_check(&right));
}

/* Entra's two kinds of tokens have two issuers, whose documents are two, and of which neither lies
 * where its issuer's name would have it. */
static void an_issuer_of_all_tenants_is_told_where_its_own_document_is(void **state) {
    (void)state;
    static const struct {
        const char *issuer;
        const char *hint;
    } cases[] = {
        {"https://sts.windows.net/{tenantid}/",
         "for Entra's v1 tokens, "
         "https://login.microsoftonline.com/organizations/.well-known/openid-configuration."},
        {"https://login.microsoftonline.com/{tenantid}/v2.0",
         "for Entra's v2 tokens, "
         "https://login.microsoftonline.com/organizations/v2.0/.well-known/openid-configuration."},
        {"https://sso.example.com/{tenantid}", "the address of a document with just this issuer."},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct issuer_settings settings = forge_issuer();
        settings.issuer = cases[i].issuer;
        settings.discovery_url = NULL;
        struct error error = issuer_check(&settings);
        assert_error(error, ERROR_INVALID);
        assert_string_equal(error.target, "discovery-url");
        if (strstr(error.message, cases[i].hint) == NULL)
            fail_msg("%s", error.message);
    }
}

static void an_issuer_has_one_section(void **state) {
    (void)state;
    struct issuer_settings issuers[] = {forge_issuer(), forge_issuer(), forge_issuer()};
    issuers[0].issuer = "https://a.example";
    issuers[1].issuer = "https://a.example/";
    issuers[2].name = "again";
    assert_ok(issuer_check_others(&issuers[2], issuers, 0));
    assert_ok(issuer_check_others(&issuers[2], issuers, 2));
    issuers[2].issuer = "https://a.example/";
    struct error error = issuer_check_others(&issuers[2], issuers, 2);
    assert_error(error, ERROR_INVALID);
    assert_string_equal(error.message,
                        "[issuer again] has the same 'issuer' as [issuer forge]: keep "
                        "one of the sections, with the audiences of both");
}

/* With it, every tenant of the provider would get in as the one that is configured. */
static void the_mark_goes_with_the_tenant_that_it_stands_for_only(void **state) {
    (void)state;
    struct issuer_settings settings = forge_issuer();
    settings.mapping = ISSUER_MAPPING_GENERIC;
    settings.tenant_claim = "tid";
    assert_ok(issuer_check(&settings));
    static const char *const claims[] = {NULL, "tenant", "ext.tid", "TID"};
    for (size_t i = 0; i < COUNT_OF(claims); i++) {
        settings.tenant_claim = claims[i];
        settings.fixed_tenant.bytes[0] = claims[i] == NULL ? 1 : 0;
        struct error error = issuer_check(&settings);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_string_equal(error.target, "issuer");
        assert_non_null(strstr(error.message, "every tenant"));
        settings.issuer = "https://login.example.org/" FORGE_TENANT "/v2.0";
        assert_ok(issuer_check(&settings));
        settings.issuer = forge_issuer().issuer;
    }
}

static void entras_issuers_have_graphs_own_sign_in_address(void **state) {
    (void)state;
    static const struct {
        const char *issuer;
        const char *endpoint;
        const char *expected;
    } cases[] = {
        {"https://login.microsoftonline.com/{tenantid}/v2.0", NULL, SIGN_IN_ADDRESS_OF_ENTRA},
        {"https://sts.windows.net/{tenantid}/", NULL, SIGN_IN_ADDRESS_OF_ENTRA},
        {"https://sts.windows.net/{tenantid}/", "https://a.example/b", "https://a.example/b"},
        {"https://login.microsoftonline.com.evil.example/", NULL, NULL},
        {"https://sso.example.com", NULL, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct issuer_settings settings = forge_issuer();
        settings.issuer = cases[i].issuer;
        settings.authorization_endpoint = cases[i].endpoint;
        const char *found = sign_in_address_find(&settings);
        if (cases[i].expected == NULL)
            assert_null(found);
        else
            assert_string_equal(found, cases[i].expected);
    }
    struct issuer_settings settings = forge_issuer();
    settings.authorization_endpoint = "http://sso.example.com/authorize";
    struct error error = issuer_check(&settings);
    assert_string_equal(error.target, "authorization-endpoint");
}

static void a_copy_lives_by_itself(void **state) {
    (void)state;
    char name[] = "before";
    struct issuer_settings settings = forge_issuer();
    settings.name = name;
    struct issuer_settings copy = issuer_copy(&settings);
    memcpy(name, "behind", sizeof name);
    assert_string_equal(copy.name, "before");
    assert_string_equal(copy.audiences[0], FORGE_AUDIENCE);
    assert_null(copy.jwks_uri);
    issuer_free(&copy);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_issuer_is_compared_byte_for_byte),
        cmocka_unit_test(the_mark_stands_for_the_tokens_tenant),
        cmocka_unit_test(keys_are_fetched_from_safe_addresses_only),
        cmocka_unit_test(the_discovery_document_has_one_slash_before_it),
        cmocka_unit_test(settings_that_cannot_work_are_named),
        cmocka_unit_test(an_issuer_of_all_tenants_is_told_where_its_own_document_is),
        cmocka_unit_test(an_issuer_has_one_section),
        cmocka_unit_test(the_mark_goes_with_the_tenant_that_it_stands_for_only),
        cmocka_unit_test(entras_issuers_have_graphs_own_sign_in_address),
        cmocka_unit_test(a_copy_lives_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
