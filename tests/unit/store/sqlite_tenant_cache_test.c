/* How long a loop believes what it read of a tenant. */
#include "store/sqlite/tenant_cache.h"

#include "test.h"

static struct tenant make_tenant(unsigned number, const char *name) {
    struct tenant tenant = {.row = 1 + (int64_t)number, .licensed = true, .created = 7};
    tenant.account_id.bytes[14] = (uint8_t)(number >> 8);
    tenant.account_id.bytes[15] = (uint8_t)number;
    tenant.name = slice_from_string(name);
    return tenant;
}

static bool finds(const struct tenant_cache *cache, struct tenant_cache_stamp stamp,
                  const struct tenant *expected) {
    struct arena arena = {0};
    struct tenant found = {0};
    bool is_there = tenant_cache_find(cache, stamp, &expected->account_id, &arena, &found);
    if (is_there) {
        assert_true(guid_equals(&found.account_id, &expected->account_id));
        assert_int_equal(found.row, expected->row);
        assert_int_equal(found.licensed, expected->licensed);
        assert_int_equal(found.created, expected->created);
        assert_slice(found.name, expected->name.data);
    }
    arena_free(&arena);
    return is_there;
}

static void a_tenant_is_known_under_the_same_stamp_only(void **state) {
    (void)state;
    struct tenant_cache *cache = tenant_cache_open();
    const struct tenant tenant = make_tenant(1, "Contoso");
    const struct tenant other = make_tenant(2, "Fabrikam");
    const struct tenant_cache_stamp stamp = {.changes = 3, .second = 1000};
    tenant_cache_keep(cache, stamp, &tenant);
    assert_true(finds(cache, stamp, &tenant));
    assert_false(finds(cache, stamp, &other));
    assert_false(finds(cache, (struct tenant_cache_stamp){.changes = 4, .second = 1000}, &tenant));
    assert_false(finds(cache, (struct tenant_cache_stamp){.changes = 3, .second = 1001}, &tenant));
    tenant_cache_close(cache);
}

static void the_newest_reading_counts(void **state) {
    (void)state;
    struct tenant_cache *cache = tenant_cache_open();
    struct tenant tenant = make_tenant(1, "Contoso");
    const struct tenant_cache_stamp stamp = {.changes = 3, .second = 1000};
    tenant_cache_keep(cache, stamp, &tenant);
    tenant.licensed = false;
    tenant.name = SLICE("");
    tenant_cache_keep(cache, stamp, &tenant);
    assert_true(finds(cache, stamp, &tenant));
    tenant_cache_close(cache);
}

static void more_tenants_than_there_is_room_for_are_never_mixed_up(void **state) {
    (void)state;
    struct tenant_cache *cache = tenant_cache_open();
    const struct tenant_cache_stamp stamp = {.changes = 3, .second = 1000};
    unsigned known = 0;
    for (unsigned i = 0; i < 5000; i++) {
        const struct tenant tenant = make_tenant(i, "one of many");
        tenant_cache_keep(cache, stamp, &tenant);
    }
    for (unsigned i = 0; i < 5000; i++) {
        const struct tenant tenant = make_tenant(i, "one of many");
        known += finds(cache, stamp, &tenant) ? 1 : 0;
    }
    assert_in_range(known, 1, 1024);
    tenant_cache_close(cache);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tenant_is_known_under_the_same_stamp_only),
        cmocka_unit_test(the_newest_reading_counts),
        cmocka_unit_test(more_tenants_than_there_is_room_for_are_never_mixed_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
