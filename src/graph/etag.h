/* Entity tags, and requests that hold for them only: RFC 9110 8.8.3 and 13.1, OData 4.01 part 1
 * section 11.4.1.1.
 *
 * A tag has the revision of what is stored, which conditions of changes are about, and a mark for
 * what else an answer depends on: whether the token is still live, whether the caller may see
 * secrets, and this run of the server, as its settings are in the QR codes. Tags are weak, and
 * compared so with If-Match as well, as OData has it. The loop's thread. */
#ifndef MUSTER_GRAPH_ETAG_H
#define MUSTER_GRAPH_ETAG_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "domain/revision.h"
#include "message/request.h"

/* Tags in all If-Match headers of a request, and as many in all If-None-Match; 400 beyond. */
#define ETAG_LISTED_AT_MOST 64

struct etag_mark {
    uint32_t run;       /* of the server */
    bool is_live;       /* the token */
    bool shows_secrets; /* to this caller */
};

/* W/"<revision>-<mark>", in the arena. */
struct slice etag_format(struct arena *arena, const struct revision *revision,
                         const struct etag_mark *mark);

/* Reads If-Match and If-None-Match for a change. Tags that are none of ours name no revision.
 * ERROR_INVALID for a header that is not "*" or a list of entity tags. */
struct error etag_read_precondition(struct arena *arena, const struct request *request,
                                    struct precondition *precondition) MUST_CHECK;

/* What becomes of a GET of an entity with this tag. */
enum etag_outcome { ETAG_SEND, ETAG_NOT_MODIFIED, ETAG_FAILED };

/* The same errors. */
struct error etag_judge_get(const struct request *request, struct slice tag,
                            const struct revision *revision, enum etag_outcome *outcome) MUST_CHECK;

#endif
