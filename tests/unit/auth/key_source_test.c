#include "auth/key_source.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/key_server.h"
#include "auth/token_forge.h"
#include "test.h"

#define START (INSTANT_UNIX_EPOCH + FORGE_NOW * INSTANT_TICKS_PER_SECOND)
#define MINUTE_MILLISECONDS 60000
#define HOUR_MILLISECONDS (60 * MINUTE_MILLISECONDS)

static char *first_keys;
static char *second_keys;

struct world {
    struct key_server *server;
    CURLM *multi;
    struct issuer_settings settings;
    struct published_keys published;
    struct key_source source;
    char jwks_uri[128];
};

static int make_documents(void **state) {
    (void)state;
    cjose_jwk_t *key = forge_ec_key(CJOSE_JWK_EC_P_256);
    first_keys = forge_jwks(forge_jwk(key, "first", ""), NULL);
    second_keys = forge_jwks(forge_jwk(key, "second", ""), NULL);
    (void)cjose_jwk_release(key);
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? 0 : -1;
}

static int free_documents(void **state) {
    (void)state;
    free(first_keys);
    free(second_keys);
    curl_global_cleanup();
    return 0;
}

static void open_source(struct world *world) {
    assert_ok(
        key_source_open(&world->source, &world->settings, &world->published, world->multi, NULL));
}

/* An issuer that answers as it should. */
static struct world *open_world(void) {
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    world->server = key_server_open();
    world->multi = curl_multi_init();
    world->settings = forge_issuer();
    world->settings.discovery_url = NULL;
    world->settings.issuer = key_server_address(world->server);
    (void)snprintf(world->jwks_uri, sizeof world->jwks_uri, "%s%s", world->settings.issuer,
                   KEY_SERVER_KEYS);
    key_server_set_discovery(world->server, world->settings.issuer, world->jwks_uri);
    key_server_set(world->server, KEY_SERVER_KEYS, 200, NULL, first_keys);
    published_keys_open(&world->published);
    open_source(world);
    return world;
}

static void close_world(struct world *world) {
    key_source_close(&world->source);
    published_keys_close(&world->published);
    (void)curl_multi_cleanup(world->multi);
    key_server_close(world->server);
    free(world);
}

/* Plays the keys thread at one instant until there is nothing left to do. */
static void run_at(struct world *world, instant now) {
    key_source_run(&world->source, now);
    while (world->source.stage != KEY_SOURCE_IDLE) {
        int left = 0;
        assert_int_equal(curl_multi_perform(world->multi, &left), CURLM_OK);
        CURLMsg *message = curl_multi_info_read(world->multi, &left);
        if (message != NULL)
            key_source_continue(&world->source, message->data.result, now);
        else
            assert_int_equal(curl_multi_poll(world->multi, NULL, 0, 100, NULL), CURLM_OK);
    }
}

static bool knows(struct world *world, const char *kid) {
    struct published_keys_view view = {0};
    published_keys_look(&world->published, &view);
    bool found =
        view.keys != NULL && keyset_find(view.keys, slice_from_string(kid), ISSUER_ES256) != NULL;
    published_keys_forget(&view);
    return found;
}

static int wait_of(const struct world *world, instant now) {
    return key_source_wait(&world->source, now, INT_MAX);
}

static void keys_come_by_way_of_the_discovery_document(void **state) {
    (void)state;
    struct world *world = open_world();
    assert_int_equal(wait_of(world, START), 0);
    run_at(world, START);
    assert_true(knows(world, "first"));
    assert_int_equal(key_server_count(world->server, KEY_SERVER_DISCOVERY), 1);
    assert_int_equal(key_server_count(world->server, KEY_SERVER_KEYS), 1);
    close_world(world);
}

static void a_configured_jwks_uri_needs_no_discovery(void **state) {
    (void)state;
    struct world *world = open_world();
    world->settings.jwks_uri = world->jwks_uri;
    run_at(world, START);
    assert_true(knows(world, "first"));
    assert_int_equal(key_server_count(world->server, KEY_SERVER_DISCOVERY), 0);
    close_world(world);
}

static void keys_are_fetched_again_every_hour_or_sooner_if_the_answer_says_so(void **state) {
    (void)state;
    static const struct {
        const char *headers;
        int minutes;
    } cases[] = {
        {NULL, 60},
        {"Cache-Control: no-store\r\n", 60},
        {"Cache-Control: max-age=x\r\n", 60},
        {"Cache-Control: public, Max-Age=1200, must-revalidate\r\n", 20},
        {"Cache-Control: max-age=0\r\n", 5},
        {"Cache-Control: max-age=86400\r\n", 60}, /* what Entra says */
        {"Cache-Control: max-age=31536000\r\n", 60},
        {"Cache-Control: max-age=99999999999999999999\r\n", 60},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct world *world = open_world();
        key_server_set(world->server, KEY_SERVER_KEYS, 200, cases[i].headers, first_keys);
        run_at(world, START);
        assert_int_equal(wait_of(world, START), cases[i].minutes * MINUTE_MILLISECONDS + 1);
        run_at(world, instant_add_seconds(START, cases[i].minutes * 60 - 1));
        assert_int_equal(key_server_count(world->server, KEY_SERVER_KEYS), 1);
        run_at(world, instant_add_seconds(START, cases[i].minutes * 60));
        assert_int_equal(key_server_count(world->server, KEY_SERVER_KEYS), 2);
        close_world(world);
    }
}

static void a_rollover_reaches_the_loops_with_the_next_fetch(void **state) {
    (void)state;
    struct world *world = open_world();
    run_at(world, START);
    key_server_set(world->server, KEY_SERVER_KEYS, 200, NULL, second_keys);
    key_source_refresh(&world->source);
    run_at(world, START);
    assert_true(knows(world, "second"));
    assert_false(knows(world, "first"));
    assert_int_equal(published_keys_generation(&world->published), 2);
    close_world(world);
}

static void what_is_asked_for_during_a_fetch_is_done_after_it(void **state) {
    (void)state;
    for (int by_refresh = 0; by_refresh < 2; by_refresh++) {
        struct world *world = open_world();
        key_source_run(&world->source, START);
        if (by_refresh != 0)
            key_source_refresh(&world->source);
        else
            assert_true(key_source_want(&world->source, START));
        run_at(world, START);
        assert_int_equal(key_server_count(world->server, KEY_SERVER_KEYS), 1);
        assert_int_equal(wait_of(world, START), 0);
        run_at(world, START);
        assert_int_equal(key_server_count(world->server, KEY_SERVER_KEYS), 2);
        assert_int_equal(wait_of(world, START), HOUR_MILLISECONDS + 1);
        close_world(world);
    }
}

static void the_same_keys_again_disturb_nobody(void **state) {
    (void)state;
    struct world *world = open_world();
    run_at(world, START);
    key_source_refresh(&world->source);
    run_at(world, START);
    assert_int_equal(key_server_count(world->server, KEY_SERVER_KEYS), 2);
    assert_int_equal(published_keys_generation(&world->published), 1);
    close_world(world);
}

static void an_issuer_that_fails_is_asked_more_and_more_seldom(void **state) {
    (void)state;
    static const int seconds[] = {1, 2, 4, 8, 16, 32, 60, 60};
    struct world *world = open_world();
    instant now = START;
    key_server_set(world->server, KEY_SERVER_DISCOVERY, 503, NULL, "");
    for (size_t i = 0; i < COUNT_OF(seconds); i++) {
        run_at(world, now);
        assert_int_equal(wait_of(world, now), seconds[i] * 1000 + 1);
        now = instant_add_seconds(now, seconds[i]);
    }
    assert_int_equal(key_server_count(world->server, KEY_SERVER_DISCOVERY), COUNT_OF(seconds));
    key_server_set_discovery(world->server, world->settings.issuer, world->jwks_uri);
    run_at(world, now);
    assert_true(knows(world, "first"));
    assert_int_equal(wait_of(world, now), HOUR_MILLISECONDS + 1);
    close_world(world);
}

/* What an issuer may answer instead of its documents; nothing of it may cost the keys. */
static void old_keys_stay_whatever_the_issuer_answers(void **state) {
    (void)state;
    char *huge = malloc(KEYSET_BYTES_AT_MOST + 2);
    assert_non_null(huge);
    memset(huge, ' ', KEYSET_BYTES_AT_MOST + 1);
    huge[KEYSET_BYTES_AT_MOST + 1] = '\0';
    memcpy(huge, "{\"keys\":[]}", 11);
    const struct {
        const char *path;
        int status;
        const char *headers;
        const char *body;
    } cases[] = {
        {KEY_SERVER_KEYS, 500, NULL, ""},
        {KEY_SERVER_KEYS, 404, NULL, "{\"keys\":[]}"},
        {KEY_SERVER_KEYS, 204, NULL, ""},
        {KEY_SERVER_KEYS, 200, NULL, ""},
        {KEY_SERVER_KEYS, 200, NULL, "<html>"},
        {KEY_SERVER_KEYS, 200, NULL, huge},
        {KEY_SERVER_KEYS, 302, "Location: /elsewhere\r\n", ""},
        {KEY_SERVER_KEYS, 302, "Location: file:///etc/passwd\r\n", ""},
        {KEY_SERVER_DISCOVERY, 200, NULL, ""},
        {KEY_SERVER_DISCOVERY, 200, NULL, "[]"},
        {KEY_SERVER_DISCOVERY, 200, NULL, "{\"issuer\":7,\"jwks_uri\":{}}"},
        {KEY_SERVER_DISCOVERY, 200, NULL, huge},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct world *world = open_world();
        key_server_set(world->server, "/elsewhere", 200, NULL, second_keys);
        run_at(world, START);
        key_server_set(world->server, cases[i].path, cases[i].status, cases[i].headers,
                       cases[i].body);
        key_source_refresh(&world->source);
        run_at(world, START);
        assert_true(knows(world, "first"));
        assert_int_equal(published_keys_generation(&world->published), 1);
        assert_int_equal(key_server_count(world->server, "/elsewhere"), 0);
        assert_int_equal(wait_of(world, START), 1001);
        close_world(world);
    }
    free(huge);
}

static void a_discovery_document_speaks_for_its_issuer_only(void **state) {
    (void)state;
    struct world *world = open_world();
    key_server_set_discovery(world->server, "https://evil.example", world->jwks_uri);
    run_at(world, START);
    assert_false(knows(world, "first"));
    assert_int_equal(key_server_count(world->server, KEY_SERVER_KEYS), 0);
    close_world(world);
}

/* "" where none is known. */
static void assert_endpoint(struct world *world, const char *expected) {
    struct arena arena = {0};
    assert_slice(published_keys_find_authorization_endpoint(&world->published, &arena), expected);
    arena_free(&arena);
}

static void the_discovery_document_says_where_tokens_are_got(void **state) {
    (void)state;
    static const struct {
        const char *named; /* as JSON */
        const char *taken;
    } cases[] = {
        {"\"https://sso.example.com/authorize?realm=a\"",
         "https://sso.example.com/authorize?realm=a"},
        {"\"http://127.0.0.1:1/auth\"", "http://127.0.0.1:1/auth"},
        {"\"http://sso.example.com/authorize\"", ""},
        {"\"javascript:alert(1)\"", ""},
        {"\"https://sso.example.com/\\\"quoted\"", ""},
        {"\"https://sso.example.com/\\\\back\"", ""},
        {"\"https://sso.example.com/\\u0000\"", ""},
        {"\"\"", ""},
        {"7", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct world *world = open_world();
        char document[512];
        assert_endpoint(world, "");
        (void)snprintf(document, sizeof document,
                       "{\"issuer\":\"%s\",\"jwks_uri\":\"%s\",\"authorization_endpoint\":%s}",
                       world->settings.issuer, world->jwks_uri, cases[i].named);
        key_server_set(world->server, KEY_SERVER_DISCOVERY, 200, NULL, document);
        run_at(world, START);
        bool is_document = strstr(cases[i].named, "u0000") == NULL;
        assert_int_equal(knows(world, "first"), is_document);
        assert_endpoint(world, cases[i].taken);
        close_world(world);
    }
}

static void a_jwks_uri_must_be_safe_to_fetch(void **state) {
    (void)state;
    static const char *const addresses[] = {
        "http://192.0.2.1/keys",
        "file:///etc/passwd",
        "ftp://127.0.0.1/keys",
        "keys",
        "",
        "http://user:password@127.0.0.1/keys",
    };
    for (size_t i = 0; i < COUNT_OF(addresses); i++) {
        struct world *world = open_world();
        key_server_set_discovery(world->server, world->settings.issuer, addresses[i]);
        run_at(world, START);
        assert_int_equal(wait_of(world, START), 1001);
        assert_int_equal(published_keys_generation(&world->published), 0);
        close_world(world);
    }
}

static void the_tenant_mark_is_compared_literally(void **state) {
    (void)state;
    struct world *world = open_world();
    char discovery[128];
    (void)snprintf(discovery, sizeof discovery, "%s%s", key_server_address(world->server),
                   KEY_SERVER_DISCOVERY);
    world->settings.issuer = "https://login.example.org/{tenantid}/v2.0";
    world->settings.discovery_url = discovery;
    key_server_set_discovery(world->server, FORGE_ISSUER, world->jwks_uri);
    run_at(world, START);
    assert_false(knows(world, "first"));
    key_server_set_discovery(world->server, world->settings.issuer, world->jwks_uri);
    key_source_refresh(&world->source);
    run_at(world, START);
    assert_true(knows(world, "first"));
    close_world(world);
}

static void an_unknown_key_leads_to_one_fetch_a_minute(void **state) {
    (void)state;
    struct world *world = open_world();
    run_at(world, START);
    assert_true(key_source_want(&world->source, START));
    run_at(world, START);
    assert_int_equal(key_server_count(world->server, KEY_SERVER_KEYS), 2);
    for (int second = 0; second < 60; second++) {
        instant now = instant_add_seconds(START, second);
        assert_false(key_source_want(&world->source, now));
        run_at(world, now);
    }
    assert_int_equal(key_server_count(world->server, KEY_SERVER_KEYS), 2);
    assert_true(key_source_want(&world->source, instant_add_seconds(START, 60)));
    run_at(world, instant_add_seconds(START, 60));
    assert_int_equal(key_server_count(world->server, KEY_SERVER_KEYS), 3);
    close_world(world);
}

static void a_clock_set_back_shuts_out_no_fetch(void **state) {
    (void)state;
    struct world *world = open_world();
    instant before = instant_add_seconds(START, -INT64_C(10) * 365 * 86400);
    run_at(world, START);
    assert_true(key_source_want(&world->source, START));
    assert_true(key_source_want(&world->source, before));
    run_at(world, START);
    assert_int_equal(wait_of(world, before), 0);
    close_world(world);
}

static void write_file(const char *path, const char *text) {
    char unfinished[128];
    (void)snprintf(unfinished, sizeof unfinished, "%s.new", path);
    FILE *file = fopen(unfinished, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(rename(unfinished, path), 0);
}

static void keys_may_come_from_a_file_that_is_read_when_it_changed(void **state) {
    (void)state;
    char directory[] = "/tmp/muster-keys-XXXXXX";
    char path[64];
    assert_non_null(mkdtemp(directory));
    (void)snprintf(path, sizeof path, "%s/keys", directory);
    struct world *world = open_world();
    world->settings.jwks_file = path;
    run_at(world, START);
    assert_int_equal(wait_of(world, START), 1001);
    write_file(path, first_keys);
    run_at(world, instant_add_seconds(START, 1));
    assert_true(knows(world, "first"));
    write_file(path, second_keys);
    run_at(world, instant_add_seconds(START, 2));
    assert_true(knows(world, "first"));
    assert_true(key_source_want(&world->source, instant_add_seconds(START, 2)));
    run_at(world, instant_add_seconds(START, 2));
    assert_true(knows(world, "second"));
    write_file(path, "half a fi");
    key_source_refresh(&world->source);
    run_at(world, instant_add_seconds(START, 3));
    assert_true(knows(world, "second"));
    assert_int_equal(key_server_count(world->server, KEY_SERVER_DISCOVERY), 0);
    close_world(world);
    (void)unlink(path);
    (void)rmdir(directory);
}

static void what_is_no_file_holds_up_nobody(void **state) {
    (void)state;
    char directory[] = "/tmp/muster-keys-XXXXXX";
    char path[64];
    assert_non_null(mkdtemp(directory));
    (void)snprintf(path, sizeof path, "%s/fifo", directory);
    assert_int_equal(mkfifo(path, 0600), 0);
    struct world *world = open_world();
    world->settings.jwks_file = path;
    run_at(world, START);
    world->settings.jwks_file = directory;
    run_at(world, instant_add_seconds(START, 1));
    assert_int_equal(published_keys_generation(&world->published), 0);
    close_world(world);
    (void)unlink(path);
    (void)rmdir(directory);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_come_by_way_of_the_discovery_document),
        cmocka_unit_test(a_configured_jwks_uri_needs_no_discovery),
        cmocka_unit_test(keys_are_fetched_again_every_hour_or_sooner_if_the_answer_says_so),
        cmocka_unit_test(a_rollover_reaches_the_loops_with_the_next_fetch),
        cmocka_unit_test(what_is_asked_for_during_a_fetch_is_done_after_it),
        cmocka_unit_test(the_same_keys_again_disturb_nobody),
        cmocka_unit_test(an_issuer_that_fails_is_asked_more_and_more_seldom),
        cmocka_unit_test(old_keys_stay_whatever_the_issuer_answers),
        cmocka_unit_test(a_discovery_document_speaks_for_its_issuer_only),
        cmocka_unit_test(the_discovery_document_says_where_tokens_are_got),
        cmocka_unit_test(a_jwks_uri_must_be_safe_to_fetch),
        cmocka_unit_test(the_tenant_mark_is_compared_literally),
        cmocka_unit_test(an_unknown_key_leads_to_one_fetch_a_minute),
        cmocka_unit_test(a_clock_set_back_shuts_out_no_fetch),
        cmocka_unit_test(keys_may_come_from_a_file_that_is_read_when_it_changed),
        cmocka_unit_test(what_is_no_file_holds_up_nobody),
    };
    return cmocka_run_group_tests(tests, make_documents, free_documents);
}
