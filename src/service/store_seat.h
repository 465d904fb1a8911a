/* A place at the store for a thread that is no loop of the server: it asks, and waits for the
 * answer.
 *
 * To the store a seat is one more loop. The seating stands between the store and the server: what
 * completes for one of the server's loops goes there, what completes for a seat wakes its thread.
 */
#ifndef MUSTER_SERVICE_STORE_SEAT_H
#define MUSTER_SERVICE_STORE_SEAT_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "service/store_port.h"

struct store_seating {
    struct store_completions completions; /* for the store */
    struct store_completions *server;
    size_t loops; /* the server's; seats come behind them */
};

/* server outlives it, and it outlives the store. */
void store_seating_make(struct store_seating *seating, struct store_completions *server,
                        size_t loops);

struct store_seat {
    struct store *store;
    size_t loop;
    pthread_mutex_t mutex; /* over the next two */
    pthread_cond_t has_done;
    bool is_done;
};

/* loop is one that the store was opened with, and nobody else's. Ends with store_seat_close, before
 * the store is closed. */
void store_seat_open(struct store_seat *seat, struct store *store, size_t loop);
void store_seat_close(struct store_seat *seat);

/* Fill in loop and completion, hand over, and wait. Returns the error of the command or query. The
 * seat's thread only. */
struct error store_seat_run(struct store_seat *seat, struct store_command *command) MUST_CHECK;
struct error store_seat_ask(struct store_seat *seat, struct store_query *query) MUST_CHECK;

#endif
