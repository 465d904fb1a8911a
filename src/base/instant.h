/* Instants and spans of time, in Graph's resolution.
 *
 * An instant counts ticks of 100 nanoseconds since 0001-01-01T00:00:00Z in the proleptic Gregorian
 * calendar: exactly the seven decimals that Graph prints, with 0 being the "never" that it prints
 * where a date is not nullable. Any thread. */
#ifndef MUSTER_BASE_INSTANT_H
#define MUSTER_BASE_INSTANT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

typedef int64_t instant;

#define INSTANT_TICKS_PER_SECOND INT64_C(10000000)
#define INSTANT_TICKS_PER_MILLISECOND INT64_C(10000)
/* 0001-01-01T00:00:00Z, printed where something never happened. */
#define INSTANT_NEVER INT64_C(0)
/* 1970-01-01T00:00:00Z */
#define INSTANT_UNIX_EPOCH INT64_C(621355968000000000)
/* 9999-12-31T23:59:59.9999999Z, the last one that Graph can print. */
#define INSTANT_LAST INT64_C(3155378975999999999)

/* Where the present comes from; tests pass a clock that they hold still. */
struct clock {
    instant (*now)(const struct clock *clock);
};

/* The machine's real-time clock. */
extern const struct clock system_clock;

static inline instant clock_now(const struct clock *clock) {
    return clock->now(clock);
}

/* start plus seconds, which may be negative; clamped to INSTANT_NEVER and INSTANT_LAST. */
instant instant_add_seconds(instant start, int64_t seconds);

/* Seconds since 1970, rounded down, as in a JWT's NumericDate (RFC 7519). */
int64_t instant_to_unix(instant value);
/* Clamped like instant_add_seconds. */
instant instant_from_unix(int64_t seconds);

/* "2017-01-01T00:02:43.5775965Z": room for 28 characters and a NUL byte. */
#define INSTANT_TEXT_SIZE 29

/* RFC 3339 in UTC with up to seven decimals and no trailing zeros. Returns text. */
char *instant_format(instant value, char text[static INSTANT_TEXT_SIZE]);

/* RFC 3339 as OData's dateTimeOffsetValue has it: T and Z in either case, seconds optional, up to
 * twelve decimals (those past the seventh are dropped), any offset. False when it is not one or
 * lies outside the printable range. */
bool instant_parse(struct slice text, instant *value) MUST_CHECK;

#endif
