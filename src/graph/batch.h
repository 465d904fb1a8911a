/* A batch on its way: its requests are answered through the same door as any other, those that wait
 * for nobody all at once, so that their changes share a commit, the others when what they depend on
 * has succeeded. One that fails takes nobody along but those that depend on it.
 *
 * The loop's thread. A client that hangs up changes nothing: the batch's exchange outlives it. */
#ifndef MUSTER_GRAPH_BATCH_H
#define MUSTER_GRAPH_BATCH_H

#include <jansson.h>

#include "base/instant.h"
#include "base/log.h"
#include "base/random.h"
#include "graph/batch_request.h"
#include "message/exchange.h"

/* All answers together; reading that would go beyond is refused (413). What one answer may have
 * beyond that is bounded by the page's size. */
#define BATCH_REPLY_BYTES_AT_MOST (16U << 20)

/* How long the requests of one batch may keep the loop from everybody else at one go: reading that
 * has not begun by then is put off (429). */
#define BATCH_TURN_TICKS INSTANT_TICKS_PER_SECOND

struct batch_options {
    struct slice root_segment; /* of the batch's address: "v1.0" */
    const struct clock *clock;
    const struct random_source *random;
    struct log *log; /* a line for each part; NULL: none */
    /* Answers a part and finishes it, now or later. */
    void (*answer)(void *context, struct exchange *part);
    void *context;
};

/* Answers the requests and finishes the exchange. requests and what the options point to stay until
 * then; body, to which the requests point, is taken over. */
void batch_run(struct exchange *exchange, const struct batch_options *options,
               const struct batch_requests *requests, json_t *body);

#endif
