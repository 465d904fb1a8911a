/* The thread that delivers webhooks. All transfers run side by side, so that a receiver that is
 * slow or dead holds up no other, and no request waits for any of them. */
#ifndef MUSTER_WEBHOOK_WEBHOOK_THREAD_H
#define MUSTER_WEBHOOK_WEBHOOK_THREAD_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/instant.h"
#include "base/log.h"
#include "base/random.h"
#include "service/store_port.h"
#include "webhook/webhook_queue.h"
#include "webhook/webhook_settings.h"

struct webhook_thread;

struct webhook_options {
    const struct webhook_settings *webhooks;
    size_t count;
    struct store *store;
    size_t loop;                           /* of the store, for nobody else */
    struct store_completions *completions; /* by which commands come back to their loops */
    const struct clock *clock;
    const struct random_source *random;
    struct log *log;
};

/* How one webhook does. */
struct webhook_counts {
    const char *name;
    uint64_t delivered;      /* events that the receiver took */
    uint64_t failed;         /* attempts */
    uint64_t dropped;        /* events that were too old, and rows that were gone from the audit */
    uint64_t skipped;        /* events that the operator gave up */
    int64_t backlog;         /* rows of the audit that it has not passed: at least as many as events
                                wait */
    int64_t backlog_seconds; /* age of the event in turn; 0: none waits */
};

/* Reads the files of secrets and addresses and starts the thread; also without webhooks, so that
 * the positions of those that were taken out of the configuration are forgotten. What the options
 * point to outlives it. Errors: ERROR_INVALID names the webhook and its file; ERROR_INTERNAL. */
struct error webhook_thread_start(const struct webhook_options *options,
                                  struct webhook_thread **thread) MUST_CHECK;

/* Has the files read again; what is wrong with one goes to the log, and the secret or address known
 * so far stays in use. Any thread; does not wait. */
void webhook_thread_reload(struct webhook_thread *thread);

/* Of the webhook with that index in the options. Any thread. */
struct webhook_counts webhook_thread_count(struct webhook_thread *thread, size_t webhook);

/* The same in words; at most as old as the thread's last look. Any thread. */
struct webhook_report webhook_thread_report(struct webhook_thread *thread, size_t webhook);

/* How many webhooks there are. Any thread. */
size_t webhook_thread_count_webhooks(const struct webhook_thread *thread);

/* Gives up the event in turn of the webhook that follower_skip.place of the STORE_FOLLOWER_SKIP
 * names; the rest of follower_skip is filled in. The command completes on its loop, with
 * ERROR_NOT_FOUND when there is no such webhook, or the errors of webhook_queue_skip. Any thread;
 * does not wait. */
void webhook_thread_skip(struct webhook_thread *thread, struct store_command *command);

/* Breaks off what is running, saves the positions and ends the thread; the store must still be
 * open. thread may be NULL. */
void webhook_thread_stop(struct webhook_thread *thread);

#endif
