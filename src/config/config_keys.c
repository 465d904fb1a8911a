#include "config/config_keys.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/config_address.h"

_Static_assert(CONFIG_PROXIES_AT_MOST == 64, "the table below names the number");
_Static_assert(CONFIG_CONNECTIONS_AT_LEAST == 16, "the table below names the number");

static void *member(struct config *config, const struct config_key *key) {
    return (char *)config + key->offset;
}

static bool take_text(struct config *config, const struct config_key *key, const char *text) {
    if (*text == '\0')
        return false;
    *(const char **)member(config, key) = arena_copy(&config->arena, slice_from_string(text)).data;
    return true;
}

static bool take_address(struct config *config, const struct config_key *key, const char *text) {
    return config_address_is_valid(text) && take_text(config, key, text);
}

static bool take_switch(struct config *config, const struct config_key *key, const char *text) {
    bool on = strcmp(text, "true") == 0;
    if (!on && strcmp(text, "false") != 0)
        return false;
    *(bool *)member(config, key) = on;
    return true;
}

static bool parse_number(const struct config_key *key, const char *text, long *number) {
    char *end = NULL;
    errno = 0;
    *number = strtol(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' && isdigit((unsigned char)*text) &&
           *number >= key->at_least && *number <= key->at_most;
}

static bool take_size(struct config *config, const struct config_key *key, const char *text) {
    long number = 0;
    if (!parse_number(key, text, &number))
        return false;
    *(size_t *)member(config, key) = (size_t)number;
    return true;
}

static bool take_integer(struct config *config, const struct config_key *key, const char *text) {
    long number = 0;
    if (!parse_number(key, text, &number))
        return false;
    *(int *)member(config, key) = (int)number;
    return true;
}

/* Who connects to a socket needs to write it; to read alone, or to execute it, means nothing. */
static bool take_socket_mode(struct config *config, const struct config_key *key,
                             const char *text) {
    static const struct {
        const char *text;
        unsigned mode;
    } modes[] = {{"0600", 0600}, {"0660", 0660}, {"0666", 0666}};
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(text, modes[i].text) != 0)
            continue;
        *(unsigned *)member(config, key) = modes[i].mode;
        return true;
    }
    return false;
}

static bool take_log_level(struct config *config, const struct config_key *key, const char *text) {
    return log_level_parse(slice_from_string(text), member(config, key));
}

static bool take_log_format(struct config *config, const struct config_key *key, const char *text) {
    return log_format_parse(slice_from_string(text), member(config, key));
}

static bool take_origins(struct config *config, const struct config_key *key, const char *text) {
    const char *before = *(const char **)member(config, key);
    if (!config_address_are_origins(text))
        return false;
    if (before == NULL)
        return take_text(config, key, text);
    /* All together once more: "*" stands for itself alone. */
    const char *all = arena_format(&config->arena, "%s %s", before, text).data;
    return config_address_are_origins(all) && take_text(config, key, all);
}

static bool take_proxies(struct config *config, const struct config_key *key, const char *text) {
    (void)key;
    struct slice rest = slice_from_string(text);
    struct slice word = {0};
    bool is_named = false;
    while (slice_cut(&rest, ' ', &word)) {
        if (word.length == 0)
            continue;
        is_named = true;
        if (slice_equals(word, SLICE("local")))
            config->trusts_local_proxies = true;
        else if (config->trusted_proxy_count == CONFIG_PROXIES_AT_MOST ||
                 !network_parse(word, &config->trusted_proxies[config->trusted_proxy_count++]))
            return false;
    }
    return is_named;
}

/* One engine for now; the key is there so that a configuration says what it relies on. */
static bool take_store(struct config *config, const struct config_key *key, const char *text) {
    (void)config;
    (void)key;
    return strcmp(text, "sqlite") == 0;
}

#define MEMBER(name) offsetof(struct config, name)

const struct config_key config_keys[] = {
    {"server", "data-dir", NULL, MEMBER(data_directory), 0, 0, take_text, "a path",
     "where database, keys and administration socket live"},
    {"server", "listen", "127.0.0.1:8080", MEMBER(listen), 0, 0, take_address,
     "HOST:PORT, [IPV6]:PORT or unix:/PATH", "address of Graph and of /enroll"},
    {"server", "ops-listen", "127.0.0.1:9090", MEMBER(ops_listen), 0, 0, take_address,
     "HOST:PORT, [IPV6]:PORT or unix:/PATH", "address of /livez, /readyz and /metrics"},
    {"server", "socket-mode", "0660", MEMBER(socket_mode), 0, 0, take_socket_mode,
     "0600, 0660 or 0666", "who may connect where these are Unix sockets"},
    {"server", "tls-cert", NULL, MEMBER(tls_certificate), 0, 0, take_text, "a path",
     "PEM certificate chain: --listen speaks TLS"},
    {"server", "tls-key", NULL, MEMBER(tls_key), 0, 0, take_text, "a path",
     "PEM private key of --tls-cert"},
    {"server", "dev", "false", MEMBER(dev), 0, 0, take_switch, "true or false",
     "built-in issuer, demo tenant, HTTPS on the next port; loopback only"},
    {"server", "loops", NULL, MEMBER(loops), 1, 64, take_size, "a whole number from 1 to 64",
     "event loops; default: as many as the machine has cores"},
    {"server", "connections", "20000", MEMBER(connections), CONFIG_CONNECTIONS_AT_LEAST, 1000000,
     take_size, "a whole number from 16 to 1000000", "open connections to --listen, at most"},
    {"server", "trusted-proxies", NULL, 0, 0, 0, take_proxies,
     "addresses and networks such as 10.0.0.5 192.168.7.0/24 parted by blanks, or local, 64 at "
     "most",
     "proxies whose X-Forwarded-For, -Proto and -Host count"},
    {"server", "store", "sqlite", 0, 0, 0, take_store, "sqlite, the only engine so far",
     "the engine that keeps the data"},
    {"server", "log-level", "info", MEMBER(log_level), 0, 0, take_log_level,
     "debug, info, warning or error", "lines below it are not written"},
    {"server", "log-format", "logfmt", MEMBER(log_format), 0, 0, take_log_format, "logfmt or json",
     "form of the log on standard error"},
    {"server", "access-log", "true", MEMBER(access_log), 0, 0, take_switch, "true or false",
     "a line for each request, at level info"},
    {"server", "gzip", "true", MEMBER(gzip), 0, 0, take_switch, "true or false",
     "compress larger answers for clients that ask for it"},
    {"server", "clock-skew-seconds", "60", MEMBER(clock_skew_seconds), 0, 600, take_integer,
     "a whole number from 0 to 600", "how far an issuer's clock may be off"},
    {"server", "token-overlap-seconds", "0", MEMBER(token_overlap_seconds), 0, 2592000,
     take_integer, "a whole number from 0 to 2592000",
     "how long a replaced enrollment token is still accepted"},
    {"server", "token-expiry-warning-seconds", "604800", MEMBER(token_expiry_warning_seconds), 0,
     31536000, take_integer, "a whole number from 0 to 31536000",
     "how long before its expiry a profile's token is warned of; 0: never"},
    {"server", "enroll-refusals-per-minute", "60", MEMBER(enroll_refusals_per_minute), 0, 100000,
     take_integer, "a whole number from 0 to 100000",
     "refused enrollments from one address before it is slowed; 0: no limit, as with --dev"},
    {"server", "audit-retention-days", "400", MEMBER(audit_retention_days), 0, 36500, take_integer,
     "a whole number from 0 to 36500", "how long audit events are kept; 0: for ever"},
    {"graph", "intune-error-wrapping", "false", MEMBER(intune_error_wrapping), 0, 0, take_switch,
     "true or false", "wrap permission errors in JSON text as Intune does"},
    {"graph", "cors-origins", NULL, MEMBER(cors_origins), 0, 0, take_origins,
     "origins such as https://portal.example.com parted by blanks, or * alone",
     "whose web pages may call Graph; default: nobody's"},
    {"graph", "throttle-span-seconds", "20", MEMBER(throttle_span_seconds), 1, 3600, take_integer,
     "a whole number from 1 to 3600", "the span in which the numbers of throttle-… are allowed"},
    {"graph", "throttle-calls-per-tenant", "2000", MEMBER(throttle_calls_per_tenant), 0, 1000000,
     take_integer, "a whole number from 0 to 1000000",
     "calls of a tenant's applications together; 0: no limit, as with --dev"},
    {"graph", "throttle-calls-per-app", "1000", MEMBER(throttle_calls_per_application), 0, 1000000,
     take_integer, "a whole number from 0 to 1000000",
     "calls of one application in a tenant; 0: no limit, as with --dev"},
    {"graph", "throttle-changes-per-tenant", "200", MEMBER(throttle_changes_per_tenant), 0, 1000000,
     take_integer, "a whole number from 0 to 1000000",
     "of these, changes; 0: no limit, as with --dev"},
    {"graph", "throttle-changes-per-app", "100", MEMBER(throttle_changes_per_application), 0,
     1000000, take_integer, "a whole number from 0 to 1000000",
     "of these, changes; 0: no limit, as with --dev"},
};

const size_t config_key_count = sizeof config_keys / sizeof config_keys[0];

const struct config_key *config_key_find(const char *section, const char *name) {
    for (size_t i = 0; i < config_key_count; i++) {
        if (strcmp(config_keys[i].name, name) == 0 &&
            (section == NULL || strcmp(config_keys[i].section, section) == 0))
            return &config_keys[i];
    }
    return NULL;
}

bool config_key_is_switch(const struct config_key *key) {
    return key->take == take_switch;
}

bool config_key_hides_value(const struct config_key *key) {
    return key->take == take_store;
}

bool config_key_is_list(const struct config_key *key) {
    return key->take == take_proxies || key->take == take_origins;
}

void config_key_empty(struct config *config, const struct config_key *key) {
    if (key->take == take_origins)
        *(const char **)member(config, key) = NULL;
    if (key->take != take_proxies)
        return;
    config->trusted_proxy_count = 0;
    config->trusts_local_proxies = false;
}

void config_key_variable(const struct config_key *key, char *text, size_t size) {
    int length = snprintf(text, size, "MUSTER_%s", key->name);
    for (int i = 0; i < length && (size_t)i < size; i++)
        text[i] = text[i] == '-' ? '_' : (char)toupper((unsigned char)text[i]);
}
