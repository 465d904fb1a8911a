#include "auth/key_source.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "auth/fetch_address.h"
#include "auth/sign_in_address.h"
#include "auth/token_json.h"
#include "base/memory.h"

struct error key_source_open(struct key_source *source, const struct issuer_settings *settings,
                             struct published_keys *published, CURLM *multi, struct log *log) {
    *source = (struct key_source){
        .settings = settings, .published = published, .log = log, .due = INSTANT_NEVER};
    atomic_init(&source->wanted, false);
    atomic_init(&source->wanted_again_at, INSTANT_NEVER);
    if (settings->jwks_file != NULL)
        return error_none();
    return key_download_open(&source->download, multi, settings->ca_file, source);
}

bool key_source_want(struct key_source *source, instant now) {
    int64_t every = source->settings->jwks_file != NULL ? KEY_SOURCE_FILE_WANTED_EVERY_SECONDS
                                                        : KEY_SOURCE_WANTED_EVERY_SECONDS;
    instant again = atomic_load_explicit(&source->wanted_again_at, memory_order_relaxed);
    /* A clock that was set back must not shut out fetches for longer than the limit says. */
    if (now < again && again - now <= every * INSTANT_TICKS_PER_SECOND)
        return false;
    if (!atomic_compare_exchange_strong(&source->wanted_again_at, &again,
                                        instant_add_seconds(now, every)))
        return false;
    atomic_store(&source->wanted, true);
    return true;
}

void key_source_refresh(struct key_source *source) {
    source->refreshing = true;
}

static bool is_due(const struct key_source *source, instant now) {
    instant latest = instant_add_seconds(now, INT64_C(2) * KEY_SOURCE_REFRESH_SECONDS);
    return source->due <= now || source->due > latest;
}

int key_source_wait(const struct key_source *source, instant now, int most) {
    if (source->stage != KEY_SOURCE_IDLE)
        return most;
    if (source->refreshing || atomic_load(&source->wanted) || is_due(source, now))
        return 0;
    int64_t milliseconds = (source->due - now) / INSTANT_TICKS_PER_MILLISECOND + 1;
    return milliseconds < most ? (int)milliseconds : most;
}

static void end_transfer(struct key_source *source, instant next) {
    source->stage = KEY_SOURCE_IDLE;
    source->due = next;
    free(source->address);
    source->address = NULL;
}

/* place is where the keys were looked for; a state is logged when it begins, not at every try. */
static void fail(struct key_source *source, const struct error *problem, instant now) {
    const char *place =
        source->settings->jwks_file != NULL ? source->settings->jwks_file : source->address;
    int64_t wait = INT64_C(1) << (source->failures < 6 ? source->failures : 6);
    if (wait > KEY_SOURCE_RETRY_SECONDS_AT_MOST)
        wait = KEY_SOURCE_RETRY_SECONDS_AT_MOST;
    source->failures++;
    if (!source->is_known_to_fail)
        LOG(source->log, LOG_LEVEL_WARNING, "issuer keys cannot be fetched",
            log_string("issuer", source->settings->name), log_string("from", place),
            log_string("reason", problem->message),
            log_string("consequence", source->is_known_to_work
                                          ? "the keys known so far stay in use"
                                          : "no token of this issuer is accepted yet"));
    source->is_known_to_fail = true;
    end_transfer(source, instant_add_seconds(now, wait));
}

static void succeed(struct key_source *source, struct keyset *keys, int64_t max_age, instant now) {
    size_t count = keyset_count(keys);
    bool changed = published_keys_set(source->published, keys, now);
    if (changed && count == 0)
        LOG(source->log, LOG_LEVEL_WARNING, "issuer publishes no usable key",
            log_string("issuer", source->settings->name));
    if (changed || source->is_known_to_fail)
        LOG(source->log, LOG_LEVEL_INFO, "issuer keys fetched",
            log_string("issuer", source->settings->name), log_number("keys", (int64_t)count),
            log_string("state", changed ? "changed" : "unchanged"));
    source->failures = 0;
    source->is_known_to_fail = false;
    source->is_known_to_work = true;
    if (max_age < KEY_SOURCE_REFRESH_SECONDS_AT_LEAST)
        max_age = KEY_SOURCE_REFRESH_SECONDS_AT_LEAST;
    if (max_age > KEY_SOURCE_REFRESH_SECONDS)
        max_age = KEY_SOURCE_REFRESH_SECONDS;
    end_transfer(source, instant_add_seconds(now, max_age));
}

static void use_document(struct key_source *source, struct slice document, int64_t max_age,
                         instant now) {
    struct keyset *keys = NULL;
    struct error error = keyset_parse(document, source->settings->name, source->log, &keys);
    if (error_is_set(&error))
        fail(source, &error, now);
    else
        succeed(source, keys, max_age, now);
}

static void read_file(struct key_source *source, instant now) {
    struct buffer document = {0};
    struct error error = key_file_read(source->settings->jwks_file, &source->stamp, &document);
    if (error_is_set(&error))
        fail(source, &error, now);
    else
        use_document(source, buffer_slice(&document), KEY_SOURCE_REFRESH_SECONDS, now);
    buffer_free(&document);
}

/* Takes over address. */
static void start(struct key_source *source, enum key_source_stage stage, char *address,
                  instant now) {
    free(source->address);
    source->address = address;
    source->stage = stage;
    struct error error = key_download_start(&source->download, address);
    if (error_is_set(&error))
        fail(source, &error, now);
}

void key_source_run(struct key_source *source, instant now) {
    const struct issuer_settings *settings = source->settings;
    if (source->stage != KEY_SOURCE_IDLE)
        return;
    bool wanted = atomic_exchange(&source->wanted, false);
    bool due = source->refreshing || is_due(source, now);
    source->refreshing = false;
    if (settings->jwks_file != NULL) {
        if (due || (wanted && key_file_changed(settings->jwks_file, &source->stamp)))
            read_file(source, now);
        return;
    }
    if (!wanted && !due)
        return;
    if (settings->jwks_uri != NULL)
        start(source, KEY_SOURCE_FETCHING, memory_copy_string(settings->jwks_uri), now);
    else
        start(source, KEY_SOURCE_DISCOVERING, issuer_discovery_address(settings), now);
}

/* Only told to clients: one that is missing or unfit is no reason to distrust the keys. */
static void publish_endpoint(const struct key_source *source, struct slice endpoint) {
    if (endpoint.length > 0 && strlen(endpoint.data) == endpoint.length &&
        sign_in_address_is_valid(endpoint.data))
        published_keys_set_authorization_endpoint(source->published, endpoint.data);
}

/* The jwks_uri of a discovery document that speaks for this issuer, as a copy. */
static struct error read_discovery(const struct key_source *source, char **jwks_uri) {
    struct slice body = buffer_slice(&source->download.body);
    json_t *document =
        body.length == 0 ? NULL : json_loadb(body.data, body.length, JSON_REJECT_DUPLICATES, NULL);
    struct slice issuer = token_json_member(document, "issuer");
    struct slice keys = token_json_member(document, "jwks_uri");
    struct error error = error_none();
    *jwks_uri = NULL;
    if (keys.length == 0)
        error = error_make(ERROR_UNAVAILABLE, "is not a discovery document with a jwks_uri");
    else if (!slice_equals_string(issuer, source->settings->issuer))
        error = error_make(ERROR_UNAVAILABLE,
                           "speaks for the issuer '%.*s', which is not the configured one: if the "
                           "iss claim of the tokens is that, set issuer to it and discovery-url to "
                           "this address; else set discovery-url to the document of the "
                           "configured issuer",
                           SLICE_PRINTF(issuer));
    else
        error = fetch_address_check(keys.data);
    /* An issuer beyond this machine has no business with what listens on it. */
    if (!error_is_set(&error) && fetch_address_is_plain(keys.data) &&
        !fetch_address_is_plain(source->address))
        error = error_make(ERROR_UNAVAILABLE, "names a jwks_uri that is not https");
    if (!error_is_set(&error)) {
        *jwks_uri = memory_copy_string(keys.data);
        publish_endpoint(source, token_json_member(document, "authorization_endpoint"));
    }
    json_decref(document);
    return error;
}

void key_source_continue(struct key_source *source, CURLcode result, instant now) {
    struct error error = key_download_finish(&source->download, result);
    if (error_is_set(&error)) {
        fail(source, &error, now);
        return;
    }
    if (source->stage == KEY_SOURCE_FETCHING) {
        use_document(source, buffer_slice(&source->download.body),
                     key_download_max_age(&source->download, KEY_SOURCE_REFRESH_SECONDS), now);
        return;
    }
    char *jwks_uri = NULL;
    error = read_discovery(source, &jwks_uri);
    if (error_is_set(&error))
        fail(source, &error, now);
    else
        start(source, KEY_SOURCE_FETCHING, jwks_uri, now);
}

void key_source_close(struct key_source *source) {
    key_download_close(&source->download);
    free(source->address);
    source->address = NULL;
}
