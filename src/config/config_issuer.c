#include "config/config_issuer.h"

#include <string.h>

#include "base/guid.h"

typedef bool take_issuer_key(struct config *config, struct issuer_settings *issuer, size_t offset,
                             const char *text);

static bool take_text(struct config *config, struct issuer_settings *issuer, size_t offset,
                      const char *text) {
    const char **place = (const char **)(void *)((char *)issuer + offset);
    if (*text == '\0' || *place != NULL)
        return false;
    *place = arena_copy(&config->arena, slice_from_string(text)).data;
    return true;
}

/* Cuts the next word off a list parted by blanks or commas. */
static bool next_word(struct slice *rest, struct slice *word) {
    while (rest->length > 0 && (rest->data[0] == ' ' || rest->data[0] == ','))
        *rest = slice_skip(*rest, 1);
    size_t length = 0;
    while (length < rest->length && rest->data[length] != ' ' && rest->data[length] != ',')
        length++;
    *word = (struct slice){.data = rest->data, .length = length};
    *rest = slice_skip(*rest, length);
    return length > 0;
}

static bool take_audiences(struct config *config, struct issuer_settings *issuer, size_t offset,
                           const char *text) {
    (void)offset;
    struct slice rest = slice_from_string(text);
    struct slice word = {0};
    size_t before = issuer->audience_count;
    while (next_word(&rest, &word)) {
        if (issuer->audience_count == ISSUER_AUDIENCES_AT_MOST)
            return false;
        issuer->audiences[issuer->audience_count++] = arena_copy(&config->arena, word).data;
    }
    return issuer->audience_count > before;
}

static bool take_algorithms(struct config *config, struct issuer_settings *issuer, size_t offset,
                            const char *text) {
    static const struct {
        const char *name;
        enum issuer_algorithm bit;
    } known[] = {{"RS256", ISSUER_RS256}, {"PS256", ISSUER_PS256}, {"ES256", ISSUER_ES256}};
    (void)config;
    (void)offset;
    struct slice rest = slice_from_string(text);
    struct slice word = {0};
    while (next_word(&rest, &word)) {
        unsigned bit = 0;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
            bit |= slice_equals_string(word, known[i].name) ? (unsigned)known[i].bit : 0;
        if (bit == 0)
            return false;
        issuer->algorithms |= bit;
    }
    return issuer->algorithms != 0;
}

static bool take_mapping(struct config *config, struct issuer_settings *issuer, size_t offset,
                         const char *text) {
    (void)config;
    (void)offset;
    if (strcmp(text, "entra") != 0 && strcmp(text, "generic") != 0)
        return false;
    issuer->mapping = strcmp(text, "entra") == 0 ? ISSUER_MAPPING_ENTRA : ISSUER_MAPPING_GENERIC;
    return true;
}

static bool take_tenant(struct config *config, struct issuer_settings *issuer, size_t offset,
                        const char *text) {
    (void)config;
    (void)offset;
    return guid_parse(slice_from_string(text), &issuer->fixed_tenant);
}

#define MEMBER(name) offsetof(struct issuer_settings, name)

static const struct {
    const char *name;
    size_t offset;
    take_issuer_key *take;
    const char *expectation;
} keys[] = {
    {"issuer", MEMBER(issuer), take_text, "the iss claim, once"},
    {"discovery-url", MEMBER(discovery_url), take_text, "an https address, once"},
    {"jwks-uri", MEMBER(jwks_uri), take_text, "an https address, once"},
    {"jwks-file", MEMBER(jwks_file), take_text, "a path, once"},
    {"ca-file", MEMBER(ca_file), take_text, "a path, once"},
    {"audience", 0, take_audiences, "one to eight audiences, parted by blanks"},
    {"algorithms", 0, take_algorithms, "some of RS256 PS256 ES256, parted by blanks"},
    {"mapping", 0, take_mapping, "entra or generic"},
    {"tenant", 0, take_tenant, "a GUID"},
    {"tenant-claim", MEMBER(tenant_claim), take_text, "a claim's name, once"},
    {"scope-claim", MEMBER(scope_claim), take_text, "a claim's name, once"},
    {"roles-claim", MEMBER(roles_claim), take_text, "a claim's name, once"},
    {"subject-claim", MEMBER(subject_claim), take_text, "a claim's name, once"},
    {"name-claim", MEMBER(name_claim), take_text, "a claim's name, once"},
};

static struct error find_or_add(struct config *config, const char *name,
                                struct issuer_settings **issuer) {
    for (size_t i = 0; i < config->issuer_count; i++) {
        if (strcmp(config->issuers[i].name, name) == 0) {
            *issuer = &config->issuers[i];
            return error_none();
        }
    }
    if (config->issuer_count == CONFIG_ISSUERS_AT_MOST)
        return error_make(ERROR_INVALID, "there are more than %d issuers", CONFIG_ISSUERS_AT_MOST);
    *issuer = &config->issuers[config->issuer_count++];
    **issuer =
        (struct issuer_settings){.name = arena_copy(&config->arena, slice_from_string(name)).data,
                                 .mapping = ISSUER_MAPPING_ENTRA};
    return error_none();
}

struct error config_issuer_set(struct config *config, const char *issuer_name, const char *name,
                               const char *text) {
    struct issuer_settings *issuer = NULL;
    struct error error = find_or_add(config, issuer_name, &issuer);
    if (error_is_set(&error))
        return error;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (strcmp(keys[i].name, name) != 0)
            continue;
        if (keys[i].take(config, issuer, keys[i].offset, text))
            return error_none();
        return error_make_for(ERROR_INVALID, name, "[issuer %s] '%s' must be %s; it is '%s'",
                              issuer_name, name, keys[i].expectation, text);
    }
    return error_make_for(ERROR_INVALID, name, "[issuer %s] has no key '%s'", issuer_name, name);
}

struct error config_issuer_check(struct issuer_settings *issuer) {
    if (issuer->issuer == NULL)
        return error_make_for(ERROR_INVALID, "issuer",
                              "[issuer %s] needs 'issuer', the iss claim of its tokens",
                              issuer->name);
    if (issuer->audience_count == 0)
        return error_make_for(ERROR_INVALID, "audience",
                              "[issuer %s] needs 'audience', the aud claim that its tokens for "
                              "this server carry",
                              issuer->name);
    bool fixed = !guid_is_zero(&issuer->fixed_tenant);
    if (issuer->mapping == ISSUER_MAPPING_GENERIC && fixed == (issuer->tenant_claim != NULL))
        return error_make_for(ERROR_INVALID, "tenant",
                              "[issuer %s] with mapping = generic needs either 'tenant' (a GUID "
                              "for all its tokens) or 'tenant-claim'",
                              issuer->name);
    if (issuer->algorithms == 0)
        issuer->algorithms = ISSUER_ALGORITHMS_ALL;
    return error_none();
}
