/* GUIDs as Graph writes them: lower case, five groups. RFC 9562. Any thread. */
#ifndef MUSTER_BASE_GUID_H
#define MUSTER_BASE_GUID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/instant.h"
#include "base/random.h"
#include "base/slice.h"

struct guid {
    uint8_t bytes[16]; /* in the order in which they are written */
};

/* Room for 36 characters and a NUL byte. */
#define GUID_TEXT_SIZE 37

/* Random (version 4): for names that say nothing, such as a request-id. */
struct guid guid_make_random(const struct random_source *random);

/* Beginning with the time (version 7): for keys of rows, so that an index grows at its end. */
struct guid guid_make_ordered(const struct random_source *random, instant now);

/* Returns text. */
char *guid_format(const struct guid *guid, char text[static GUID_TEXT_SIZE]);

/* 36 characters in any case, without braces; false when it is not that. */
bool guid_parse(struct slice text, struct guid *guid) MUST_CHECK;

bool guid_equals(const struct guid *a, const struct guid *b);
bool guid_is_zero(const struct guid *guid);

#endif
