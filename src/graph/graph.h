/* The Graph door: /v1.0 and /beta, answered as Microsoft Graph answers them. */
#ifndef MUSTER_GRAPH_GRAPH_H
#define MUSTER_GRAPH_GRAPH_H

#include <stdbool.h>

#include "auth/authenticator.h"
#include "message/exchange.h"
#include "service/service.h"

struct graph;

struct graph_options {
    struct service *service;
    struct authenticator *authenticator;
    /* Where a client gets a token, for WWW-Authenticate; without quotes or backslashes. */
    const char *authorization_uri;
    bool intune_error_wrapping; /* permission errors as JSON text inside the message */
    const struct clock *clock;  /* when a batch's parts begin */
    bool access_log;            /* a line for each part of a batch at level info */
};

/* Copies the options; what they point to outlives the door. Ends with graph_close. */
struct graph *graph_open(const struct graph_options *options) __attribute__((returns_nonnull));

/* The door to hand to a listener. */
struct door *graph_door(struct graph *graph);

void graph_close(struct graph *graph);

#endif
