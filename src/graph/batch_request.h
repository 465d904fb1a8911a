/* The body of a batch: OData JSON Format 4.01 section 19, as far as Graph follows it. What is wrong
 * with the batch as a whole is found here; what is wrong with one request is that one's own answer
 * (graph/batch_part.h). Pure; any thread. */
#ifndef MUSTER_GRAPH_BATCH_REQUEST_H
#define MUSTER_GRAPH_BATCH_REQUEST_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

#define BATCH_REQUESTS_AT_MOST 20

struct batch_request {
    struct slice id;
    struct slice method; /* in any case, as OData JSON Format 4.01 has it */
    struct slice url;
    const json_t *headers; /* an object of texts; NULL: none */
    const json_t *body;    /* NULL: none */
    uint32_t depends_on;   /* a bit for each request before it that must succeed first */
};

struct batch_requests {
    struct batch_request items[BATCH_REQUESTS_AT_MOST];
    size_t count; /* at least 1 */
};

/* Reads the body, to which the requests then point. ERROR_INVALID says which request and why: too
 * many, a member that is missing or has another type, an id twice (ids have no case), a dependency
 * that is not on a request before it, a request that writes without body or Content-Type. */
struct error batch_requests_read(const json_t *body, struct batch_requests *requests) MUST_CHECK;

/* The header of that name in any case; a NULL pointer when there is none. */
struct slice batch_request_find_header(const struct batch_request *request, struct slice name);

#endif
