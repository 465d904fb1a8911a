/* UTF-8 (RFC 3629). Any thread. */
#ifndef MUSTER_BASE_UTF8_H
#define MUSTER_BASE_UTF8_H

#include <stdbool.h>

#include "base/slice.h"

/* Whether the bytes are UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. */
bool utf8_is_valid(struct slice text);

/* Whether every byte is ASCII. */
bool utf8_is_ascii(struct slice text);

#endif
