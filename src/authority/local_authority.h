/* The authority that mints by itself: one AES-256 block for each token and credential.
 *
 * A text is AES-256(key, id64 || nonce64) in Crockford's Base32: 26 upper-case characters that say
 * nothing and that nobody can make without the key. The database holds id and nonce but not the
 * key, so a stolen database yields no working token. Tokens and credentials have keys of their own,
 * derived from token.key by HKDF-SHA-256 (RFC 5869). Any thread. */
#ifndef MUSTER_AUTHORITY_LOCAL_AUTHORITY_H
#define MUSTER_AUTHORITY_LOCAL_AUTHORITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/random.h"
#include "service/authority_port.h"

#define LOCAL_AUTHORITY_KEY_SIZE 32

/* Derives the keys from the master key, which is not kept. Ends with authority->close. */
struct error local_authority_open(const uint8_t master_key[static LOCAL_AUTHORITY_KEY_SIZE],
                                  struct authority **authority) MUST_CHECK;

/* Reads the master key from a file of exactly LOCAL_AUTHORITY_KEY_SIZE bytes that nobody but its
 * owner may read. Where there is none and may_create is set, makes one with mode 0600, durably.
 * Errors name the path and say what to do; a key that is missing beside an existing database is
 * one, because a new key would silently end every live token. The caller wipes the key. */
struct error
local_authority_load_key(const char *path, bool may_create, const struct random_source *random,
                         uint8_t master_key[static LOCAL_AUTHORITY_KEY_SIZE]) MUST_CHECK;

#endif
