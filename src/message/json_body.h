/* Reading a request's JSON body, for every door. jansson parses; this says what was wrong in words
 * that a client can use, without quoting the body, which may hold a secret. */
#ifndef MUSTER_MESSAGE_JSON_BODY_H
#define MUSTER_MESSAGE_JSON_BODY_H

#include <jansson.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

/* Parses a body that must be one JSON object (RFC 8259) in UTF-8 without duplicate names, U+0000 or
 * lone surrogates. The caller ends it with json_decref. ERROR_INVALID otherwise. */
struct error json_body_parse(struct slice body, json_t **object) MUST_CHECK;

/* A copy of a JSON string in the arena. */
struct slice json_body_copy_text(struct arena *arena, const json_t *text);

/* "a string", "null", "a number with a fraction" and so on, for messages. */
const char *json_body_type_name(const json_t *value);

#endif
