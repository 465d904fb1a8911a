/* Calls from web pages of other origins: the CORS protocol (Fetch standard 3.3). Graph allows every
 * origin; here the operator says which. The loop's thread. */
#ifndef MUSTER_GRAPH_CORS_H
#define MUSTER_GRAPH_CORS_H

#include "message/exchange.h"

/* Where the request is from a page of another origin, and that is one of origins (parted by blanks,
 * "*": all, NULL: none), adds what lets the page read the answer. */
void cors_allow(struct exchange *exchange, const char *origins);

/* The same for a preflight request: what the page may go on to send. methods is the value of
 * Allow. Nothing where the request is none, or cors_allow has not allowed it. */
void cors_allow_preflight(struct exchange *exchange, struct slice methods);

#endif
