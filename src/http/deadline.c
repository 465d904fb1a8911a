#include "http/deadline.h"

void http_deadline_stop(struct http_deadline *deadline) {
    struct http_deadline_queue *queue = deadline->queue;
    if (queue == NULL)
        return;
    if (deadline->previous == NULL)
        queue->first = deadline->next;
    else
        deadline->previous->next = deadline->next;
    if (deadline->next == NULL)
        queue->last = deadline->previous;
    else
        deadline->next->previous = deadline->previous;
    deadline->queue = NULL;
    deadline->previous = NULL;
    deadline->next = NULL;
}

void http_deadline_start(struct http_deadline *deadline, struct http_deadline_queue *queue,
                         int64_t now) {
    /* One more than asked: now may be almost a second old. */
    deadline->due = now + queue->seconds + 1;
    if (deadline->queue == queue && queue->last == deadline)
        return;
    http_deadline_stop(deadline);
    deadline->queue = queue;
    deadline->previous = queue->last;
    if (queue->last == NULL)
        queue->first = deadline;
    else
        queue->last->next = deadline;
    queue->last = deadline;
}

struct http_connection *http_deadline_find_due(const struct http_deadline_queue *queue,
                                               int64_t now) {
    if (queue->seconds == 0 || queue->first == NULL || queue->first->due > now)
        return NULL;
    return queue->first->connection;
}
