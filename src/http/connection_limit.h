/* How many connections may be open at a time: a bound that listeners share, or that one has for
 * itself, so that those of others do not keep its own out. Any thread. */
#ifndef MUSTER_HTTP_CONNECTION_LIMIT_H
#define MUSTER_HTTP_CONNECTION_LIMIT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct http_connection_limit {
    size_t at_most; /* fixed once the loops run */
    atomic_size_t open;
    atomic_bool is_refusing; /* and it was told */
};

/* Counts one more. False, and nothing is counted, when at_most are open. */
bool http_connection_limit_take(struct http_connection_limit *limit);

/* One that was taken is closed. */
void http_connection_limit_give(struct http_connection_limit *limit);

/* Whether the one that was just not taken is the first, and should be told of: there is one first
 * until http_connection_limit_settle finds that there is room again. */
bool http_connection_limit_begins_to_refuse(struct http_connection_limit *limit);

/* To be called now and then. There is room once a quarter is free, so that a single connection that
 * comes and goes at the limit does not count as an end and a new beginning. */
void http_connection_limit_settle(struct http_connection_limit *limit);

#endif
