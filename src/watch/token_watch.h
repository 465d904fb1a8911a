/* Watches for tokens that are about to expire or have, and has the store tell of each once.
 *
 * What was told is the store's to remember, in the transaction that tells it; the watch only finds
 * out whose turn it is, so that a restart, a clock that was set or another warning window neither
 * repeats nor loses anything. It holds in memory what falls due within the next minutes. For that
 * it looks through all profiles now and then, and meanwhile reads the tokens that are made. */
#ifndef MUSTER_WATCH_TOKEN_WATCH_H
#define MUSTER_WATCH_TOKEN_WATCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/log.h"
#include "service/store_seat.h"
#include "watch/token_due.h"

/* How far ahead it looks, and how often. */
#define TOKEN_WATCH_AHEAD_SECONDS 600
#define TOKEN_WATCH_AGAIN_SECONDS 300

struct token_watch {
    struct store_seat *seat;
    struct log *log;
    int64_t warning_seconds; /* 0: nobody is warned */

    struct token_due_heap due;
    struct arena arena;
    bool is_complete;    /* all profiles were looked through */
    instant looked_at;   /* when */
    instant until;       /* what falls due before is in the heap */
    size_t size_at_most; /* of the heap: beyond it most of it must be out of date */
    int64_t seen;        /* the newest token that was looked at */

    _Atomic int64_t expiring; /* tokens that were told to be about to expire, and may yet be used */
    _Atomic uint64_t warned;
    _Atomic uint64_t expired;
};

/* seat and log outlive it. */
void token_watch_open(struct token_watch *watch, struct store_seat *seat, struct log *log,
                      int64_t warning_seconds);

/* Does what is to be done now. Whether there is more of it: then it is to be called again at once,
 * otherwise a second later. The seat's thread. */
bool token_watch_step(struct token_watch *watch, instant now);

void token_watch_close(struct token_watch *watch);

#endif
