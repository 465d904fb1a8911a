#include "config/config_webhook.h"

#include <string.h>

#include "config/config_word.h"
#include "webhook/webhook_address.h"
#include "webhook/webhook_event.h"

typedef bool take_webhook_key(struct config *config, struct webhook_settings *webhook,
                              size_t offset, const char *text);

static bool take_text(struct config *config, struct webhook_settings *webhook, size_t offset,
                      const char *text) {
    const char **place = (const char **)(void *)((char *)webhook + offset);
    if (*text == '\0')
        return false;
    *place = arena_copy(&config->arena, slice_from_string(text)).data;
    return true;
}

static bool take_events(struct config *config, struct webhook_settings *webhook, size_t offset,
                        const char *text) {
    (void)config;
    (void)offset;
    struct slice rest = slice_from_string(text);
    struct slice word = {0};
    webhook->events = 0;
    while (config_next_word(&rest, &word)) {
        enum webhook_event_kind kind = WEBHOOK_EVENT_COUNT;
        if (!webhook_event_find(word, &kind))
            return false;
        webhook->events |= 1U << kind;
    }
    return webhook->events != 0;
}

static bool take_timeout(struct config *config, struct webhook_settings *webhook, size_t offset,
                         const char *text) {
    uint64_t number = 0;
    (void)config;
    (void)offset;
    if (!slice_parse_unsigned(slice_from_string(text), WEBHOOK_TIMEOUT_SECONDS_AT_MOST, &number))
        return false;
    webhook->timeout_seconds = (long)number;
    return number > 0;
}

static bool take_keep(struct config *config, struct webhook_settings *webhook, size_t offset,
                      const char *text) {
    uint64_t number = 0;
    (void)config;
    (void)offset;
    if (!slice_parse_unsigned(slice_from_string(text), WEBHOOK_KEEP_DAYS_AT_MOST, &number))
        return false;
    webhook->keep_days = (int)number;
    return number > 0;
}

#define MEMBER(name) offsetof(struct webhook_settings, name)

static const struct {
    const char *name;
    size_t offset;
    take_webhook_key *take;
    const char *expectation;
    bool hides_value; /* an address may be a secret in itself */
} keys[] = {
    {"url", MEMBER(url), take_text, "an https address", true},
    {"url-file", MEMBER(url_file), take_text, "a path", false},
    {"secret-file", MEMBER(secret_file), take_text, "a path", false},
    {"ca-file", MEMBER(ca_file), take_text, "a path", false},
    {"events", 0, take_events, "names of events, parted by blanks; see docs/webhooks.md", false},
    {"timeout-seconds", 0, take_timeout, "a whole number from 1 to 60", false},
    {"keep-days", 0, take_keep, "a whole number from 1 to 36500", false},
};
#define KEY_COUNT (sizeof keys / sizeof keys[0])

struct error config_webhook_begin(struct config *config, const char *name, int line,
                                  struct config_webhook *section) {
    if (!config_name_is_valid(name))
        return error_make_for(
            ERROR_INVALID, "webhook",
            "[webhook NAME] needs a name of 1 to %d letters, digits, '.', '_' and "
            "'-'; it is '%s'",
            CONFIG_NAME_LENGTH_AT_MOST, name);
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return error_make_for(ERROR_INVALID, "webhook",
                              "[webhook %s] needs another name: '.' and '..' mean something else "
                              "in the path of an address",
                              name);
    for (size_t i = 0; i < config->webhook_count; i++) {
        if (strcmp(config->webhooks[i].name, name) == 0)
            return error_make_for(ERROR_INVALID, name, "[webhook %s] is given twice", name);
    }
    if (config->webhook_count == CONFIG_WEBHOOKS_AT_MOST)
        return error_make(ERROR_INVALID, "there are more than %d webhooks",
                          CONFIG_WEBHOOKS_AT_MOST);
    struct webhook_settings *settings = &config->webhooks[config->webhook_count++];
    *settings =
        (struct webhook_settings){.name = arena_copy(&config->arena, slice_from_string(name)).data,
                                  .events = WEBHOOK_EVENTS_ALL,
                                  .timeout_seconds = WEBHOOK_DEFAULT_TIMEOUT_SECONDS,
                                  .keep_days = WEBHOOK_DEFAULT_KEEP_DAYS};
    *section = (struct config_webhook){.settings = settings, .line = line};
    return error_none();
}

struct error config_webhook_set(struct config *config, struct config_webhook *section,
                                const char *name, const char *text) {
    const char *webhook = section->settings->name;
    size_t i = 0;
    while (i < KEY_COUNT && strcmp(keys[i].name, name) != 0)
        i++;
    if (i == KEY_COUNT)
        return error_make_for(ERROR_INVALID, name, "[webhook %s] has no key '%s'", webhook, name);
    unsigned bit = 1U << i;
    if ((section->given & bit) != 0)
        return error_make_for(ERROR_INVALID, name, "[webhook %s] '%s' is given twice", webhook,
                              name);
    section->given |= bit;
    if (keys[i].take(config, section->settings, keys[i].offset, text))
        return error_none();
    if (keys[i].hides_value)
        return error_make_for(ERROR_INVALID, name, "[webhook %s] '%s' must be %s", webhook, name,
                              keys[i].expectation);
    return error_make_for(ERROR_INVALID, name, "[webhook %s] '%s' must be %s; it is '%s'", webhook,
                          name, keys[i].expectation, text);
}

struct error config_webhook_finish(const struct config *config,
                                   const struct config_webhook *section) {
    struct webhook_settings *webhook = section->settings;
    webhook->takes_plain_http = config->dev;
    if (webhook->url == NULL && webhook->url_file == NULL)
        return error_make_for(ERROR_INVALID, "url",
                              "[webhook %s] needs 'url', the https address that events are sent "
                              "to, or 'url-file', a file that holds it",
                              webhook->name);
    if (webhook->url != NULL && webhook->url_file != NULL)
        return error_make_for(ERROR_INVALID, "url-file",
                              "[webhook %s] has 'url' and 'url-file': keep one of them",
                              webhook->name);
    if (webhook->secret_file == NULL)
        return error_make_for(ERROR_INVALID, "secret-file",
                              "[webhook %s] needs 'secret-file', with which its events are signed",
                              webhook->name);
    if (webhook->url == NULL)
        return error_none();
    struct error error = webhook_address_check(webhook->url, webhook->takes_plain_http);
    return error_is_set(&error) ? error_make_for(ERROR_INVALID, "url", "[webhook %s] 'url' %s",
                                                 webhook->name, error.message)
                                : error;
}
