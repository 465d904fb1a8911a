/* How many connections a process takes that may open few files. */
#include "cli/descriptors.h"

#include <stdint.h>

#include "test.h"

/* 256 are kept for the rest, and 8 for each loop. */
static void enough_descriptors_allow_what_is_configured(void **state) {
    (void)state;
    static const struct descriptors cases[] = {
        {.available = 20000 + 256 + 16, .loops = 2, .configured = 20000},
        {.available = SIZE_MAX, .loops = 64, .configured = 1000000},
        {.available = 16 + 256 + 8, .loops = 1, .configured = 16},
        {.available = 300, .loops = 1, .configured = 16},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t connections = 0;
        assert_ok(descriptors_bound_connections(&cases[i], &connections));
        assert_int_equal(connections, cases[i].configured);
        assert_true(descriptors_needed(&cases[i]) <= cases[i].available);
    }
}

static void fewer_descriptors_bound_the_connections(void **state) {
    (void)state;
    const struct descriptors few = {.available = 400, .loops = 1, .configured = 20000};
    size_t connections = 0;
    assert_ok(descriptors_bound_connections(&few, &connections));
    assert_int_equal(connections, 400 - 256 - 8);
    assert_int_equal(descriptors_needed(&few), 20000 + 256 + 8);
}

static void so_few_that_something_would_find_none_are_refused(void **state) {
    (void)state;
    static const size_t available[] = {0, 64, 128, 256, 16 + 256 + 16 - 1};
    for (size_t i = 0; i < COUNT_OF(available); i++) {
        const struct descriptors few = {.available = available[i], .loops = 2, .configured = 20000};
        size_t connections = 0;
        struct error error = descriptors_bound_connections(&few, &connections);
        assert_int_equal(error.code, ERROR_INVALID);
        assert_non_null(strstr(error.message, "needs at least 288 with 2 event loops"));
    }
    const struct descriptors just = {.available = 16 + 256 + 16, .loops = 2, .configured = 20000};
    size_t connections = 0;
    assert_ok(descriptors_bound_connections(&just, &connections));
    assert_int_equal(connections, 16);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(enough_descriptors_allow_what_is_configured),
        cmocka_unit_test(fewer_descriptors_bound_the_connections),
        cmocka_unit_test(so_few_that_something_would_find_none_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
