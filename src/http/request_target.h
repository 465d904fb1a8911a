/* What a request asks for and whom: the request target and the Host header. RFC 9112 3.2, RFC 9110
 * 7.2. Any thread. */
#ifndef MUSTER_HTTP_REQUEST_TARGET_H
#define MUSTER_HTTP_REQUEST_TARGET_H

#include "base/error.h"
#include "message/request.h"

/* Sets path and query, and host when the target is a whole http(s) address. The method must be set:
 * "*" is for OPTIONS alone. ERROR_INVALID for any other form, for bytes outside visible ASCII and
 * for a fragment. */
struct error http_request_target_read(struct slice target, struct request *request) MUST_CHECK;

/* Sets host from the Host header unless the target has named it already. required is for HTTP/1.1,
 * where a request without it is refused; a second one always is. */
struct error http_request_host_read(struct request *request, bool required) MUST_CHECK;

/* Whether the text is made of what a reg-name, an IPv4 address or a bracketed IPv6 address with an
 * optional port is made of (RFC 3986 3.2.2); the empty one is. */
bool http_request_host_is_valid(struct slice host);

#endif
