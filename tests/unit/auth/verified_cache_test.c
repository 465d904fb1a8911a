#include "auth/verified_cache.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

#define NOW INT64_C(1000)

static struct published_keys issuers[2];

static void set_generation(size_t issuer, uint64_t generation) {
    atomic_store(&issuers[issuer].generation, generation);
}

/* Digests whose first bytes differ and, every other one, fall into the same chain. */
static void make_digest(unsigned number, uint8_t digest[static VERIFIED_CACHE_DIGEST_SIZE]) {
    memset(digest, 0, VERIFIED_CACHE_DIGEST_SIZE);
    digest[0] = (uint8_t)(number % 2);
    digest[30] = (uint8_t)(number >> 8);
    digest[31] = (uint8_t)number;
}

static void add(struct verified_cache *cache, unsigned number, size_t issuer, uint64_t generation) {
    uint8_t digest[VERIFIED_CACHE_DIGEST_SIZE];
    struct verified_token token = {.issuer = issuer,
                                   .generation = generation,
                                   .lifetime = {.from = NOW - 10, .until = NOW + 10}};
    make_digest(number, digest);
    (void)snprintf(token.principal.subject, sizeof token.principal.subject, "%u", number);
    verified_cache_add(cache, digest, &token);
}

static bool has_at(struct verified_cache *cache, unsigned number, int64_t now) {
    uint8_t digest[VERIFIED_CACHE_DIGEST_SIZE];
    char expected[16];
    make_digest(number, digest);
    (void)snprintf(expected, sizeof expected, "%u", number);
    const struct principal *found = verified_cache_find(cache, digest, issuers, now);
    if (found != NULL)
        assert_string_equal(found->subject, expected);
    return found != NULL;
}

static bool has(struct verified_cache *cache, unsigned number) {
    return has_at(cache, number, NOW);
}

static int reset(void **state) {
    (void)state;
    set_generation(0, 1);
    set_generation(1, 1);
    return 0;
}

static void a_token_is_found_by_all_of_its_digest(void **state) {
    (void)state;
    struct verified_cache *cache = verified_cache_open(8);
    add(cache, 1, 0, 1);
    assert_true(has(cache, 1));
    assert_false(has(cache, 3));
    verified_cache_close(cache);
}

static void a_token_is_believed_for_its_lifetime_only(void **state) {
    (void)state;
    struct verified_cache *cache = verified_cache_open(8);
    add(cache, 1, 0, 1);
    assert_false(has_at(cache, 1, NOW - 11));
    assert_true(has_at(cache, 1, NOW - 10));
    assert_true(has_at(cache, 1, NOW + 9));
    assert_false(has_at(cache, 1, NOW + 10));
    verified_cache_close(cache);
}

static void new_keys_end_what_the_old_ones_verified_for_that_issuer(void **state) {
    (void)state;
    struct verified_cache *cache = verified_cache_open(8);
    add(cache, 1, 0, 1);
    add(cache, 2, 1, 1);
    set_generation(0, 2);
    assert_false(has(cache, 1));
    assert_true(has(cache, 2));
    add(cache, 1, 0, 2);
    assert_true(has(cache, 1));
    assert_int_equal(verified_cache_count(cache), 2);
    verified_cache_close(cache);
}

static void a_full_cache_gives_up_what_was_used_longest_ago(void **state) {
    (void)state;
    struct verified_cache *cache = verified_cache_open(4);
    for (unsigned i = 1; i <= 4; i++)
        add(cache, i, 0, 1);
    assert_true(has(cache, 1));
    add(cache, 5, 0, 1);
    assert_false(has(cache, 2));
    assert_true(has(cache, 1));
    assert_true(has(cache, 3));
    add(cache, 6, 0, 1);
    assert_false(has(cache, 4));
    assert_true(has(cache, 5));
    assert_true(has(cache, 6));
    verified_cache_close(cache);
}

static void whatever_comes_the_size_stays(void **state) {
    (void)state;
    static const size_t sizes[] = {1, 2, 5, 64};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct verified_cache *cache = verified_cache_open(sizes[i]);
        for (unsigned number = 0; number < 5000; number++) {
            add(cache, number, 0, 1);
            assert_true(has(cache, number));
            (void)has(cache, number / 2);
        }
        assert_int_equal(verified_cache_count(cache), sizes[i]);
        size_t found = 0;
        for (unsigned number = 0; number < 5000; number++)
            found += has(cache, number) ? 1 : 0;
        assert_int_equal(found, sizes[i]);
        verified_cache_close(cache);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_token_is_found_by_all_of_its_digest, reset),
        cmocka_unit_test_setup(a_token_is_believed_for_its_lifetime_only, reset),
        cmocka_unit_test_setup(new_keys_end_what_the_old_ones_verified_for_that_issuer, reset),
        cmocka_unit_test_setup(a_full_cache_gives_up_what_was_used_longest_ago, reset),
        cmocka_unit_test_setup(whatever_comes_the_size_stays, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
