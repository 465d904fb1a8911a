#include "cli/assembly.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "authority/local_authority.h"
#include "base/arena.h"
#include "base/memory.h"
#include "base/random_pool.h"
#include "cli/descriptors.h"
#include "cli/process.h"
#include "cli/webhook_metrics.h"
#include "ops/metrics.h"
#include "service/picture_cache.h"
#include "service/refusal_journal.h"
#include "store/sqlite/sqlite_store.h"

#define ADMIN_SOCKET_MODE 0600U
/* Threads at the store that are no loops, behind the loops. */
enum seat { SEAT_WATCH, SEAT_WEBHOOKS, SEATS };

static struct slice path_in(struct arena *arena, const struct config *config, const char *name) {
    return arena_format(arena, "%s/%s", config->data_directory, name);
}

static struct error bound_connections(const struct config *config, struct log *log,
                                      size_t *connections) {
    const struct descriptors descriptors = {.available = process_find_file_limit(),
                                            .loops = config->loops,
                                            .configured = config->connections};
    struct error error = descriptors_bound_connections(&descriptors, connections);
    if (error_is_set(&error) || *connections == config->connections)
        return error;
    LOG(log, config->dev ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING, "fewer connections than configured",
        log_number("configured", (int64_t)config->connections),
        log_number("connections", (int64_t)*connections),
        log_number("descriptors", (int64_t)descriptors.available),
        log_number("needed", (int64_t)descriptors_needed(&descriptors)));
    return error_none();
}

static struct error open_http(struct assembly *assembly, void (*reload)(void *context),
                              void (*started)(void *context), void *context) {
    struct http_server_options options = {.loops = assembly->config->loops,
                                          .limits = http_limits_default(),
                                          .clock = &system_clock,
                                          .random = &system_random,
                                          .log = assembly->log,
                                          .reload = reload,
                                          .started = started,
                                          .context = context};
    struct error error =
        bound_connections(assembly->config, assembly->log, &options.limits.connections);
    if (error_is_set(&error))
        return error;
    if (!assembly->config->gzip)
        options.limits.compressed_at_least = 0;
    return http_server_open(&options, &assembly->http);
}

/* The key comes first: a database beside a key that is missing must not be touched. */
static struct error open_authority(struct assembly *assembly, struct arena *arena) {
    uint8_t master_key[LOCAL_AUTHORITY_KEY_SIZE];
    const char *database = path_in(arena, assembly->config, "muster.db").data;
    const char *key = path_in(arena, assembly->config, "token.key").data;
    bool is_new = access(database, F_OK) != 0;
    struct error error = local_authority_load_key(key, is_new, &system_random, master_key);
    if (!error_is_set(&error))
        error = local_authority_open(master_key, &assembly->authority);
    OPENSSL_cleanse(master_key, sizeof master_key);
    return error;
}

/* The issuer's key is made before the database, so a database without it has never been one of
 * --dev, not even one whose first start was cut short. */
static struct error open_dev_issuer(struct assembly *assembly, struct arena *arena) {
    const struct config *config = assembly->config;
    if (!config->dev)
        return error_none();
    bool has_data = access(path_in(arena, config, "muster.db").data, F_OK) == 0 ||
                    access(path_in(arena, config, "token.key").data, F_OK) == 0;
    if (has_data && access(path_in(arena, config, DEV_ISSUER_KEY_FILE).data, F_OK) != 0)
        return error_make_for(ERROR_INVALID, "data-dir",
                              "%s holds the data of a server without --dev, which would add a demo "
                              "tenant there and believe tokens of a key of its own. Use another "
                              "--data-dir, or for a copy to try things out with: "
                              "muster dev-token --data-dir %s",
                              config->data_directory, config->data_directory);
    return dev_issuer_open(config->data_directory, &assembly->dev_issuer);
}

static struct error open_store(struct assembly *assembly, struct arena *arena) {
    store_seating_make(&assembly->seating, http_server_completions(assembly->http),
                       assembly->config->loops);
    struct sqlite_store_options options = {
        .path = path_in(arena, assembly->config, "muster.db").data,
        .loops = assembly->config->loops + SEATS,
        .completions = &assembly->seating.completions,
        .log = assembly->log,
        .audit_retention_days = assembly->config->audit_retention_days,
        .clock = &system_clock,
    };
    return sqlite_store_open(&options, &assembly->store);
}

static struct error start_watch(struct assembly *assembly) {
    const struct watch_options options = {
        .store = assembly->store,
        .loop = assembly->config->loops + SEAT_WATCH,
        .warning_seconds = assembly->config->token_expiry_warning_seconds,
        .clock = &system_clock,
        .log = assembly->log,
    };
    return watch_thread_start(&options, &assembly->watch);
}

static struct error start_webhooks(struct assembly *assembly) {
    const struct webhook_options options = {
        .webhooks = assembly->config->webhooks,
        .count = assembly->config->webhook_count,
        .store = assembly->store,
        .loop = assembly->config->loops + SEAT_WEBHOOKS,
        .completions = &assembly->seating.completions,
        .clock = &system_clock,
        .random = &system_random,
        .log = assembly->log,
    };
    return webhook_thread_start(&options, &assembly->webhooks);
}

static struct error open_authenticator(struct assembly *assembly) {
    const struct config *config = assembly->config;
    struct issuer_settings *issuers =
        memory_allocate_zeroed(config->issuer_count + 1, sizeof *issuers);
    size_t count = config->issuer_count;
    if (count > 0)
        memcpy(issuers, config->issuers, count * sizeof *issuers);
    if (assembly->dev_issuer != NULL)
        issuers[count++] = *dev_issuer_settings(assembly->dev_issuer);
    struct authenticator_options options = {
        .issuers = issuers,
        .issuer_count = count,
        .loops = config->loops,
        .clock_skew_seconds = config->clock_skew_seconds,
        .cache_entries = AUTHENTICATOR_DEFAULT_CACHE_ENTRIES,
        .clock = &system_clock,
        .log = assembly->log,
    };
    struct error error = authenticator_open(&options, &assembly->authenticator);
    free(issuers);
    return error;
}

static void write_http_metrics(const struct assembly *assembly, struct buffer *out) {
    struct http_counts counts = http_server_count(assembly->http);
    const struct metrics_part responses[] = {
        {"2xx", counts.responses_by_class[2]},
        {"3xx", counts.responses_by_class[3]},
        {"4xx", counts.responses_by_class[4]},
        {"5xx", counts.responses_by_class[5]},
    };
    metrics_write_gauge(out, "muster_http_connections_open", "Connections that are open.",
                        (int64_t)counts.connections_open);
    metrics_write_counter(out, "muster_http_connections_total", "Connections that were accepted.",
                          counts.connections_accepted);
    metrics_write_counter(out, "muster_http_connections_refused_total",
                          "Connections closed at once because there were too many.",
                          counts.connections_refused);
    metrics_write_counter(out, "muster_http_requests_total", "Requests that arrived.",
                          counts.requests);
    metrics_write_counters(out, "muster_http_responses_total", "Answers, by class of status.",
                           "class", responses, sizeof responses / sizeof responses[0]);
}

static void write_metrics(void *context, struct buffer *out) {
    struct assembly *assembly = context;
    write_http_metrics(assembly, out);
    struct refusal_limiter_counts tokens = refusal_limiter_count(assembly->limiters.tokens);
    struct refusal_limiter_counts credentials =
        refusal_limiter_count(assembly->limiters.credentials);
    metrics_write_counter(out, "muster_enroll_refused_total",
                          "Enrollments whose token was not accepted.", tokens.refused);
    metrics_write_counter(out, "muster_enroll_slowed_total",
                          "Enrollments put off because their address had been refused too often.",
                          tokens.slowed);
    metrics_write_counter(out, "muster_device_credential_refused_total",
                          "Device credentials that were not accepted.", credentials.refused);
    metrics_write_counter(out, "muster_device_credential_slowed_total",
                          "Calls with a device credential put off because their address had been "
                          "refused too often.",
                          credentials.slowed);
    metrics_write_counter(out, "muster_graph_throttled_total",
                          "Graph calls refused because their application or tenant made too many.",
                          assembly->throttle == NULL ? 0 : throttle_count(assembly->throttle));
    struct watch_counts watched = watch_thread_count(assembly->watch);
    metrics_write_gauge(out, "muster_tokens_expiring",
                        "Current tokens that were warned of and have not expired.",
                        watched.expiring);
    metrics_write_counter(out, "muster_tokens_warned_total",
                          "Tokens that were warned of before they expire.", watched.warned);
    metrics_write_counter(out, "muster_tokens_expired_total",
                          "Current tokens that were seen to expire.", watched.expired);
    metrics_write_counter(out, "muster_log_lines_dropped_total",
                          "Lines of the log dropped because nobody read it.",
                          log_count_dropped(assembly->log));
    webhook_metrics_write(assembly->webhooks, assembly->config->webhook_count, out);
}

static struct throttle *open_throttle(const struct config *config) {
    const struct throttle_limits limits = {
        .span_seconds = config->throttle_span_seconds,
        .calls_per_tenant = config->throttle_calls_per_tenant,
        .calls_per_application = config->throttle_calls_per_application,
        .changes_per_tenant = config->throttle_changes_per_tenant,
        .changes_per_application = config->throttle_changes_per_application,
    };
    bool has_limits = limits.calls_per_tenant > 0 || limits.calls_per_application > 0 ||
                      limits.changes_per_tenant > 0 || limits.changes_per_application > 0;
    return has_limits ? throttle_open(&limits, &system_random) : NULL;
}

/* Settings that name no controller, or do not pass, make no template: then there is no code, or the
 * log says with each why not. */
static void open_codes(struct assembly *assembly) {
    struct error error = payload_template_make(&assembly->config->provisioning,
                                               PROVISIONING_FORMAT_QR, &assembly->qr_payload);
    (void)error;
    assembly->qr_payload_quoted = payload_template_quote(&assembly->qr_payload);
    assembly->pictures = picture_cache_open(PICTURE_CACHE_BYTES_AT_MOST);
}

static void open_doors(struct assembly *assembly) {
    open_codes(assembly);
    assembly->refusals = refusal_journal_open(assembly->store, &system_random);
    int refusals_per_minute = assembly->config->enroll_refusals_per_minute;
    assembly->limiters = (struct enroll_limiters){
        .tokens = refusal_limiter_open(refusals_per_minute, &system_random),
        .credentials = refusal_limiter_open(refusals_per_minute, &system_random),
    };
    assembly->throttle = open_throttle(assembly->config);
    assembly->service = (struct service){
        .store = assembly->store,
        .authority = assembly->authority,
        .random = random_pool_source(assembly->random),
        .log = assembly->log,
        .refusals = assembly->refusals,
        .token_overlap_seconds = (int32_t)assembly->config->token_overlap_seconds,
        .provisioning = &assembly->config->provisioning,
        .qr_payload = &assembly->qr_payload,
        .qr_payload_quoted = &assembly->qr_payload_quoted,
        .pictures = assembly->pictures,
    };
    struct graph_options options = {
        .service = &assembly->service,
        .authenticator = assembly->authenticator,
        .throttle = assembly->throttle,
        .cors_origins = assembly->config->cors_origins,
        .intune_error_wrapping = assembly->config->intune_error_wrapping,
        .clock = &system_clock,
        .access_log = assembly->config->access_log,
    };
    assembly->graph = graph_open(&options);
    assembly->enroll = enroll_door_open(&assembly->service, &assembly->limiters);
    assembly->front =
        front_door_make(graph_door(assembly->graph), enroll_door_get(assembly->enroll));
    assembly->admin = admin_door_make(&assembly->service, assembly->webhooks);
    assembly->ops =
        ops_door_make(assembly->store, assembly->authenticator, write_metrics, assembly);
}

static struct error open_tls(struct assembly *assembly, struct arena *arena) {
    const struct config *config = assembly->config;
    if (config->tls_certificate != NULL)
        return http_tls_open(config->tls_certificate, config->tls_key, &assembly->tls);
    if (!config->dev)
        return error_none();
    struct error error = http_tls_make_development_certificate(config->data_directory);
    if (error_is_set(&error))
        return error;
    return http_tls_open(path_in(arena, config, "dev-tls.pem").data,
                         path_in(arena, config, "dev-tls.key").data, &assembly->tls);
}

/* "127.0.0.1:8080" -> "127.0.0.1:8081"; port 0 stays "any". */
static struct slice next_port(struct arena *arena, const char *address) {
    const char *colon = strrchr(address, ':');
    if (colon == NULL)
        return slice_from_string(address);
    long port = strtol(colon + 1, NULL, 10);
    return arena_format(arena, "%.*s:%ld", (int)(colon - address), address,
                        port == 0 ? 0 : port + 1);
}

/* With a certificate of its own the public listener speaks TLS; in --dev it is plain, and the
 * development certificate serves the next port up. */
static struct error listen_public(struct assembly *assembly, struct arena *arena) {
    const struct config *config = assembly->config;
    bool has_certificate = config->tls_certificate != NULL;
    assembly->proxies = (struct http_proxies){.networks = config->trusted_proxies,
                                              .count = config->trusted_proxy_count,
                                              .local = config->trusts_local_proxies};
    struct http_listener_options options = {.address = config->listen,
                                            .unix_mode = config->socket_mode,
                                            .proxies = &assembly->proxies,
                                            .door = &assembly->front.door,
                                            .tls = has_certificate ? assembly->tls : NULL,
                                            .access_log = config->access_log};
    struct error error = http_server_listen(assembly->http, &options, assembly->addresses.listen);
    if (error_is_set(&error) || has_certificate || assembly->tls == NULL)
        return error;
    bool any_port = slice_ends_with(slice_from_string(config->listen), SLICE(":0"));
    options.address = next_port(arena, any_port ? config->listen : assembly->addresses.listen).data;
    options.tls = assembly->tls;
    return http_server_listen(assembly->http, &options, assembly->addresses.listen_tls);
}

static struct error listen_all(struct assembly *assembly, struct arena *arena) {
    struct error error = listen_public(assembly, arena);
    if (error_is_set(&error))
        return error;
    struct http_listener_options ops = {.address = assembly->config->ops_listen,
                                        .unix_mode = assembly->config->socket_mode,
                                        .connections = DESCRIPTORS_OPERATORS_AT_MOST,
                                        .door = &assembly->ops.door};
    error = http_server_listen(assembly->http, &ops, assembly->addresses.ops);
    if (error_is_set(&error))
        return error;
    char text[HTTP_ADDRESS_TEXT_SIZE];
    struct http_listener_options admin = {
        .address = arena_format(arena, "unix:%s/admin.sock", assembly->config->data_directory).data,
        .unix_mode = ADMIN_SOCKET_MODE,
        .connections = DESCRIPTORS_OPERATORS_AT_MOST,
        .door = &assembly->admin.door,
        .access_log = true};
    return http_server_listen(assembly->http, &admin, text);
}

struct error assembly_open(struct assembly *assembly, const struct config *config, struct log *log,
                           void (*reload)(void *context), void (*started)(void *context),
                           void *context) {
    *assembly = (struct assembly){.config = config, .log = log};
    assembly->random = random_pool_open(&system_random);
    struct arena arena = {0};
    struct error error = process_make_directory(config->data_directory);
    if (!error_is_set(&error))
        error = open_http(assembly, reload, started, context);
    if (!error_is_set(&error))
        error = open_dev_issuer(assembly, &arena);
    if (!error_is_set(&error))
        error = open_authority(assembly, &arena);
    if (!error_is_set(&error))
        error = open_store(assembly, &arena);
    if (!error_is_set(&error))
        error = open_authenticator(assembly);
    if (!error_is_set(&error))
        error = start_webhooks(assembly);
    if (!error_is_set(&error))
        error = start_watch(assembly);
    if (!error_is_set(&error))
        error = open_tls(assembly, &arena);
    if (!error_is_set(&error)) {
        open_doors(assembly);
        error = listen_all(assembly, &arena);
    }
    arena_free(&arena);
    return error;
}

void assembly_close(struct assembly *assembly) {
    watch_thread_stop(assembly->watch);
    webhook_thread_stop(assembly->webhooks);
    if (assembly->store != NULL)
        assembly->store->close(assembly->store);
    if (assembly->http != NULL)
        http_server_close(assembly->http);
    if (assembly->authenticator != NULL)
        authenticator_close(assembly->authenticator);
    if (assembly->dev_issuer != NULL)
        dev_issuer_close(assembly->dev_issuer);
    if (assembly->tls != NULL)
        http_tls_close(assembly->tls);
    if (assembly->graph != NULL)
        graph_close(assembly->graph);
    if (assembly->enroll != NULL)
        enroll_door_close(assembly->enroll);
    refusal_limiter_close(assembly->limiters.tokens);
    refusal_limiter_close(assembly->limiters.credentials);
    throttle_close(assembly->throttle);
    refusal_journal_close(assembly->refusals);
    payload_template_free(&assembly->qr_payload);
    payload_template_free(&assembly->qr_payload_quoted);
    picture_cache_close(assembly->pictures);
    if (assembly->authority != NULL)
        assembly->authority->close(assembly->authority);
    random_pool_close(assembly->random);
}
