/* Which connection has waited too long, at a few pointer moves a request and no system call.
 *
 * A queue holds the connections that wait for the same kind of thing, and so for the same time at
 * most: a newcomer goes to the end and the first is always the next one due. One second is fine
 * enough. The loop's thread. */
#ifndef MUSTER_HTTP_DEADLINE_H
#define MUSTER_HTTP_DEADLINE_H

#include <stddef.h>
#include <stdint.h>

struct http_connection;

/* Embedded in a connection; all zero is in no queue. */
struct http_deadline {
    struct http_deadline *previous;
    struct http_deadline *next;
    struct http_deadline_queue *queue; /* NULL: in none */
    struct http_connection *connection;
    int64_t due; /* second on the loop's clock */
};

struct http_deadline_queue {
    struct http_deadline *first;
    struct http_deadline *last;
    int64_t seconds; /* 0: no limit */
};

/* Moves the deadline to the end of queue, starting its time anew at now. */
void http_deadline_start(struct http_deadline *deadline, struct http_deadline_queue *queue,
                         int64_t now);

/* Takes it out of its queue, if it is in one. */
void http_deadline_stop(struct http_deadline *deadline);

/* The first connection that is overdue; NULL when none is. It stays in the queue. */
struct http_connection *http_deadline_find_due(const struct http_deadline_queue *queue,
                                               int64_t now);

#endif
