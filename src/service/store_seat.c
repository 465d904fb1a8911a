#include "service/store_seat.h"

static void deliver(struct store_completions *completions, size_t loop,
                    struct store_command *first) {
    struct store_seating *seating = (struct store_seating *)(void *)completions;
    if (loop < seating->loops) {
        seating->server->deliver(seating->server, loop, first);
        return;
    }
    while (first != NULL) {
        /* From its completion on the command is its owner's again. */
        struct store_command *next = first->next;
        first->complete(first);
        first = next;
    }
}

void store_seating_make(struct store_seating *seating, struct store_completions *server,
                        size_t loops) {
    *seating = (struct store_seating){
        .completions = {.deliver = deliver}, .server = server, .loops = loops};
}

void store_seat_open(struct store_seat *seat, struct store *store, size_t loop) {
    *seat = (struct store_seat){.store = store, .loop = loop};
    (void)pthread_mutex_init(&seat->mutex, NULL);
    (void)pthread_cond_init(&seat->has_done, NULL);
}

void store_seat_close(struct store_seat *seat) {
    if (seat->store == NULL)
        return;
    (void)pthread_cond_destroy(&seat->has_done);
    (void)pthread_mutex_destroy(&seat->mutex);
    *seat = (struct store_seat){0};
}

static void wake(struct store_seat *seat) {
    (void)pthread_mutex_lock(&seat->mutex);
    seat->is_done = true;
    (void)pthread_cond_signal(&seat->has_done);
    (void)pthread_mutex_unlock(&seat->mutex);
}

static void wait(struct store_seat *seat) {
    (void)pthread_mutex_lock(&seat->mutex);
    while (!seat->is_done)
        (void)pthread_cond_wait(&seat->has_done, &seat->mutex);
    (void)pthread_mutex_unlock(&seat->mutex);
}

static void command_done(struct store_command *command) {
    wake(command->context);
}

static void query_done(struct store_query *query) {
    wake(query->context);
}

struct error store_seat_run(struct store_seat *seat, struct store_command *command) {
    command->loop = seat->loop;
    command->complete = command_done;
    command->context = seat;
    seat->is_done = false;
    seat->store->submit(seat->store, command);
    wait(seat);
    return command->error;
}

struct error store_seat_ask(struct store_seat *seat, struct store_query *query) {
    query->loop = seat->loop;
    query->complete = query_done;
    query->context = seat;
    seat->is_done = false;
    seat->store->query(seat->store, query);
    wait(seat);
    return query->error;
}
