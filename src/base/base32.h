/* Crockford's Base32 (https://www.crockford.com/base32.html) without check symbol or padding:
 * upper case, no I, L, O or U, so that a person can read a token off a label and type it. */
#ifndef MUSTER_BASE_BASE32_H
#define MUSTER_BASE_BASE32_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

/* Characters for size bytes, without a NUL byte. */
#define BASE32_LENGTH(size) (((size)*8 + 4) / 5)

/* Writes BASE32_LENGTH(size) characters and a NUL byte. The bits are filled up with zero bits
 * behind the last byte. */
void base32_encode(const uint8_t *bytes, size_t size, char *text);

/* Reads exactly BASE32_LENGTH(size) characters in either case, taking I and L for 1 and O for 0 as
 * Crockford says. False for any other character, another length, or filled-up bits that are not
 * zero: every value has one spelling per letter case. */
bool base32_decode(struct slice text, uint8_t *bytes, size_t size) MUST_CHECK;

#endif
