/* An HTTP response as plain data: what a door answers. Nothing here does I/O. One thread at a time.
 */
#ifndef MUSTER_MESSAGE_RESPONSE_H
#define MUSTER_MESSAGE_RESPONSE_H

#include <stddef.h>

#include "base/buffer.h"
#include "base/slice.h"
#include "message/request.h"

#define RESPONSE_HEADERS_AT_MOST 24

struct response {
    int status; /* 100 to 599; 0 until the door has set it */
    struct header headers[RESPONSE_HEADERS_AT_MOST];
    size_t header_count;
    struct buffer body; /* the http layer adds Content-Length, except to 204 and 304 */
};

/* name and value must outlive the response: literals, or memory of the exchange's arena. CR, LF and
 * NUL in the value would let a client write headers of its own: such a header is left out. */
void response_add_header(struct response *response, struct slice name, struct slice value);

/* Sets the header that is already there, or adds it. */
void response_set_header(struct response *response, struct slice name, struct slice value);

/* The value of the header of that name; a NULL pointer when there is none. */
struct slice response_find_header(const struct response *response, struct slice name);

/* Takes back everything but the memory. */
void response_reset(struct response *response);

void response_free(struct response *response);

/* "No Content" for 204 and so on; "Unknown" for a status without a phrase. RFC 9110 15. */
const char *response_reason(int status);

#endif
