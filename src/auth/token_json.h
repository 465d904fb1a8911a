/* JSON inside a token: a base64url-encoded object, and its members as slices. Any thread. */
#ifndef MUSTER_AUTH_TOKEN_JSON_H
#define MUSTER_AUTH_TOKEN_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "base/slice.h"

/* The object that a part of a token holds, or NULL when it is not base64url, not JSON in UTF-8,
 * not an object, or names a member twice. The caller ends it with json_decref. */
json_t *token_json_decode(struct slice encoded);

/* Whether value is a string; text gets it. */
bool token_json_text(const json_t *value, struct slice *text);

/* The string member of that name; empty with a NULL pointer when there is none or it is something
 * else. Valid as long as the object. */
struct slice token_json_member(const json_t *object, const char *name);

#endif
