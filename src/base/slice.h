/* Bytes that somebody else owns: a pointer and a length, never assumed to end in NUL.
 *
 * Everything that comes from outside travels as a slice, so that an embedded NUL byte cannot cut a
 * comparison short. Any thread. */
#ifndef MUSTER_BASE_SLICE_H
#define MUSTER_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"

struct slice {
    const char *data; /* may be NULL when length is 0 */
    size_t length;    /* bytes */
};

/* A slice of a string literal. */
#define SLICE(literal) ((struct slice){.data = (literal), .length = sizeof(literal) - 1})
/* The two arguments of printf's "%.*s"; longer than INT_MAX never happens under our limits. */
#define SLICE_PRINTF(slice) (int)(slice).length, (slice).length > 0 ? (slice).data : ""

static inline struct slice slice_from_string(const char *text) {
    return (struct slice){.data = text, .length = text == NULL ? 0 : strlen(text)};
}

static inline bool slice_equals(struct slice a, struct slice b) {
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

static inline bool slice_equals_string(struct slice a, const char *text) {
    return slice_equals(a, slice_from_string(text));
}

/* ASCII letters match in either case; other bytes must be the same. */
bool slice_equals_ignoring_case(struct slice a, struct slice b);

bool slice_starts_with(struct slice slice, struct slice prefix);
bool slice_ends_with(struct slice slice, struct slice suffix);

/* The slice without its first count bytes; empty when it has no more than that. */
struct slice slice_skip(struct slice slice, size_t count);

/* Without blanks and tabs at both ends (HTTP's optional white space, RFC 9110 5.6.3). */
struct slice slice_trim(struct slice slice);

/* Cuts off what stands before the first separator and moves rest behind it. Without a separator,
 * all of it is cut off and rest becomes empty with a NULL pointer. Returns false once rest was
 * already so. */
bool slice_cut(struct slice *rest, char separator, struct slice *head);

/* A decimal number without sign, blanks or anything else; false when it is not one or exceeds max.
 */
bool slice_parse_unsigned(struct slice slice, uint64_t max, uint64_t *value) MUST_CHECK;

#endif
