#include "sqlite_place.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/sqlite/sqlite_store.h"

static struct error open_store(struct kit_engine *engine, size_t loops,
                               struct store_completions *completions, struct store **store) {
    const struct sqlite_place *place = (const struct sqlite_place *)(void *)engine;
    const struct sqlite_store_options options = {
        .path = place->path, .loops = loops, .completions = completions};
    return sqlite_store_open(&options, store);
}

static void make_empty(struct kit_engine *engine) {
    sqlite_place_empty((const struct sqlite_place *)(void *)engine);
}

struct sqlite_place sqlite_place_make(void) {
    struct sqlite_place place = {.engine = {.make_empty = make_empty, .open = open_store}};
    const char *parent = getenv("TMPDIR");
    (void)snprintf(place.directory, sizeof place.directory, "%s/muster-store-XXXXXX",
                   parent == NULL ? "/tmp" : parent);
    if (mkdtemp(place.directory) == NULL)
        abort();
    int length = snprintf(place.path, sizeof place.path, "%s/muster.db", place.directory);
    if (length < 0 || (size_t)length >= sizeof place.path)
        abort();
    return place;
}

void sqlite_place_empty(const struct sqlite_place *place) {
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal", ".lock"};
    for (size_t i = 0; i < COUNT_OF(suffixes); i++) {
        char name[SQLITE_PLACE_PATH_SIZE + 16];
        (void)snprintf(name, sizeof name, "%s%s", place->path, suffixes[i]);
        (void)unlink(name);
    }
}

void sqlite_place_remove(const struct sqlite_place *place) {
    sqlite_place_empty(place);
    (void)rmdir(place->directory);
}

int sqlite_place_set_up(void **state) {
    struct sqlite_place *place = malloc(sizeof *place);
    assert_non_null(place);
    *place = sqlite_place_make();
    *state = place;
    return 0;
}

int sqlite_place_tear_down(void **state) {
    sqlite_place_remove(*state);
    free(*state);
    return 0;
}

static void ignore_delivery(struct store_completions *completions, size_t loop,
                            struct store_command *first) {
    (void)completions;
    (void)loop;
    (void)first;
}

struct error sqlite_place_try_open(const char *path) {
    struct store_completions completions = {.deliver = ignore_delivery};
    const struct sqlite_store_options options = {
        .path = path, .loops = 2, .completions = &completions};
    struct store *store = NULL;
    struct error error = sqlite_store_open(&options, &store);
    if (!error_is_set(&error))
        store->close(store);
    return error;
}

void sqlite_place_execute(const struct sqlite_place *place, const char *sql) {
    sqlite3 *connection = NULL;
    assert_int_equal(sqlite3_open(place->path, &connection), SQLITE_OK);
    assert_int_equal(sqlite3_exec(connection, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(connection), SQLITE_OK);
}
