#include "watch/seated_store.h"

#include <stdlib.h>

#include "base/memory.h"

static void make_empty(struct kit_engine *engine) {
    sqlite_place_empty(&((struct seated_store *)(void *)engine)->place);
}

static struct error open_store(struct kit_engine *engine, size_t loops,
                               struct store_completions *completions, struct store **store) {
    struct seated_store *seated = (struct seated_store *)(void *)engine;
    store_seating_make(&seated->seating, completions, loops);
    return seated->place.engine.open(&seated->place.engine, loops + 1, &seated->seating.completions,
                                     store);
}

struct seated_store *seated_store_open(void) {
    struct seated_store *seated = memory_allocate_zeroed(1, sizeof *seated);
    void *engine = &seated->engine;
    seated->engine = (struct kit_engine){.make_empty = make_empty, .open = open_store};
    seated->place = sqlite_place_make();
    assert_int_equal(kit_set_up(&engine), 0);
    seated->kit = engine;
    store_seat_open(&seated->seat, seated->kit->store, KIT_LOOPS);
    return seated;
}

void seated_store_restart(struct seated_store *seated) {
    store_seat_close(&seated->seat);
    kit_close(seated->kit);
    kit_open(seated->kit);
    store_seat_open(&seated->seat, seated->kit->store, KIT_LOOPS);
}

void seated_store_close(struct seated_store *seated) {
    void *kit = seated->kit;
    store_seat_close(&seated->seat);
    (void)kit_tear_down(&kit);
    sqlite_place_remove(&seated->place);
    free(seated);
}
