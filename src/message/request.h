/* An HTTP request as plain data: what a door is asked.
 *
 * The http layer fills it in from a socket, a Graph batch from a part's JSON; a door cannot tell
 * the difference. Nothing here does I/O. One thread at a time. */
#ifndef MUSTER_MESSAGE_REQUEST_H
#define MUSTER_MESSAGE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

enum request_method {
    METHOD_GET,
    METHOD_HEAD,
    METHOD_POST,
    METHOD_PUT,
    METHOD_PATCH,
    METHOD_DELETE,
    METHOD_OPTIONS,
    METHOD_OTHER, /* valid HTTP, but nothing here answers to it */
};

/* One bit a method, for tables that say which are allowed. */
#define METHOD_BIT(method) (1U << (unsigned)(method))

struct header {
    struct slice name;  /* as the client spelled it */
    struct slice value; /* without white space around it */
};

struct request {
    enum request_method method;
    struct slice method_name; /* as received */
    struct slice path;        /* of the target, still percent-encoded; begins with '/' */
    struct slice query;       /* behind '?', still percent-encoded; empty when there is none */
    const struct header *headers;
    size_t header_count;
    struct slice body;
    bool has_body;     /* a body was announced, even an empty one */
    bool secure;       /* came over TLS, or a trusted proxy says so */
    struct slice host; /* host and port as the client addressed them */
    struct slice peer; /* the other end's address without port; "local" over a Unix socket */
};

/* The value of the first header of that name in any case; a NULL pointer when there is none. */
struct slice request_find_header(const struct request *request, struct slice name);

/* How many headers of that name there are. */
size_t request_count_headers(const struct request *request, struct slice name);

/* "GET" and so on, in upper case as HTTP has it; METHOD_OTHER for what is not in the list. */
enum request_method request_method_parse(struct slice name);
const char *request_method_name(enum request_method method);

#endif
