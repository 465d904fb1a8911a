/* The door for those who run the server: /livez, /readyz and /metrics. Shows no secret, and listens
 * where the operator says. */
#ifndef MUSTER_OPS_OPS_DOOR_H
#define MUSTER_OPS_OPS_DOOR_H

#include "auth/authenticator.h"
#include "base/buffer.h"
#include "message/exchange.h"
#include "service/store_port.h"

struct ops_door {
    struct door door;
    struct store *store;
    struct authenticator *authenticator;
    /* Writes what the layers above know, in Prometheus' text format; may be NULL. */
    void (*write_metrics)(void *context, struct buffer *out);
    void *context;
};

/* store and authenticator outlive it; nothing to give back. */
struct ops_door ops_door_make(struct store *store, struct authenticator *authenticator,
                              void (*write_metrics)(void *context, struct buffer *out),
                              void *context);

#endif
