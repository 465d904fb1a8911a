/* Percent-encoding in addresses: RFC 3986 2.1. Any thread. */
#ifndef MUSTER_MESSAGE_PERCENT_H
#define MUSTER_MESSAGE_PERCENT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

/* Decodes text into the arena (text itself when nothing is encoded). plus_is_blank is for query
 * strings, where forms write '+' for a blank. False for a broken sequence, an encoded NUL, or bytes
 * that are not UTF-8 afterwards. */
bool percent_decode(struct arena *arena, struct slice text, bool plus_is_blank,
                    struct slice *decoded) MUST_CHECK;

/* Encodes text for a query string into the arena. What a query may hold as it stands is left so,
 * but for '&', '=' and '+', which mean something there. */
struct slice percent_encode(struct arena *arena, struct slice text);

#endif
