/* What a client would rather have: the Prefer header (RFC 7240, OData 4.01 part 1 section 8.2.8).
 * Pure; any thread. */
#ifndef MUSTER_GRAPH_PREFERENCE_H
#define MUSTER_GRAPH_PREFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "message/request.h"

enum preferred_return {
    PREFERRED_RETURN_NONE, /* nothing said: the operation's usual answer */
    PREFERRED_RETURN_MINIMAL,
    PREFERRED_RETURN_REPRESENTATION,
};

struct graph_preferences {
    enum preferred_return preferred_return;
    size_t max_page_size;          /* 0: nothing said */
    bool wants_muster_annotations; /* odata.include-annotations="*" or "muster.*" */
};

/* Reads all Prefer headers. A preference that is not known or not well-formed is ignored, as RFC
 * 7240 asks; of one that is given twice the first counts. */
struct graph_preferences preference_read(const struct request *request);

#endif
