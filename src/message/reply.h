/* What every answer of every door has in common: the ids that an operator and a client can both
 * quote, and the form of an error. Graph's error form serves all doors, so that one client-side
 * parser is enough. The exchange's loop's thread. */
#ifndef MUSTER_MESSAGE_REPLY_H
#define MUSTER_MESSAGE_REPLY_H

#include "base/error.h"
#include "message/exchange.h"

/* Reads client-request-id (a GUID, else the exchange's own id stands in) and adds request-id,
 * client-request-id and Cache-Control to the response. Every door calls it first; calling it again
 * changes nothing. */
void reply_begin(struct exchange *exchange);

/* The HTTP status and Graph's error code for a kind of error. */
int reply_status(enum error_code code);
const char *reply_error_code(enum error_code code);

/* Sets status, Content-Type and a body in Graph's error form:
 *   {"error": {"code", "message", "target"?, "innerError": {"date", "request-id",
 *   "client-request-id"}}}
 * code is NULL for the usual one of error->code. Adds Retry-After to 503 and 429, and
 * Accept-Encoding to a 415 about the encoding. */
void reply_set_error(struct exchange *exchange, const struct error *error, const char *code);

/* The same with a message that may be longer than an error's. */
void reply_set_error_message(struct exchange *exchange, const struct error *error, const char *code,
                             struct slice message);

/* reply_set_error with the usual code, and the exchange is finished. */
void reply_error(struct exchange *exchange, const struct error *error);

/* Sets status and Content-Type: application/json; the caller writes the body. */
void reply_set_json(struct exchange *exchange, int status);

/* 204 without a body, and the exchange is finished. */
void reply_no_content(struct exchange *exchange);

/* 405 with Allow made from METHOD_BITs, in Graph's error form; not finished yet. */
void reply_set_method_not_allowed(struct exchange *exchange, unsigned allowed);

#endif
