/* A store with the kit's loops and one seat behind them, for which it can be made to fail. */
#ifndef MUSTER_TESTS_UNIT_WATCH_SEATED_STORE_H
#define MUSTER_TESTS_UNIT_WATCH_SEATED_STORE_H

#include "service/store_seat.h"
#include "store/sqlite_place.h"

struct seated_store {
    struct kit_engine engine; /* first, so that it leads to the rest */
    struct sqlite_place place;
    struct store_seating seating;
    struct store store; /* the seat's: hands on to the kit's unless it fails */
    bool fails;
    struct store_seat seat;
    struct kit *kit;
};

struct seated_store *seated_store_open(void);

/* Closes and opens the store again. */
void seated_store_restart(struct seated_store *seated);

void seated_store_close(struct seated_store *seated);

#endif
