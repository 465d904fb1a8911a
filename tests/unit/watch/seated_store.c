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

static struct seated_store *from_store(struct store *store) {
    return (struct seated_store *)(void *)((char *)store - offsetof(struct seated_store, store));
}

static void submit(struct store *store, struct store_command *command) {
    struct seated_store *seated = from_store(store);
    if (!seated->fails) {
        seated->kit->store->submit(seated->kit->store, command);
        return;
    }
    command->error = error_make(ERROR_UNAVAILABLE, "The disk that holds the database is full.");
    command->complete(command);
}

static void query(struct store *store, struct store_query *query) {
    struct seated_store *seated = from_store(store);
    if (!seated->fails) {
        seated->kit->store->query(seated->kit->store, query);
        return;
    }
    query->error = error_make(ERROR_UNAVAILABLE, "The server could not read its database.");
    query->complete(query);
}

struct seated_store *seated_store_open(void) {
    struct seated_store *seated = memory_allocate_zeroed(1, sizeof *seated);
    void *engine = &seated->engine;
    seated->engine = (struct kit_engine){.make_empty = make_empty, .open = open_store};
    seated->place = sqlite_place_make();
    assert_int_equal(kit_set_up(&engine), 0);
    seated->kit = engine;
    seated->store = (struct store){.submit = submit, .query = query};
    store_seat_open(&seated->seat, &seated->store, KIT_LOOPS);
    return seated;
}

void seated_store_restart(struct seated_store *seated) {
    store_seat_close(&seated->seat);
    kit_close(seated->kit);
    kit_open(seated->kit);
    store_seat_open(&seated->seat, &seated->store, KIT_LOOPS);
}

void seated_store_close(struct seated_store *seated) {
    void *kit = seated->kit;
    store_seat_close(&seated->seat);
    (void)kit_tear_down(&kit);
    sqlite_place_remove(&seated->place);
    free(seated);
}
