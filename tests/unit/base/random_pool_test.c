/* Randomness taken in pieces: what is never given out twice. */
#include "base/random_pool.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

/* Counts up, so that every piece can be told from every other. */
struct counting_random {
    struct random_source source;
    uint32_t *next;
};

static void count_up(const struct random_source *source, void *bytes, size_t size) {
    const struct counting_random *counting = (const void *)source;
    for (size_t at = 0; at + sizeof(uint32_t) <= size; at += sizeof(uint32_t)) {
        uint32_t value = ++*counting->next;
        memcpy((char *)bytes + at, &value, sizeof value);
    }
}

static void nothing_is_given_out_twice(void **state) {
    (void)state;
    enum { PIECES = 1000 };
    uint32_t next = 0;
    const struct counting_random counting = {.source = {.fill = count_up}, .next = &next};
    struct random_pool *pool = random_pool_open(&counting.source);
    static bool seen[PIECES * 64];
    for (size_t i = 0; i < PIECES; i++) {
        uint32_t pieces[16] = {0};
        size_t size = 4 * (1 + i % COUNT_OF(pieces));
        random_fill(random_pool_source(pool), pieces, size);
        for (size_t j = 0; j < size / 4; j++) {
            assert_in_range(pieces[j], 1, COUNT_OF(seen) - 1);
            assert_false(seen[pieces[j]]);
            seen[pieces[j]] = true;
        }
    }
    random_pool_close(pool);
}

static void a_large_request_is_filled_whole(void **state) {
    (void)state;
    uint32_t next = 0;
    const struct counting_random counting = {.source = {.fill = count_up}, .next = &next};
    struct random_pool *pool = random_pool_open(&counting.source);
    uint32_t large[1000] = {0};
    random_fill(random_pool_source(pool), large, sizeof large);
    for (size_t i = 0; i < COUNT_OF(large); i++)
        assert_int_equal(large[i], i + 1);
    random_pool_close(pool);
}

static void a_child_process_does_not_get_what_its_parent_gets(void **state) {
    (void)state;
    struct random_pool *pool = random_pool_open(&system_random);
    uint64_t first = 0;
    random_fill(random_pool_source(pool), &first, sizeof first);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_int_not_equal(child, -1);
    if (child == 0) {
        uint64_t own = 0;
        random_fill(random_pool_source(pool), &own, sizeof own);
        _exit(write(ends[1], &own, sizeof own) == sizeof own ? 0 : 1);
    }
    uint64_t of_child = 0;
    uint64_t of_parent = 0;
    random_fill(random_pool_source(pool), &of_parent, sizeof of_parent);
    assert_int_equal(read(ends[0], &of_child, sizeof of_child), sizeof of_child);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_not_equal(of_parent, of_child);
    assert_int_not_equal(of_child, 0);
    (void)close(ends[0]);
    (void)close(ends[1]);
    random_pool_close(pool);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_given_out_twice),
        cmocka_unit_test(a_large_request_is_filled_whole),
        cmocka_unit_test(a_child_process_does_not_get_what_its_parent_gets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
