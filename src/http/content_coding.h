/* Which content coding a client takes: Accept-Encoding (RFC 9110 12.5.3). Any thread. */
#ifndef MUSTER_HTTP_CONTENT_CODING_H
#define MUSTER_HTTP_CONTENT_CODING_H

#include <stdbool.h>

#include "message/request.h"

/* Whether the client takes gzip, and would not rather have the content as it is. False without the
 * header; a member that is malformed counts as not wanted. */
bool http_content_coding_takes_gzip(const struct request *request);

#endif
