/* One request and its response on their way through the server, and the doors that answer.
 *
 * Life: the http layer (or a batch) makes an exchange and hands it to a door's handle on the loop's
 * thread. The door either answers at once or starts work whose completion arrives on the same
 * thread later; either way it calls exchange_finish exactly once, and must not touch the exchange
 * afterwards. The exchange outlives a client that hangs up, so a door never has to ask. */
#ifndef MUSTER_MESSAGE_EXCHANGE_H
#define MUSTER_MESSAGE_EXCHANGE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/guid.h"
#include "base/instant.h"
#include "message/request.h"
#include "message/response.h"

struct exchange {
    struct arena arena; /* lives until exchange_finish */
    struct request request;
    struct response response;
    size_t loop;                   /* index of the loop whose thread this belongs to */
    instant received;              /* when all of it was there; until then, when its head was */
    struct guid request_id;        /* new for each exchange; in every log line about it */
    struct guid client_request_id; /* the client's own, once reply_begin has read it */
    struct guid tenant;            /* for the log: who asked; zero while unknown */
    const char *log_outcome; /* for the log: a constant that says more than the status, or NULL */
    void (*finish)(struct exchange *exchange); /* set by who made the exchange */
    void *owner;                               /* theirs, too */
    /* Set by a door that keeps memory outside the arena for the exchange; called instead of the
     * completion that it waits for when the server ends before that comes. */
    void (*abandon)(struct exchange *exchange);
    void *door_state; /* the door's own */
};

static inline void exchange_finish(struct exchange *exchange) {
    exchange->finish(exchange);
}

/* Whoever answers requests: Graph, devices, operations, administration. */
struct door {
    /* Answers the exchange, now or later. Runs on the exchange's loop, must not block. */
    void (*handle)(struct door *door, struct exchange *exchange);

    /* Fills in the response, in the door's own form, for a request that the http layer cannot hand
     * over (malformed, too large, too slow). The request may be empty in any part. Does not call
     * exchange_finish. */
    void (*refuse)(struct door *door, struct exchange *exchange, const struct error *error);
};

#endif
