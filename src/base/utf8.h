/* UTF-8 (RFC 3629). Any thread. */
#ifndef MUSTER_BASE_UTF8_H
#define MUSTER_BASE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* Whether the bytes are UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. */
bool utf8_is_valid(struct slice text);

/* Cuts the first code point off a text that is valid UTF-8 and not empty. */
uint32_t utf8_cut(struct slice *rest);

/* Whether every byte is ASCII. */
bool utf8_is_ascii(struct slice text);

#endif
