/* How pictures of QR codes are remembered. */
#include "service/picture_cache.h"

#include <stdio.h>

#include "test.h"

static bool has(struct picture_cache *cache, const char *content, const char *picture) {
    struct buffer found = {0};
    bool is_there = picture_cache_find(cache, slice_from_string(content), &found);
    if (is_there)
        assert_slice(buffer_slice(&found), picture);
    else
        assert_int_equal(found.length, 0);
    buffer_free(&found);
    return is_there;
}

static void a_picture_is_found_by_its_whole_content(void **state) {
    (void)state;
    struct picture_cache *cache = picture_cache_open(4096);
    assert_false(has(cache, "token A", NULL));
    picture_cache_add(cache, SLICE("token A"), SLICE("picture of A"));
    picture_cache_add(cache, SLICE("token B"), SLICE("picture of B"));
    assert_true(has(cache, "token A", "picture of A"));
    assert_true(has(cache, "token B", "picture of B"));
    assert_false(has(cache, "token", NULL));
    assert_false(has(cache, "token AB", NULL));
    picture_cache_close(cache);
}

static void a_picture_that_is_there_is_kept_once(void **state) {
    (void)state;
    struct picture_cache *cache = picture_cache_open(200);
    for (int i = 0; i < 10; i++)
        picture_cache_add(cache, SLICE("token A"), SLICE("picture of A"));
    picture_cache_add(cache, SLICE("token B"), SLICE("picture of B"));
    assert_true(has(cache, "token A", "picture of A"));
    assert_true(has(cache, "token B", "picture of B"));
    picture_cache_close(cache);
}

static void what_came_first_makes_room(void **state) {
    (void)state;
    enum { PICTURES = 100000 };
    struct picture_cache *cache = picture_cache_open(64 * 1024);
    char content[32];
    for (int i = 0; i < PICTURES; i++) {
        (void)snprintf(content, sizeof content, "token %d", i);
        picture_cache_add(cache, slice_from_string(content), slice_from_string(content));
    }
    int kept = 0;
    bool before = false;
    for (int i = 0; i < PICTURES; i++) {
        (void)snprintf(content, sizeof content, "token %d", i);
        bool is_there = has(cache, content, content);
        assert_true(is_there || !before);
        before = is_there;
        kept += is_there ? 1 : 0;
    }
    assert_in_range(kept, 64 * 1024 / 128, 64 * 1024 / 32);
    picture_cache_close(cache);
}

static void a_picture_larger_than_the_cache_throws_nothing_out(void **state) {
    (void)state;
    static char large[4096];
    struct picture_cache *cache = picture_cache_open(sizeof large);
    picture_cache_add(cache, SLICE("token A"), SLICE("picture of A"));
    picture_cache_add(cache, SLICE("token B"),
                      (struct slice){.data = large, .length = sizeof large});
    assert_true(has(cache, "token A", "picture of A"));
    assert_false(has(cache, "token B", NULL));
    picture_cache_close(cache);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_is_found_by_its_whole_content),
        cmocka_unit_test(a_picture_that_is_there_is_kept_once),
        cmocka_unit_test(what_came_first_makes_room),
        cmocka_unit_test(a_picture_larger_than_the_cache_throws_nothing_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
