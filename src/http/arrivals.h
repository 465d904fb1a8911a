/* Connections on their way from the loop that accepted them to the one that is to serve them. Which
 * loop the kernel wakes for a new connection is chance: without this, one loop could serve nearly
 * all while the others idle. */
#ifndef MUSTER_HTTP_ARRIVALS_H
#define MUSTER_HTTP_ARRIVALS_H

#include <pthread.h>
#include <stdbool.h>

#include "http/listener.h"

struct http_arrival {
    struct http_arrival *next;
    const struct http_listener *listener;
    int descriptor;
    char peer[HTTP_PEER_TEXT_SIZE];
};

struct http_arrivals {
    pthread_mutex_t mutex;
    struct http_arrival *first; /* under mutex, like the next */
    bool is_closed;
};

void http_arrivals_open(struct http_arrivals *arrivals);

enum http_arrivals_put {
    HTTP_ARRIVALS_PUT,
    HTTP_ARRIVALS_PUT_FIRST, /* the loop is to be woken */
    HTTP_ARRIVALS_REFUSED,   /* it takes none any more */
};

/* Puts a connection there; the descriptor is the arrivals' unless it is refused. Any thread. */
enum http_arrivals_put http_arrivals_put(struct http_arrivals *arrivals,
                                         const struct http_listener *listener, int descriptor,
                                         const char *peer);

/* What is there, linked by next; the caller frees each. When closing, nothing is taken from then
 * on. The loop's thread. */
struct http_arrival *http_arrivals_take(struct http_arrivals *arrivals, bool closing);

/* Closes the connections that nobody took. After the loops have ended. */
void http_arrivals_close(struct http_arrivals *arrivals);

#endif
