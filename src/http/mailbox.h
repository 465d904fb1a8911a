/* Completed commands on their way from the store's thread to a loop. */
#ifndef MUSTER_HTTP_MAILBOX_H
#define MUSTER_HTTP_MAILBOX_H

#include <pthread.h>
#include <stdbool.h>

#include "base/error.h"
#include "service/store_port.h"

struct http_mailbox {
    pthread_mutex_t mutex;
    struct store_command *first; /* under mutex, like last */
    struct store_command *last;
    int wake; /* an eventfd that the loop watches edge-triggered, so that nobody reads it */
};

struct error http_mailbox_open(struct http_mailbox *mailbox) MUST_CHECK;

/* Puts a list linked by next behind what is there and wakes the loop. Any thread. */
void http_mailbox_deliver(struct http_mailbox *mailbox, struct store_command *first);

/* Wakes the loop without a letter. Any thread. */
void http_mailbox_wake(struct http_mailbox *mailbox);

/* Calls complete for every command that has arrived, in order. The loop's thread. */
void http_mailbox_empty(struct http_mailbox *mailbox);

void http_mailbox_close(struct http_mailbox *mailbox);

#endif
