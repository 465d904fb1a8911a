#include "http/arrivals.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

void http_arrivals_open(struct http_arrivals *arrivals) {
    *arrivals = (struct http_arrivals){0};
    (void)pthread_mutex_init(&arrivals->mutex, NULL);
}

enum http_arrivals_put http_arrivals_put(struct http_arrivals *arrivals,
                                         const struct http_listener *listener, int descriptor,
                                         const char *peer) {
    struct http_arrival *arrival = memory_allocate(sizeof *arrival);
    arrival->listener = listener;
    arrival->descriptor = descriptor;
    memcpy(arrival->peer, peer, strlen(peer) + 1);
    (void)pthread_mutex_lock(&arrivals->mutex);
    bool is_closed = arrivals->is_closed;
    bool is_first = arrivals->first == NULL;
    arrival->next = arrivals->first;
    if (!is_closed)
        arrivals->first = arrival;
    (void)pthread_mutex_unlock(&arrivals->mutex);
    if (!is_closed)
        return is_first ? HTTP_ARRIVALS_PUT_FIRST : HTTP_ARRIVALS_PUT;
    free(arrival);
    return HTTP_ARRIVALS_REFUSED;
}

struct http_arrival *http_arrivals_take(struct http_arrivals *arrivals, bool closing) {
    (void)pthread_mutex_lock(&arrivals->mutex);
    struct http_arrival *first = arrivals->first;
    arrivals->first = NULL;
    arrivals->is_closed = arrivals->is_closed || closing;
    (void)pthread_mutex_unlock(&arrivals->mutex);
    return first;
}

void http_arrivals_close(struct http_arrivals *arrivals) {
    struct http_arrival *arrival = http_arrivals_take(arrivals, true);
    while (arrival != NULL) {
        struct http_arrival *next = arrival->next;
        http_connection_limit_give(arrival->listener->limit);
        (void)close(arrival->descriptor);
        free(arrival);
        arrival = next;
    }
    (void)pthread_mutex_destroy(&arrivals->mutex);
}
