#include "auth/issuer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/fetch_address.h"
#include "auth/sign_in_address.h"
#include "base/memory.h"

#define DISCOVERY_PATH "/.well-known/openid-configuration"

bool issuer_matches(const char *issuer, struct slice iss, struct slice tenant) {
    const char *mark = strstr(issuer, ISSUER_TENANT_MARK);
    if (mark == NULL)
        return slice_equals_string(iss, issuer);
    struct slice before = {.data = issuer, .length = (size_t)(mark - issuer)};
    struct slice behind = slice_from_string(mark + strlen(ISSUER_TENANT_MARK));
    if (!slice_starts_with(iss, before))
        return false;
    struct slice rest = slice_skip(iss, before.length);
    if (rest.length != GUID_TEXT_SIZE - 1 + behind.length || !slice_ends_with(rest, behind))
        return false;
    struct guid named;
    struct guid expected;
    rest.length = GUID_TEXT_SIZE - 1;
    return guid_parse(rest, &named) && guid_parse(tenant, &expected) &&
           guid_equals(&named, &expected);
}

char *issuer_discovery_address(const struct issuer_settings *settings) {
    if (settings->discovery_url != NULL)
        return memory_copy_string(settings->discovery_url);
    size_t length = strlen(settings->issuer);
    while (length > 0 && settings->issuer[length - 1] == '/')
        length--;
    size_t size = length + sizeof DISCOVERY_PATH;
    char *address = memory_allocate(size);
    (void)snprintf(address, size, "%.*s%s", (int)length, settings->issuer, DISCOVERY_PATH);
    return address;
}

static struct error complain(const struct issuer_settings *settings, const char *setting,
                             const char *problem) {
    return error_make_for(ERROR_INVALID, setting, "issuer %s: %s %s.", settings->name, setting,
                          problem);
}

/* A document of Entra's serves all tenants, and has a place of its own for each kind of tokens. */
static struct error complain_of_no_discovery(const struct issuer_settings *settings) {
    static const struct {
        const char *issuer; /* how it begins */
        const char *document;
    } hints[] = {
        {"https://sts.windows.net/",
         "for Entra's v1 tokens, "
         "https://login.microsoftonline.com/organizations" DISCOVERY_PATH},
        {"https://login.microsoftonline.com/",
         "for Entra's v2 tokens, "
         "https://login.microsoftonline.com/organizations/v2.0" DISCOVERY_PATH},
        {"", "the address of a document with just this issuer"},
    };
    size_t i = 0;
    while (strncmp(settings->issuer, hints[i].issuer, strlen(hints[i].issuer)) != 0)
        i++;
    return error_make_for(ERROR_INVALID, "discovery-url",
                          "issuer %s: discovery-url is needed because the issuer "
                          "has " ISSUER_TENANT_MARK ": %s.",
                          settings->name, hints[i].document);
}

static struct error check_discovery(const struct issuer_settings *settings) {
    if (settings->discovery_url == NULL && strstr(settings->issuer, ISSUER_TENANT_MARK) != NULL)
        return complain_of_no_discovery(settings);
    char *address = issuer_discovery_address(settings);
    struct error problem = fetch_address_check(address);
    free(address);
    return error_is_set(&problem)
               ? complain(settings, settings->discovery_url != NULL ? "discovery-url" : "issuer",
                          problem.message)
               : error_none();
}

static struct error check_key_source(const struct issuer_settings *settings) {
    if (settings->jwks_file != NULL)
        return settings->jwks_uri == NULL && settings->discovery_url == NULL
                   ? error_none()
                   : complain(settings, "jwks-file",
                              "excludes jwks-uri and discovery-url: keys come from one place");
    if (settings->jwks_uri == NULL)
        return check_discovery(settings);
    if (settings->discovery_url != NULL)
        return complain(settings, "jwks-uri", "excludes discovery-url: keys come from one place");
    struct error problem = fetch_address_check(settings->jwks_uri);
    return error_is_set(&problem) ? complain(settings, "jwks-uri", problem.message) : error_none();
}

static struct error check_claims(const struct issuer_settings *settings) {
    if (settings->mapping != ISSUER_MAPPING_GENERIC)
        return error_none();
    if ((settings->tenant_claim == NULL) == guid_is_zero(&settings->fixed_tenant))
        return complain(settings, "tenant-claim", "or tenant is needed, and only one of them");
    /* The mark stands for tid, so every tid matches; nothing else may say whose the token is. */
    if (strstr(settings->issuer, ISSUER_TENANT_MARK) != NULL &&
        (settings->tenant_claim == NULL || strcmp(settings->tenant_claim, "tid") != 0))
        return complain(settings, "issuer",
                        "lets every tenant in by " ISSUER_TENANT_MARK
                        ": name one tenant in its place, or set tenant-claim = tid, or "
                        "mapping = entra");
    const char *const claims[] = {settings->tenant_claim, settings->scope_claim,
                                  settings->roles_claim, settings->subject_claim,
                                  settings->name_claim};
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
        if (claims[i] != NULL && claims[i][0] == '\0')
            return complain(settings, "claim", "names must not be empty");
    }
    return error_none();
}

struct error issuer_check(const struct issuer_settings *settings) {
    if (settings->issuer == NULL || settings->issuer[0] == '\0')
        return complain(settings, "issuer", "is missing");
    const char *mark = strstr(settings->issuer, ISSUER_TENANT_MARK);
    if (mark != NULL && strstr(mark + 1, ISSUER_TENANT_MARK) != NULL)
        return complain(settings, "issuer", "may hold " ISSUER_TENANT_MARK " once");
    if (settings->audience_count == 0 || settings->audience_count > ISSUER_AUDIENCES_AT_MOST)
        return complain(settings, "audience",
                        "is missing: name what the issuer puts into aud, at most eight values");
    for (size_t i = 0; i < settings->audience_count; i++) {
        if (settings->audiences[i] == NULL || settings->audiences[i][0] == '\0')
            return complain(settings, "audience", "must not be empty");
    }
    if ((settings->algorithms & ISSUER_ALGORITHMS_ALL) == 0 ||
        (settings->algorithms & ~(unsigned)ISSUER_ALGORITHMS_ALL) != 0)
        return complain(settings, "algorithms", "must be some of RS256, PS256 and ES256");
    if (settings->authorization_endpoint != NULL &&
        !sign_in_address_is_valid(settings->authorization_endpoint))
        return complain(settings, "authorization-endpoint",
                        "must be an absolute https address without quotes and backslashes");
    struct error error = check_claims(settings);
    return error_is_set(&error) ? error : check_key_source(settings);
}

struct error issuer_check_others(const struct issuer_settings *settings,
                                 const struct issuer_settings *others, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(others[i].issuer, settings->issuer) == 0)
            return error_make_for(ERROR_INVALID, "issuer",
                                  "[issuer %s] has the same 'issuer' as [issuer %s]: keep one of "
                                  "the sections, with the audiences of both",
                                  settings->name, others[i].name);
    }
    return error_none();
}

static const char *copy_text(const char *text) {
    return text == NULL ? NULL : memory_copy_string(text);
}

struct issuer_settings issuer_copy(const struct issuer_settings *settings) {
    struct issuer_settings copy = *settings;
    copy.name = copy_text(settings->name);
    copy.issuer = copy_text(settings->issuer);
    copy.discovery_url = copy_text(settings->discovery_url);
    copy.jwks_uri = copy_text(settings->jwks_uri);
    copy.jwks_file = copy_text(settings->jwks_file);
    copy.ca_file = copy_text(settings->ca_file);
    copy.authorization_endpoint = copy_text(settings->authorization_endpoint);
    for (size_t i = 0; i < settings->audience_count; i++)
        copy.audiences[i] = copy_text(settings->audiences[i]);
    copy.tenant_claim = copy_text(settings->tenant_claim);
    copy.scope_claim = copy_text(settings->scope_claim);
    copy.roles_claim = copy_text(settings->roles_claim);
    copy.subject_claim = copy_text(settings->subject_claim);
    copy.name_claim = copy_text(settings->name_claim);
    return copy;
}

void issuer_free(struct issuer_settings *settings) {
    const char *const texts[] = {
        settings->name,          settings->issuer,      settings->discovery_url,
        settings->jwks_uri,      settings->jwks_file,   settings->ca_file,
        settings->tenant_claim,  settings->scope_claim, settings->roles_claim,
        settings->subject_claim, settings->name_claim,  settings->authorization_endpoint,
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        free((void *)(uintptr_t)texts[i]);
    for (size_t i = 0; i < settings->audience_count; i++)
        free((void *)(uintptr_t)settings->audiences[i]);
    *settings = (struct issuer_settings){0};
}
