#include "http/mailbox.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct error http_mailbox_open(struct http_mailbox *mailbox) {
    *mailbox = (struct http_mailbox){.wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
    if (mailbox->wake < 0)
        return error_make(ERROR_INTERNAL, "An eventfd cannot be made: %s.", strerror(errno));
    (void)pthread_mutex_init(&mailbox->mutex, NULL);
    return error_none();
}

void http_mailbox_wake(struct http_mailbox *mailbox) {
    /* Only a counter near 2^64 can make this fail, and it wakes the loop all the same. */
    uint64_t one = 1;
    ssize_t written = write(mailbox->wake, &one, sizeof one);
    (void)written;
}

void http_mailbox_deliver(struct http_mailbox *mailbox, struct store_command *first) {
    if (first == NULL)
        return;
    struct store_command *last = first;
    while (last->next != NULL)
        last = last->next;
    (void)pthread_mutex_lock(&mailbox->mutex);
    bool was_empty = mailbox->first == NULL;
    if (was_empty)
        mailbox->first = first;
    else
        mailbox->last->next = first;
    mailbox->last = last;
    (void)pthread_mutex_unlock(&mailbox->mutex);
    if (was_empty)
        http_mailbox_wake(mailbox);
}

void http_mailbox_empty(struct http_mailbox *mailbox) {
    (void)pthread_mutex_lock(&mailbox->mutex);
    struct store_command *command = mailbox->first;
    mailbox->first = NULL;
    mailbox->last = NULL;
    (void)pthread_mutex_unlock(&mailbox->mutex);
    while (command != NULL) {
        struct store_command *next = command->next;
        command->next = NULL;
        command->complete(command);
        command = next;
    }
}

void http_mailbox_close(struct http_mailbox *mailbox) {
    if (mailbox->wake < 0)
        return;
    (void)close(mailbox->wake);
    mailbox->wake = -1;
    (void)pthread_mutex_destroy(&mailbox->mutex);
}
