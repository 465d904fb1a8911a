/* Media types and the lists of parameters behind them: RFC 9110 8.3 and 5.6.6. Pure; any thread. */
#ifndef MUSTER_MESSAGE_MEDIA_TYPE_H
#define MUSTER_MESSAGE_MEDIA_TYPE_H

#include <stdbool.h>

#include "base/error.h"
#include "base/slice.h"
#include "message/request.h"

/* The text inside double quotes, or the text itself when it has none. */
struct slice media_type_unquote(struct slice text);

/* Cuts "name=value" off a list of parameters parted by semicolons; value without quotes. Both are
 * empty where a parameter is. False once nothing is left. */
bool media_type_next_parameter(struct slice *rest, struct slice *name, struct slice *value);

/* Checks that a body, where there is one, says that it is JSON in UTF-8 and not compressed.
 * ERROR_UNSUPPORTED_MEDIA_TYPE otherwise; its target is the header at fault. */
struct error media_type_check_json_body(const struct request *request) MUST_CHECK;

#endif
