/* One JSON Web Key made ready for verifying. Used by keyset.c only. Any thread. */
#ifndef MUSTER_AUTH_KEYSET_KEY_H
#define MUSTER_AUTH_KEYSET_KEY_H

#include <jansson.h>

#include "auth/keyset.h"

/* NULL and the key, or why it cannot be used. The key is given back by keyset_key_free. */
const char *keyset_key_parse(const json_t *object, struct keyset_key *key);

void keyset_key_free(struct keyset_key *key);

#endif
