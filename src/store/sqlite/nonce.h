/* Compares the random half of a token or credential. */
#ifndef MUSTER_STORE_SQLITE_NONCE_H
#define MUSTER_STORE_SQLITE_NONCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Takes the same time whatever the bytes are, so that nobody can find a nonce byte by byte. */
bool nonce_equals(const uint8_t *a, const uint8_t *b, size_t size);

#endif
