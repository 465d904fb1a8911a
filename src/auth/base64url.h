/* Base64url without padding, as JOSE writes it (RFC 4648 section 5, RFC 7515 section 2).
 * Any thread. */
#ifndef MUSTER_AUTH_BASE64URL_H
#define MUSTER_AUTH_BASE64URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

/* Bytes that length characters stand for. */
#define BASE64URL_DECODED_SIZE(length) ((length) / 4 * 3 + (length) % 4 * 3 / 4)

/* Characters for size bytes. */
#define BASE64URL_LENGTH(size) (((size)*4 + 2) / 3)

/* Writes BASE64URL_DECODED_SIZE(text.length) bytes. False for other characters, padding, a length
 * that no encoder makes, or left-over bits that are not zero: every value has one spelling. */
bool base64url_decode(struct slice text, uint8_t *bytes) MUST_CHECK;

/* Writes BASE64URL_LENGTH(size) characters and a NUL byte. */
void base64url_encode(const uint8_t *bytes, size_t size, char *text);

#endif
