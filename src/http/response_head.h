/* A response's head as it goes over the wire: RFC 9112 4 and 5. One thread at a time. */
#ifndef MUSTER_HTTP_RESPONSE_HEAD_H
#define MUSTER_HTTP_RESPONSE_HEAD_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/instant.h"
#include "message/response.h"

/* "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n" */
#define HTTP_DATE_LINE_SIZE 38

/* The Date header, formatted once a second. All zero is ready for use. */
struct http_date {
    int64_t second; /* since 1970 */
    size_t length;
    char line[HTTP_DATE_LINE_SIZE];
};

/* Brings the date up to now. RFC 9110 5.6.7. */
void http_date_update(struct http_date *date, instant now);

/* What the connection adds to the door's headers. */
struct http_response_frame {
    bool closes;    /* "Connection: close" */
    bool keeps_1_0; /* "Connection: keep-alive", which HTTP/1.0 does not take for granted */
    bool secure;    /* "Strict-Transport-Security" */
    struct slice date_line;
};

/* Appends status line, headers and the empty line. */
void http_response_head_write(struct buffer *out, const struct response *response,
                              const struct http_response_frame *frame);

/* Whether a response of this status has a body: 1xx, 204 and 304 have none. RFC 9110 6.4.1. */
bool http_response_may_have_body(int status);

#endif
