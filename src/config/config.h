/* The server's configuration: flags, environment and one INI file become one struct.
 *
 * Every key of [server] and [graph] is a row of the table in config_keys.c and has three names:
 * `listen` in the file's section [server], `--listen` on the command line, MUSTER_LISTEN in the
 * environment. A flag wins over the environment, that over the file, that over the default. In the
 * file only are the sections [issuer NAME], which name the OpenID Connect issuers that are trusted,
 * [webhook NAME], who is told of events, and [provisioning], what QR codes say. */
#ifndef MUSTER_CONFIG_CONFIG_H
#define MUSTER_CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "auth/issuer.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "base/network.h"
#include "provisioning/settings.h"
#include "webhook/webhook_settings.h"

#define CONFIG_CONNECTIONS_AT_LEAST 16
#define CONFIG_ISSUERS_AT_MOST 32
#define CONFIG_PROXIES_AT_MOST 64
#define CONFIG_WEBHOOKS_AT_MOST 16

struct config {
    const char *file; /* NULL: none was read */
    const char *data_directory;
    const char *listen;
    const char *ops_listen;
    unsigned socket_mode;        /* permission bits of those that are Unix sockets */
    const char *tls_certificate; /* NULL: none */
    const char *tls_key;
    size_t loops;
    size_t connections;
    enum log_level log_level;
    enum log_format log_format;
    bool dev;
    bool access_log;           /* a line a request */
    bool gzip;                 /* for clients that ask for it */
    bool trusts_local_proxies; /* those that connect over a Unix socket */
    /* Which proxies are believed whom they ask for. */
    struct network trusted_proxies[CONFIG_PROXIES_AT_MOST];
    size_t trusted_proxy_count;
    int clock_skew_seconds;
    int token_overlap_seconds;
    int token_expiry_warning_seconds; /* 0: nobody is warned */
    int enroll_refusals_per_minute;   /* from one address, before it is slowed; 0: no limit */
    int audit_retention_days;         /* 0: for ever */
    const char *cors_origins;         /* NULL: none */
    /* How many Graph calls, of these changes, in the span; 0: no limit. */
    int throttle_span_seconds;
    int throttle_calls_per_tenant;
    int throttle_calls_per_application; /* in one tenant */
    int throttle_changes_per_tenant;
    int throttle_changes_per_application;
    bool intune_error_wrapping;
    struct provisioning_settings provisioning; /* section [provisioning] */
    struct issuer_settings issuers[CONFIG_ISSUERS_AT_MOST];
    size_t issuer_count;
    struct webhook_settings webhooks[CONFIG_WEBHOOKS_AT_MOST];
    size_t webhook_count;
    bool wants_help;    /* --help was given: nothing else counts */
    struct arena arena; /* holds all texts */
};

/* The environment, passed in so that tests can hold it still: getenv's shape. An empty variable is
 * taken for one that is not set. */
typedef char *config_environment(const char *name);

/* Reads everything; arguments[0] is the subcommand and is passed over. Every value is checked, also
 * one that a stronger source replaces. The caller ends config with config_free; loading again gives
 * a fresh one. Errors: ERROR_INVALID that names flag, variable or file:line, and what to do. */
struct error config_load(int argument_count, char **arguments, config_environment *environment,
                         struct config **config) MUST_CHECK;

void config_free(struct config *config);

/* Whether the keys go together: certificate with key, and loopback addresses only with dev.
 * config_load has checked it; who changes a config afterwards does so again. */
struct error config_check(const struct config *config) MUST_CHECK;

/* Where the data are when neither flag nor file says so, for client commands as for the server:
 * MUSTER_DATA_DIR, else /var/lib/muster where it can be written, else ./muster-data. */
const char *config_default_data_directory(config_environment *environment);

/* The same for the server and the issuer of --dev: MUSTER_DATA_DIR, else ./muster-data. */
const char *config_development_data_directory(config_environment *environment);

/* One line for each key: flag, what it does, default. */
void config_print_keys(FILE *out);

#endif
