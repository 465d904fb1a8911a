/* Sections [issuer NAME]: every key, what is required, and what contradicts itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config_kit.h"

#define TENANT "22222222-3333-4444-5555-666666666666"
#define MINIMAL "[issuer a]\nissuer = https://a.example\naudience = muster\n"

static struct config *load(const char *file) {
    struct config *config = NULL;
    assert_ok(kit_load(file, NULL, NULL, &config));
    return config;
}

static void an_issuer_needs_its_name_and_an_audience(void **state) {
    (void)state;
    struct config *config = load(MINIMAL);
    assert_int_equal(config->issuer_count, 1);
    const struct issuer_settings *issuer = &config->issuers[0];
    assert_string_equal(issuer->name, "a");
    assert_string_equal(issuer->issuer, "https://a.example");
    assert_int_equal(issuer->audience_count, 1);
    assert_string_equal(issuer->audiences[0], "muster");
    assert_int_equal(issuer->algorithms, ISSUER_ALGORITHMS_ALL);
    assert_int_equal(issuer->mapping, ISSUER_MAPPING_ENTRA);
    assert_true(guid_is_zero(&issuer->fixed_tenant));
    assert_null(issuer->discovery_url);
    assert_null(issuer->jwks_uri);
    assert_null(issuer->jwks_file);
    assert_null(issuer->ca_file);
    assert_null(issuer->tenant_claim);
    assert_null(issuer->scope_claim);
    assert_null(issuer->roles_claim);
    assert_null(issuer->subject_claim);
    assert_null(issuer->name_claim);
    config_free(config);
}

static void every_key_of_an_issuer_is_taken(void **state) {
    (void)state;
    struct config *config = load("[issuer keycloak-1.test_x]\n"
                                 "issuer = https://k.example/realms/x\n"
                                 "discovery-url = https://k.example/d\n"
                                 "ca-file = /etc/ca.pem\n"
                                 "audience = muster\n"
                                 "algorithms = ES256, RS256\n"
                                 "mapping = generic\n"
                                 "tenant-claim = organization.id\n"
                                 "scope-claim = permissions\n"
                                 "roles-claim = realm_access.roles\n"
                                 "subject-claim = uid\n"
                                 "name-claim = email\n");
    const struct issuer_settings *issuer = &config->issuers[0];
    assert_string_equal(issuer->name, "keycloak-1.test_x");
    assert_string_equal(issuer->discovery_url, "https://k.example/d");
    assert_string_equal(issuer->ca_file, "/etc/ca.pem");
    assert_int_equal(issuer->algorithms, ISSUER_ES256 | ISSUER_RS256);
    assert_int_equal(issuer->mapping, ISSUER_MAPPING_GENERIC);
    assert_string_equal(issuer->tenant_claim, "organization.id");
    assert_string_equal(issuer->scope_claim, "permissions");
    assert_string_equal(issuer->roles_claim, "realm_access.roles");
    assert_string_equal(issuer->subject_claim, "uid");
    assert_string_equal(issuer->name_claim, "email");
    config_free(config);
}

static void keys_may_come_from_an_address_or_a_file(void **state) {
    (void)state;
    struct config *config = load(MINIMAL "jwks-uri = https://a.example/keys\n"
                                         "[issuer b]\nissuer = urn:b\naudience = b\n"
                                         "jwks-file = /etc/b.jwks\n");
    assert_string_equal(config->issuers[0].jwks_uri, "https://a.example/keys");
    assert_string_equal(config->issuers[1].jwks_file, "/etc/b.jwks");
    config_free(config);
}

static void a_tenant_may_be_fixed_for_all_tokens_of_a_generic_issuer(void **state) {
    (void)state;
    struct config *config = load(MINIMAL "mapping = generic\ntenant = " TENANT "\n");
    struct guid expected;
    assert_true(guid_parse(SLICE(TENANT), &expected));
    assert_true(guid_equals(&config->issuers[0].fixed_tenant, &expected));
    config_free(config);
}

static void audiences_may_be_repeated_or_listed(void **state) {
    (void)state;
    struct config *config =
        load("[issuer a]\nissuer = https://a.example\naudience = b c,d ,\te\naudience = f g\n");
    static const char *const expected[] = {"b", "c", "d", "e", "f", "g"};
    assert_int_equal(config->issuers[0].audience_count, COUNT_OF(expected));
    for (size_t i = 0; i < COUNT_OF(expected); i++)
        assert_string_equal(config->issuers[0].audiences[i], expected[i]);
    config_free(config);
}

static void other_sections_may_stand_between_issuers(void **state) {
    (void)state;
    struct config *config =
        load(MINIMAL "[server]\nloops = 9\n[issuer b]\naudience = b\nissuer = https://b.example\n");
    assert_int_equal(config->issuer_count, 2);
    assert_int_equal(config->loops, 9);
    assert_string_equal(config->issuers[0].name, "a");
    assert_string_equal(config->issuers[1].name, "b");
    assert_string_equal(config->issuers[1].issuer, "https://b.example");
    config_free(config);
}

static void what_is_wrong_with_an_issuer_is_named_with_file_and_line(void **state) {
    (void)state;
    static const struct {
        const char *file;
        const char *message;
    } cases[] = {
        {"[issuer a]\nisuer = x\n", "FILE:2: [issuer a] has no key 'isuer'"},
        {"[issuer a]\nissuer = https://a\nissuer = https://b\n",
         "FILE:3: [issuer a] 'issuer' is given twice"},
        {MINIMAL "algorithms = RS256\nalgorithms = ES256\n",
         "FILE:5: [issuer a] 'algorithms' is given twice"},
        {MINIMAL "mapping = generic\nmapping = entra\n",
         "FILE:5: [issuer a] 'mapping' is given twice"},
        {MINIMAL "tenant = " TENANT "\ntenant = " TENANT "\n",
         "FILE:5: [issuer a] 'tenant' is given twice"},
        {MINIMAL "[issuer a]\n", "FILE:4: [issuer a] is given twice"},
        {"[issuer a]\nissuer =\n", "FILE:2: [issuer a] 'issuer' must be the iss claim; it is ''"},
        {"[issuer a]\naudience = ,\n",
         "FILE:2: [issuer a] 'audience' must be one to eight audiences, parted by blanks; it is "
         "','"},
        {"[issuer a]\naudience = 1 2 3 4 5 6 7 8\naudience = 9\n",
         "FILE:3: [issuer a] 'audience' must be one to eight audiences, parted by blanks; it is "
         "'9'"},
        {"[issuer a]\nalgorithms = RS256 HS256\n",
         "FILE:2: [issuer a] 'algorithms' must be some of RS256 PS256 ES256, parted by blanks; it "
         "is 'RS256 HS256'"},
        {"[issuer a]\nalgorithms = none\n",
         "FILE:2: [issuer a] 'algorithms' must be some of RS256 PS256 ES256, parted by blanks; it "
         "is 'none'"},
        {"[issuer a]\nmapping = keycloak\n",
         "FILE:2: [issuer a] 'mapping' must be entra or generic; it is 'keycloak'"},
        {"[issuer a]\ntenant = all\n",
         "FILE:2: [issuer a] 'tenant' must be a GUID that is not all zero; it is 'all'"},
        {"[issuer a]\ntenant = 00000000-0000-0000-0000-000000000000\n",
         "FILE:2: [issuer a] 'tenant' must be a GUID that is not all zero; it is "
         "'00000000-0000-0000-0000-000000000000'"},
        {"\n[issuer a]\naudience = b\n",
         "FILE:2: [issuer a] needs 'issuer', the iss claim of its tokens"},
        {"[issuer a]\nissuer = https://a.example\n",
         "FILE:1: [issuer a] needs 'audience', the aud claim that its tokens for this server "
         "carry"},
        {MINIMAL "[server]\n[issuer b]\naudience = b\nissuer = https://a.example\n",
         "FILE:5: [issuer b] has the same 'issuer' as [issuer a]: keep one of the sections, with "
         "the audiences of both"},
        {MINIMAL "mapping = generic\n",
         "FILE:1: [issuer a] with mapping = generic needs either 'tenant' (a GUID for all its "
         "tokens) or 'tenant-claim'"},
        {MINIMAL "mapping = generic\ntenant = " TENANT "\ntenant-claim = t\n",
         "FILE:1: [issuer a] with mapping = generic needs either 'tenant' (a GUID for all its "
         "tokens) or 'tenant-claim'"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        kit_assert_refused(cases[i].file, NULL, NULL, cases[i].message);
}

static void a_key_that_entras_mapping_would_pass_over_is_refused(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"tenant", TENANT},   {"tenant-claim", "t"},  {"scope-claim", "s"},
        {"roles-claim", "r"}, {"subject-claim", "u"}, {"name-claim", "n"},
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        char file[256];
        char message[300];
        (void)snprintf(file, sizeof file, MINIMAL "%s = %s\n", pairs[i][0], pairs[i][1]);
        (void)snprintf(message, sizeof message,
                       "FILE:1: [issuer a] '%s' counts with mapping = generic only: Entra's claims "
                       "have fixed names; set the mapping or remove the key",
                       pairs[i][0]);
        kit_assert_refused(file, NULL, NULL, message);
    }
}

static void the_rules_of_issuers_are_applied_with_the_place(void **state) {
    (void)state;
    static const char *const files[] = {
        "[issuer a]\nissuer = http://a.example\naudience = b\n",
        "[issuer a]\nissuer = https://a/{tenantid}/v2.0\naudience = b\n",
        MINIMAL "jwks-uri = http://a.example/keys\n",
        MINIMAL "jwks-uri = https://a.example/keys\njwks-file = /keys\n",
        MINIMAL "jwks-uri = https://a.example/keys\ndiscovery-url = https://a.example/d\n",
    };
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct config *config = NULL;
        struct error error = kit_load(files[i], NULL, NULL, &config);
        config_free(config);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_non_null(strstr(error.message, ":1: issuer a: "));
    }
}

static void names_of_issuers_are_plain(void **state) {
    (void)state;
    static const char *const names[] = {"", " a", "a b", "a;b", "a ", "\xC3\xA4", "a/b", "\"a\""};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char file[64];
        char message[200];
        (void)snprintf(file, sizeof file, "[issuer %s]\n", names[i]);
        (void)snprintf(message, sizeof message,
                       "FILE:1: [issuer NAME] needs a name of 1 to 64 letters, digits, '.', '_' "
                       "and '-'; it is '%s'",
                       names[i]);
        kit_assert_refused(file, NULL, NULL, message);
    }
}

static void names_that_begin_alike_stay_apart(void **state) {
    (void)state;
    char name[64 + 1];
    char file[512];
    memset(name, 'n', sizeof name - 1);
    name[64] = '\0';
    (void)snprintf(file, sizeof file,
                   "[issuer %s]\nissuer = https://a\naudience = a\n"
                   "[issuer %.63s]\nissuer = https://b\naudience = b\n",
                   name, name);
    struct config *config = load(file);
    assert_int_equal(config->issuer_count, 2);
    assert_string_equal(config->issuers[0].name, name);
    assert_string_equal(config->issuers[0].issuer, "https://a");
    assert_string_equal(config->issuers[1].issuer, "https://b");
    config_free(config);
}

static void there_are_thirty_two_issuers_at_most(void **state) {
    (void)state;
    char *file = calloc(1, 4096);
    assert_non_null(file);
    size_t length = 0;
    for (int i = 0; i < CONFIG_ISSUERS_AT_MOST; i++)
        length += (size_t)snprintf(file + length, 4096 - length,
                                   "[issuer n%d]\nissuer = https://n%d\naudience = a\n", i, i);
    struct config *config = load(file);
    assert_int_equal(config->issuer_count, CONFIG_ISSUERS_AT_MOST);
    assert_string_equal(config->issuers[31].issuer, "https://n31");
    config_free(config);
    (void)snprintf(file + length, 4096 - length, "[issuer x]\n");
    kit_assert_refused(file, NULL, NULL, "FILE:97: there are more than 32 issuers");
    free(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_issuer_needs_its_name_and_an_audience),
        cmocka_unit_test(every_key_of_an_issuer_is_taken),
        cmocka_unit_test(keys_may_come_from_an_address_or_a_file),
        cmocka_unit_test(a_tenant_may_be_fixed_for_all_tokens_of_a_generic_issuer),
        cmocka_unit_test(audiences_may_be_repeated_or_listed),
        cmocka_unit_test(other_sections_may_stand_between_issuers),
        cmocka_unit_test(what_is_wrong_with_an_issuer_is_named_with_file_and_line),
        cmocka_unit_test(a_key_that_entras_mapping_would_pass_over_is_refused),
        cmocka_unit_test(the_rules_of_issuers_are_applied_with_the_place),
        cmocka_unit_test(names_of_issuers_are_plain),
        cmocka_unit_test(names_that_begin_alike_stay_apart),
        cmocka_unit_test(there_are_thirty_two_issuers_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
