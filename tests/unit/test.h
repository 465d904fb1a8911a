/* What every unit test includes: cmocka behind the headers that it needs, and a few assertions in
 * the project's own types. */
#ifndef MUSTER_TESTS_UNIT_TEST_H
#define MUSTER_TESTS_UNIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/instant.h"
#include "base/random.h"
#include "base/slice.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#define assert_ok(expression)                                                                      \
    do {                                                                                           \
        struct error assert_ok_error_ = (expression);                                              \
        if (error_is_set(&assert_ok_error_))                                                       \
            fail_msg("unexpected error: %s", assert_ok_error_.message);                            \
    } while (0)

#define assert_error(expression, expected_code)                                                    \
    do {                                                                                           \
        struct error assert_error_error_ = (expression);                                           \
        if (assert_error_error_.code != (expected_code))                                           \
            fail_msg("error code %d instead of %d: %s", (int)assert_error_error_.code,             \
                     (int)(expected_code), assert_error_error_.message);                           \
    } while (0)

#define assert_slice(actual, expected_text)                                                        \
    do {                                                                                           \
        struct slice assert_slice_actual_ = (actual);                                              \
        if (!slice_equals_string(assert_slice_actual_, (expected_text)))                           \
            fail_msg("\"%.*s\" instead of \"%s\"", SLICE_PRINTF(assert_slice_actual_),             \
                     (expected_text));                                                             \
    } while (0)

/* A clock that stands where the test puts it. */
struct still_clock {
    struct clock clock;
    instant now;
};

static inline instant still_clock_now(const struct clock *clock) {
    return ((const struct still_clock *)(const void *)clock)->now;
}

static inline struct still_clock still_clock_make(instant now) {
    return (struct still_clock){.clock = {.now = still_clock_now}, .now = now};
}

/* Randomness that is always the same byte. */
struct still_random {
    struct random_source source;
    uint8_t byte;
};

static inline void still_random_fill(const struct random_source *source, void *bytes, size_t size) {
    memset(bytes, ((const struct still_random *)(const void *)source)->byte, size);
}

static inline struct still_random still_random_make(uint8_t byte) {
    return (struct still_random){.source = {.fill = still_random_fill}, .byte = byte};
}

#endif
