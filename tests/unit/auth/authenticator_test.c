#include "auth/authenticator.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "auth/key_server.h"
#include "auth/token_forge.h"
#include "test.h"

#define NOW (INSTANT_UNIX_EPOCH + FORGE_NOW * INSTANT_TICKS_PER_SECOND)
/* Only a test that fails waits so long. */
#define PATIENCE_SECONDS 20

/* A clock that the keys thread reads while the test moves it. */
struct shared_clock {
    struct clock clock;
    _Atomic instant now;
};

static instant read_shared_clock(const struct clock *clock) {
    return atomic_load(&((struct shared_clock *)(uintptr_t)clock)->now);
}

static cjose_jwk_t *first_key;
static cjose_jwk_t *second_key;
static char *first_document;
static char *second_document;
static char *both_documents;

static int make_keys(void **state) {
    (void)state;
    first_key = forge_rsa_key(2048);
    second_key = forge_rsa_key(2048);
    first_document = forge_jwks(forge_jwk(first_key, "first", ""), NULL);
    second_document = forge_jwks(forge_jwk(second_key, "second", ""), NULL);
    both_documents =
        forge_jwks(forge_jwk(first_key, "first", ""), forge_jwk(second_key, "second", ""));
    return 0;
}

static int free_keys(void **state) {
    (void)state;
    (void)cjose_jwk_release(first_key);
    (void)cjose_jwk_release(second_key);
    free(first_document);
    free(second_document);
    free(both_documents);
    return 0;
}

struct world {
    struct key_server *server;
    struct shared_clock clock;
    struct issuer_settings issuer;
    char jwks_uri[128];
    struct authenticator *authenticator;
};

static struct authenticator *
open_authenticator(struct world *world, const struct issuer_settings *issuers, size_t count) {
    struct authenticator *authenticator = NULL;
    const struct authenticator_options options = {.issuers = issuers,
                                                  .issuer_count = count,
                                                  .loops = 2,
                                                  .clock_skew_seconds = 60,
                                                  .cache_entries = 16,
                                                  .clock = &world->clock.clock};
    assert_ok(authenticator_open(&options, &authenticator));
    return authenticator;
}

static struct world *make_world(void) {
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    world->clock.clock.now = read_shared_clock;
    atomic_init(&world->clock.now, NOW);
    world->server = key_server_open();
    (void)snprintf(world->jwks_uri, sizeof world->jwks_uri, "%s" KEY_SERVER_KEYS,
                   key_server_address(world->server));
    key_server_set(world->server, KEY_SERVER_KEYS, 200, NULL, first_document);
    world->issuer = forge_issuer();
    world->issuer.discovery_url = NULL;
    world->issuer.jwks_uri = world->jwks_uri;
    return world;
}

static void pause_shortly(void) {
    const struct timespec pause = {.tv_nsec = 2000000};
    (void)nanosleep(&pause, NULL);
}

#define WAIT_UNTIL(condition)                                                                      \
    do {                                                                                           \
        time_t give_up_at = time(NULL) + PATIENCE_SECONDS;                                         \
        while (!(condition)) {                                                                     \
            if (time(NULL) > give_up_at)                                                           \
                fail_msg("in vain: %s", #condition);                                               \
            pause_shortly();                                                                       \
        }                                                                                          \
    } while (0)

static bool is_ready(struct authenticator *authenticator) {
    size_t next = 0;
    return authenticator_find_unready(authenticator, &next) == NULL;
}

static struct world *open_world(void) {
    struct world *world = make_world();
    world->authenticator = open_authenticator(world, &world->issuer, 1);
    WAIT_UNTIL(is_ready(world->authenticator));
    return world;
}

static void close_world(struct world *world) {
    authenticator_close(world->authenticator);
    key_server_close(world->server);
    free(world);
}

/* "Bearer <token>", valid for an hour; number makes tokens differ. */
static char *make_bearer(const cjose_jwk_t *key, const char *kid, int number) {
    char header[128];
    char claims[512];
    char *value = NULL;
    (void)snprintf(header, sizeof header, "{\"alg\":\"RS256\",\"kid\":\"%s\"}", kid);
    (void)snprintf(claims, sizeof claims,
                   "{\"iss\":\"" FORGE_ISSUER "\",\"aud\":\"" FORGE_AUDIENCE
                   "\",\"tid\":\"" FORGE_TENANT
                   "\",\"oid\":\"user-%d\",\"scp\":\"x\",\"exp\":%lld}",
                   number, (long long)FORGE_NOW + 3600);
    char *token = forge_token(key, header, claims);
    assert_true(asprintf(&value, "Bearer %s", token) > 0);
    free(token);
    return value;
}

static enum error_code check_on(struct world *world, size_t loop, const char *bearer) {
    struct principal principal;
    struct error error = authenticator_check(world->authenticator, loop, slice_from_string(bearer),
                                             atomic_load(&world->clock.now), &principal);
    return error.code;
}

static enum error_code check(struct world *world, const char *bearer) {
    return check_on(world, 0, bearer);
}

static void without_an_issuer_nobody_is_believed(void **state) {
    (void)state;
    struct world *world = make_world();
    char *bearer = make_bearer(first_key, "first", 1);
    world->authenticator = open_authenticator(world, NULL, 0);
    assert_int_equal(check(world, bearer), ERROR_UNAUTHENTICATED);
    assert_int_equal(check(world, NULL), ERROR_UNAUTHENTICATED);
    assert_true(is_ready(world->authenticator));
    authenticator_refresh(world->authenticator);
    free(bearer);
    close_world(world);
}

static void a_token_is_verified_once_by_each_loop(void **state) {
    (void)state;
    struct world *world = open_world();
    char *bearer = make_bearer(first_key, "first", 1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(check_on(world, 0, bearer), ERROR_NONE);
    assert_int_equal(check_on(world, 1, bearer), ERROR_NONE);
    struct authenticator_counts counts = authenticator_count(world->authenticator);
    assert_int_equal(counts.cache_hits, 2);
    assert_int_equal(counts.cache_misses, 2);
    assert_int_equal(counts.cache_entries, 2);
    assert_int_equal(counts.cache_entries_at_most, 2 * 16);
    assert_int_equal(counts.refused, 0);
    free(bearer);
    close_world(world);
}

static void a_refused_token_is_not_remembered(void **state) {
    (void)state;
    struct world *world = open_world();
    char *bearer = make_bearer(second_key, "first", 1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(check(world, bearer), ERROR_UNAUTHENTICATED);
    struct authenticator_counts counts = authenticator_count(world->authenticator);
    assert_int_equal(counts.cache_misses, 3);
    assert_int_equal(counts.cache_entries, 0);
    assert_int_equal(counts.refused, 3);
    free(bearer);
    close_world(world);
}

static void calls_without_a_token_are_no_refused_tokens(void **state) {
    (void)state;
    struct world *world = open_world();
    static const char *const without[] = {NULL, "", "Bearer ", "Basic dXNlcjpwYXNz"};
    for (size_t i = 0; i < COUNT_OF(without); i++)
        assert_int_equal(check(world, without[i]), ERROR_UNAUTHENTICATED);
    struct authenticator_counts counts = authenticator_count(world->authenticator);
    assert_int_equal(counts.missing, COUNT_OF(without));
    assert_int_equal(counts.refused, 0);
    char *endless = malloc(AUTHENTICATOR_TOKEN_BYTES_AT_MOST + 9);
    assert_non_null(endless);
    memset(endless, 'x', AUTHENTICATOR_TOKEN_BYTES_AT_MOST + 8);
    memcpy(endless, "Bearer ", 7);
    endless[AUTHENTICATOR_TOKEN_BYTES_AT_MOST + 8] = '\0';
    assert_int_equal(check(world, endless), ERROR_UNAUTHENTICATED);
    assert_int_equal(check(world, "Bearer x"), ERROR_UNAUTHENTICATED);
    authenticator_count_refused(world->authenticator, 1);
    counts = authenticator_count(world->authenticator);
    assert_int_equal(counts.missing, COUNT_OF(without));
    assert_int_equal(counts.refused, 3);
    free(endless);
    close_world(world);
}

static int64_t find_keys_age(struct world *world) {
    struct arena arena = {0};
    struct authenticator_keys_age *ages = NULL;
    int64_t seconds = -1;
    size_t count = authenticator_list_keys_ages(world->authenticator,
                                                atomic_load(&world->clock.now), &arena, &ages);
    assert_true(count <= 1);
    if (count == 1) {
        assert_string_equal(ages[0].issuer, world->issuer.name);
        seconds = ages[0].seconds;
    }
    arena_free(&arena);
    return seconds;
}

static void keys_grow_old_while_they_cannot_be_fetched(void **state) {
    (void)state;
    struct world *world = make_world();
    key_server_set(world->server, KEY_SERVER_KEYS, 500, NULL, "");
    world->authenticator = open_authenticator(world, &world->issuer, 1);
    WAIT_UNTIL(key_server_count(world->server, KEY_SERVER_KEYS) == 1);
    assert_int_equal(find_keys_age(world), -1);
    key_server_set(world->server, KEY_SERVER_KEYS, 200, NULL, first_document);
    authenticator_refresh(world->authenticator);
    WAIT_UNTIL(find_keys_age(world) == 0);
    key_server_set(world->server, KEY_SERVER_KEYS, 500, NULL, "");
    atomic_store(&world->clock.now, instant_add_seconds(NOW, 90001));
    for (unsigned fetches = 3; fetches <= 4; fetches++) {
        authenticator_refresh(world->authenticator);
        WAIT_UNTIL(key_server_count(world->server, KEY_SERVER_KEYS) >= fetches);
    }
    assert_int_equal(find_keys_age(world), 90001);
    /* The same keys once more are as good as new ones. */
    key_server_set(world->server, KEY_SERVER_KEYS, 200, NULL, first_document);
    authenticator_refresh(world->authenticator);
    WAIT_UNTIL(find_keys_age(world) == 0);
    atomic_store(&world->clock.now, NOW);
    assert_int_equal(find_keys_age(world), 0);
    close_world(world);
}

static void a_remembered_token_expires_to_the_second(void **state) {
    (void)state;
    struct world *world = open_world();
    char *bearer = make_bearer(first_key, "first", 1);
    assert_int_equal(check(world, bearer), ERROR_NONE);
    atomic_store(&world->clock.now, instant_add_seconds(NOW, 3600 + 60) - 1);
    assert_int_equal(check(world, bearer), ERROR_NONE);
    atomic_store(&world->clock.now, instant_add_seconds(NOW, 3600 + 60));
    assert_int_equal(check(world, bearer), ERROR_UNAUTHENTICATED);
    free(bearer);
    close_world(world);
}

static void the_principal_is_the_same_from_the_cache(void **state) {
    (void)state;
    struct world *world = open_world();
    char *bearer = make_bearer(first_key, "first", 42);
    struct principal principals[2];
    for (size_t i = 0; i < COUNT_OF(principals); i++)
        assert_ok(authenticator_check(world->authenticator, 0, slice_from_string(bearer), NOW,
                                      &principals[i]));
    assert_int_equal(authenticator_count(world->authenticator).cache_hits, 1);
    assert_string_equal(principals[0].subject, "user-42");
    assert_memory_equal(&principals[0], &principals[1], sizeof principals[0]);
    free(bearer);
    close_world(world);
}

static void a_new_key_is_refused_now_and_believed_once_it_was_fetched(void **state) {
    (void)state;
    struct world *world = open_world();
    char *old = make_bearer(first_key, "first", 1);
    char *new = make_bearer(second_key, "second", 1);
    assert_int_equal(check(world, old), ERROR_NONE);
    key_server_set(world->server, KEY_SERVER_KEYS, 200, NULL, both_documents);
    assert_int_equal(check(world, new), ERROR_UNAUTHENTICATED);
    WAIT_UNTIL(check(world, new) == ERROR_NONE);
    assert_int_equal(check(world, old), ERROR_NONE);
    assert_int_equal(key_server_count(world->server, KEY_SERVER_KEYS), 2);
    free(old);
    free(new);
    close_world(world);
}

static void a_withdrawn_key_ends_its_tokens_even_in_the_cache(void **state) {
    (void)state;
    struct world *world = open_world();
    char *bearer = make_bearer(first_key, "first", 1);
    assert_int_equal(check(world, bearer), ERROR_NONE);
    key_server_set(world->server, KEY_SERVER_KEYS, 200, NULL, second_document);
    authenticator_refresh(world->authenticator);
    WAIT_UNTIL(check(world, bearer) == ERROR_UNAUTHENTICATED);
    free(bearer);
    close_world(world);
}

static void invented_kids_lead_to_one_fetch_a_minute(void **state) {
    (void)state;
    struct world *world = open_world();
    char *bearer = make_bearer(second_key, "invented", 1);
    for (int i = 0; i < 50; i++)
        assert_int_equal(check_on(world, (size_t)i % 2, bearer), ERROR_UNAUTHENTICATED);
    WAIT_UNTIL(key_server_count(world->server, KEY_SERVER_KEYS) == 2);
    for (int i = 0; i < 50; i++)
        assert_int_equal(check(world, bearer), ERROR_UNAUTHENTICATED);
    atomic_store(&world->clock.now, instant_add_seconds(NOW, 60));
    assert_int_equal(check(world, bearer), ERROR_UNAUTHENTICATED);
    WAIT_UNTIL(key_server_count(world->server, KEY_SERVER_KEYS) == 3);
    free(bearer);
    close_world(world);
}

static void an_issuer_out_of_reach_keeps_its_keys(void **state) {
    (void)state;
    struct world *world = open_world();
    char *bearer = make_bearer(first_key, "first", 1);
    key_server_set(world->server, KEY_SERVER_KEYS, 500, NULL, "");
    /* The next fetch begins when the one before it has failed. */
    for (unsigned fetches = 2; fetches <= 3; fetches++) {
        authenticator_refresh(world->authenticator);
        WAIT_UNTIL(key_server_count(world->server, KEY_SERVER_KEYS) == fetches);
    }
    assert_int_equal(check(world, bearer), ERROR_NONE);
    assert_true(is_ready(world->authenticator));
    free(bearer);
    close_world(world);
}

static void a_silent_issuer_holds_up_no_other_and_no_end(void **state) {
    (void)state;
    struct world *world = make_world();
    struct key_server *silent = key_server_open();
    char silent_uri[128];
    struct issuer_settings issuers[3] = {world->issuer, world->issuer, world->issuer};
    struct timespec before;
    struct timespec behind;
    size_t next = 0;
    (void)snprintf(silent_uri, sizeof silent_uri, "%s/keys", key_server_address(silent));
    key_server_hang(silent, true);
    issuers[0].name = "silent";
    issuers[0].issuer = "https://silent.example";
    issuers[0].jwks_uri = silent_uri;
    issuers[2] = issuers[0];
    issuers[2].name = "silent, too";
    issuers[2].issuer = "https://also-silent.example";
    char *bearer = make_bearer(first_key, "first", 1);
    world->authenticator = open_authenticator(world, issuers, 3);
    WAIT_UNTIL(check(world, bearer) == ERROR_NONE);
    assert_string_equal(authenticator_find_unready(world->authenticator, &next), "silent");
    assert_string_equal(authenticator_find_unready(world->authenticator, &next), "silent, too");
    assert_null(authenticator_find_unready(world->authenticator, &next));
    WAIT_UNTIL(key_server_count(silent, "/keys") == 2);
    (void)clock_gettime(CLOCK_MONOTONIC, &before);
    close_world(world);
    (void)clock_gettime(CLOCK_MONOTONIC, &behind);
    assert_true(behind.tv_sec - before.tv_sec <= 2);
    key_server_close(silent);
    free(bearer);
}

static void settings_that_cannot_work_stop_the_start(void **state) {
    (void)state;
    struct world *world = make_world();
    struct authenticator *authenticator = NULL;
    struct issuer_settings issuers[2] = {world->issuer, world->issuer};
    struct authenticator_options options = {.issuers = issuers,
                                            .issuer_count = 2,
                                            .loops = 1,
                                            .cache_entries = 1,
                                            .clock = &world->clock.clock};
    assert_error(authenticator_open(&options, &authenticator), ERROR_INVALID); /* the same twice */
    options.issuer_count = 1;
    issuers[0].audience_count = 0;
    assert_error(authenticator_open(&options, &authenticator), ERROR_INVALID);
    issuers[0] = world->issuer;
    options.loops = 0;
    assert_error(authenticator_open(&options, &authenticator), ERROR_INVALID);
    options.loops = 1;
    options.clock_skew_seconds = -1;
    assert_error(authenticator_open(&options, &authenticator), ERROR_INVALID);
    assert_null(authenticator);
    close_world(world);
}

#define THREAD_ROUNDS 400

struct caller {
    struct world *world;
    size_t loop;
    char *bearers[8];
    unsigned refused; /* of the key that is there all the time */
};

static void *call_often(void *context) {
    struct caller *caller = context;
    for (int i = 0; i < THREAD_ROUNDS; i++) {
        for (size_t j = 0; j < COUNT_OF(caller->bearers); j++) {
            if (check_on(caller->world, caller->loop, caller->bearers[j]) != ERROR_NONE &&
                j % 2 == 0)
                caller->refused++;
        }
    }
    return NULL;
}

/* For the thread sanitizer as much as for the result. */
static void loops_verify_while_keys_come_and_go(void **state) {
    (void)state;
    struct world *world = open_world();
    struct caller callers[2] = {{.world = world, .loop = 0}, {.world = world, .loop = 1}};
    pthread_t threads[2];
    for (size_t i = 0; i < COUNT_OF(callers); i++) {
        for (size_t j = 0; j < COUNT_OF(callers[i].bearers); j++)
            callers[i].bearers[j] = make_bearer(j % 2 == 0 ? first_key : second_key,
                                                j % 2 == 0 ? "first" : "second", (int)j);
        assert_int_equal(pthread_create(&threads[i], NULL, call_often, &callers[i]), 0);
    }
    for (unsigned i = 0; i < 20; i++) {
        key_server_set(world->server, KEY_SERVER_KEYS, 200, NULL,
                       i % 2 == 0 ? both_documents : first_document);
        authenticator_refresh(world->authenticator);
        (void)authenticator_count(world->authenticator);
        WAIT_UNTIL(key_server_count(world->server, KEY_SERVER_KEYS) >= i + 2);
    }
    for (size_t i = 0; i < COUNT_OF(callers); i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(callers[i].refused, 0);
        for (size_t j = 0; j < COUNT_OF(callers[i].bearers); j++)
            free(callers[i].bearers[j]);
    }
    close_world(world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_an_issuer_nobody_is_believed),
        cmocka_unit_test(a_token_is_verified_once_by_each_loop),
        cmocka_unit_test(a_refused_token_is_not_remembered),
        cmocka_unit_test(calls_without_a_token_are_no_refused_tokens),
        cmocka_unit_test(keys_grow_old_while_they_cannot_be_fetched),
        cmocka_unit_test(a_remembered_token_expires_to_the_second),
        cmocka_unit_test(the_principal_is_the_same_from_the_cache),
        cmocka_unit_test(a_new_key_is_refused_now_and_believed_once_it_was_fetched),
        cmocka_unit_test(a_withdrawn_key_ends_its_tokens_even_in_the_cache),
        cmocka_unit_test(invented_kids_lead_to_one_fetch_a_minute),
        cmocka_unit_test(an_issuer_out_of_reach_keeps_its_keys),
        cmocka_unit_test(a_silent_issuer_holds_up_no_other_and_no_end),
        cmocka_unit_test(settings_that_cannot_work_stop_the_start),
        cmocka_unit_test(loops_verify_while_keys_come_and_go),
    };
    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
