/* One request of a batch as an exchange like any other. The loop's thread. */
#ifndef MUSTER_GRAPH_BATCH_PART_H
#define MUSTER_GRAPH_BATCH_PART_H

#include "base/json_writer.h"
#include "graph/batch_request.h"
#include "message/exchange.h"

/* A longer address is refused, as outside of a batch. */
#define BATCH_URL_BYTES_AT_MOST 8192

/* Fills in part->request: what the client said in it, and of the batch's own request the version's
 * root, the host, the peer and, unless it has one, the client-request-id. Texts point to the
 * batch's body or into the part's arena. ERROR_INVALID or ERROR_URI_TOO_LONG for what only this
 * part has to answer for: an address that is not relative, another Authorization or Host than the
 * batch's. */
struct error batch_part_fill(struct exchange *part, const struct exchange *batch,
                             struct slice root_segment,
                             const struct batch_request *request) MUST_CHECK;

/* Writes the answered part: {"id", "status", "headers", "body"}. JSON stands as it is, plain text
 * as a text, other media types in Base64, nothing as null. */
void batch_part_write(const struct exchange *part, struct slice id, struct json_writer *writer);

#endif
