/* What one webhook has still to be told, and how its deliveries go.
 *
 * The queue is the audit itself, behind the position up to which everything is done: nothing is
 * copied, so a receiver that is down for days costs no memory and no disk beyond what the audit
 * takes anyway. Events go out one after the other; the next one waits until the one before was
 * taken, so the order holds. The position is saved at most once a second: after a crash the last
 * events may come twice, with the same ids.
 *
 * The thread of the seat only, but for the counts. Time is passed in. */
#ifndef MUSTER_WEBHOOK_WEBHOOK_QUEUE_H
#define MUSTER_WEBHOOK_WEBHOOK_QUEUE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/random.h"
#include "service/store_seat.h"
#include "webhook/webhook_event.h"
#include "webhook/webhook_settings.h"

/* A webhook whose next event is older has fallen behind. */
#define WEBHOOK_BEHIND_SECONDS 300
/* How often the audit is looked at when there was nothing new. */
#define WEBHOOK_POLL_MILLISECONDS 250

struct webhook_queue {
    const struct webhook_settings *settings;
    struct store_seat *seat;
    const struct random_source *random;
    struct log *log;

    struct arena arena; /* of the events read ahead */
    const struct store_event *events;
    size_t event_count;
    size_t event_next;    /* the one in turn */
    int64_t read_through; /* what lies up to here was read */
    enum webhook_event_kind kinds[WEBHOOK_EVENTS_OF_ROW_AT_MOST]; /* of the event in turn */
    size_t kind_count;
    size_t kind_next;

    int64_t begun_row;   /* the first one behind the position where it began */
    unsigned begun_done; /* of that row's events, those that are done: bit k, enum
                            webhook_event_kind k */

    int64_t newest;   /* row, when it was last looked */
    int64_t position; /* what lies up to here is done */
    int64_t saved;
    instant saved_at;
    instant polled_at; /* INSTANT_NEVER: at once */
    unsigned failures; /* in a row */
    unsigned attempts; /* of these, at the event in turn */
    instant failing_since;
    instant failed_at;
    struct error failure; /* the last one */
    int64_t retry_ticks;  /* the wait from then on; 0: none */
    uint64_t dropping;    /* dropped, and not logged yet; a row that is gone counts as one */
    bool is_behind;

    _Atomic uint64_t delivered;
    _Atomic uint64_t failed; /* attempts */
    _Atomic uint64_t dropped;
    _Atomic uint64_t skipped;
    _Atomic int64_t backlog;     /* rows of the audit that it has not passed */
    _Atomic int64_t waits_since; /* the instant of the event in turn; INSTANT_NEVER: none */
};

/* How a webhook does, for its operator. Holds nothing secret. */
struct webhook_report {
    const char *name;
    int64_t position;
    int64_t backlog; /* rows of the audit that it has not passed */
    bool has_event;  /* one waits: that in turn is the next three */
    struct guid event;
    enum webhook_event_kind kind;
    instant at;
    unsigned attempts;     /* that failed at the event in turn */
    instant failing_since; /* INSTANT_NEVER: it does not fail */
    instant retry_at;      /* while it fails */
    struct error failure;  /* the last one, while it fails; the end of a sentence that begins with
                              the receiver */
};

/* What it points to outlives it. place is where it begins. */
void webhook_queue_open(struct webhook_queue *queue, const struct webhook_settings *settings,
                        struct store_seat *seat, const struct random_source *random,
                        struct log *log);
void webhook_queue_begin(struct webhook_queue *queue, const struct store_follower *place);

/* The event to be sent now; false when there is none, or its time has not come. event is valid
 * until webhook_queue_finish. */
bool webhook_queue_next(struct webhook_queue *queue, instant now, enum webhook_event_kind *kind,
                        const struct store_event **event);

/* How the attempt went: no error, or the end of a sentence that begins with the receiver, which
 * asks to wait for so many ticks before the next one (0: it does not say). */
void webhook_queue_finish(struct webhook_queue *queue, const struct error *outcome,
                          int64_t asked_wait, instant now);

/* The next attempt need not wait: what made the last one fail may have been put right. */
void webhook_queue_hurry(struct webhook_queue *queue);

/* Gives up the event in turn for ever: fills in command, a STORE_FOLLOWER_SKIP, and runs it.
 * ERROR_CONFLICT when the receiver has not failed at that event: whoever asked may have meant the
 * one before, which it took at last. Other errors: the store's; the event stays in turn. */
struct error webhook_queue_skip(struct webhook_queue *queue,
                                struct store_command *command) MUST_CHECK;

struct webhook_report webhook_queue_report(const struct webhook_queue *queue);

/* Saves the position if it moved and a second has gone by, or at once. */
void webhook_queue_save(struct webhook_queue *queue, instant now, bool at_once);

/* Milliseconds until webhook_queue_next may have something, most at most. */
int webhook_queue_wait(const struct webhook_queue *queue, instant now, int most);

void webhook_queue_close(struct webhook_queue *queue);

#endif
