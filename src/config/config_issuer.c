#include "config/config_issuer.h"

#include <string.h>

#include "base/guid.h"
#include "config/config_word.h"

typedef bool take_issuer_key(struct config *config, struct issuer_settings *issuer, size_t offset,
                             const char *text);

static bool take_text(struct config *config, struct issuer_settings *issuer, size_t offset,
                      const char *text) {
    const char **place = (const char **)(void *)((char *)issuer + offset);
    if (*text == '\0')
        return false;
    *place = arena_copy(&config->arena, slice_from_string(text)).data;
    return true;
}

static bool take_audiences(struct config *config, struct issuer_settings *issuer, size_t offset,
                           const char *text) {
    (void)offset;
    struct slice rest = slice_from_string(text);
    struct slice word = {0};
    size_t before = issuer->audience_count;
    while (config_next_word(&rest, &word)) {
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
    while (config_next_word(&rest, &word)) {
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
    return guid_parse(slice_from_string(text), &issuer->fixed_tenant) &&
           !guid_is_zero(&issuer->fixed_tenant);
}

#define MEMBER(name) offsetof(struct issuer_settings, name)

static const struct {
    const char *name;
    size_t offset;
    take_issuer_key *take;
    const char *expectation;
    bool is_repeatable;
    bool is_generic; /* has a meaning with mapping = generic only */
} keys[] = {
    {"issuer", MEMBER(issuer), take_text, "the iss claim", false, false},
    {"discovery-url", MEMBER(discovery_url), take_text, "an https address", false, false},
    {"jwks-uri", MEMBER(jwks_uri), take_text, "an https address", false, false},
    {"jwks-file", MEMBER(jwks_file), take_text, "a path", false, false},
    {"ca-file", MEMBER(ca_file), take_text, "a path", false, false},
    {"authorization-endpoint", MEMBER(authorization_endpoint), take_text, "an https address", false,
     false},
    {"audience", 0, take_audiences, "one to eight audiences, parted by blanks", true, false},
    {"algorithms", 0, take_algorithms, "some of RS256 PS256 ES256, parted by blanks", false, false},
    {"mapping", 0, take_mapping, "entra or generic", false, false},
    {"tenant", 0, take_tenant, "a GUID that is not all zero", false, true},
    {"tenant-claim", MEMBER(tenant_claim), take_text, "a claim's name", false, true},
    {"scope-claim", MEMBER(scope_claim), take_text, "a claim's name", false, true},
    {"roles-claim", MEMBER(roles_claim), take_text, "a claim's name", false, true},
    {"subject-claim", MEMBER(subject_claim), take_text, "a claim's name", false, true},
    {"name-claim", MEMBER(name_claim), take_text, "a claim's name", false, true},
};
#define KEY_COUNT (sizeof keys / sizeof keys[0])

struct error config_issuer_begin(struct config *config, const char *name, int line,
                                 struct config_issuer *section) {
    if (!config_name_is_valid(name))
        return error_make_for(ERROR_INVALID, "issuer",
                              "[issuer NAME] needs a name of 1 to %d letters, digits, '.', '_' and "
                              "'-'; it is '%s'",
                              CONFIG_NAME_LENGTH_AT_MOST, name);
    for (size_t i = 0; i < config->issuer_count; i++) {
        if (strcmp(config->issuers[i].name, name) == 0)
            return error_make_for(ERROR_INVALID, name, "[issuer %s] is given twice", name);
    }
    if (config->issuer_count == CONFIG_ISSUERS_AT_MOST)
        return error_make(ERROR_INVALID, "there are more than %d issuers", CONFIG_ISSUERS_AT_MOST);
    struct issuer_settings *settings = &config->issuers[config->issuer_count++];
    *settings =
        (struct issuer_settings){.name = arena_copy(&config->arena, slice_from_string(name)).data,
                                 .mapping = ISSUER_MAPPING_ENTRA};
    *section = (struct config_issuer){.settings = settings, .line = line};
    return error_none();
}

struct error config_issuer_set(struct config *config, struct config_issuer *section,
                               const char *name, const char *text) {
    const char *issuer = section->settings->name;
    size_t i = 0;
    while (i < KEY_COUNT && strcmp(keys[i].name, name) != 0)
        i++;
    if (i == KEY_COUNT)
        return error_make_for(ERROR_INVALID, name, "[issuer %s] has no key '%s'", issuer, name);
    unsigned bit = 1U << i;
    if (!keys[i].is_repeatable && (section->given & bit) != 0)
        return error_make_for(ERROR_INVALID, name, "[issuer %s] '%s' is given twice", issuer, name);
    section->given |= bit;
    if (!keys[i].take(config, section->settings, keys[i].offset, text))
        return error_make_for(ERROR_INVALID, name, "[issuer %s] '%s' must be %s; it is '%s'",
                              issuer, name, keys[i].expectation, text);
    return error_none();
}

/* A tenant that Entra's mapping would pass over must not seem to be fixed. */
static struct error check_mapping(const struct config_issuer *section) {
    const struct issuer_settings *issuer = section->settings;
    for (size_t i = 0; i < KEY_COUNT && issuer->mapping == ISSUER_MAPPING_ENTRA; i++) {
        if (keys[i].is_generic && (section->given & 1U << i) != 0)
            return error_make_for(ERROR_INVALID, keys[i].name,
                                  "[issuer %s] '%s' counts with mapping = generic only: Entra's "
                                  "claims have fixed names; set the mapping or remove the key",
                                  issuer->name, keys[i].name);
    }
    bool is_fixed = !guid_is_zero(&issuer->fixed_tenant);
    if (issuer->mapping == ISSUER_MAPPING_GENERIC && is_fixed == (issuer->tenant_claim != NULL))
        return error_make_for(ERROR_INVALID, "tenant",
                              "[issuer %s] with mapping = generic needs either 'tenant' (a GUID "
                              "for all its tokens) or 'tenant-claim'",
                              issuer->name);
    return error_none();
}

struct error config_issuer_finish(const struct config *config,
                                  const struct config_issuer *section) {
    struct issuer_settings *issuer = section->settings;
    if (issuer->issuer == NULL)
        return error_make_for(ERROR_INVALID, "issuer",
                              "[issuer %s] needs 'issuer', the iss claim of its tokens",
                              issuer->name);
    if (issuer->audience_count == 0)
        return error_make_for(ERROR_INVALID, "audience",
                              "[issuer %s] needs 'audience', the aud claim that its tokens for "
                              "this server carry",
                              issuer->name);
    if (issuer->algorithms == 0)
        issuer->algorithms = ISSUER_ALGORITHMS_ALL;
    struct error error = check_mapping(section);
    if (!error_is_set(&error))
        error = issuer_check_others(issuer, config->issuers, (size_t)(issuer - config->issuers));
    return error_is_set(&error) ? error : issuer_check(issuer);
}
