#include "store/sqlite/sqlite_store.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "store/sqlite/database.h"
#include "store/sqlite/database_file.h"
#include "store/sqlite/query.h"
#include "store/sqlite/tenant_cache.h"
#include "store/sqlite/writer.h"

#define SECONDS_PER_DAY INT64_C(86400)

/* Shared out among the readers. A page of 100 profiles of a large database lies on 300 pages of the
 * file. */
#define READERS_CACHE_KIBIBYTES 32768
#define READER_CACHE_KIBIBYTES_AT_LEAST 2048

struct sqlite_store {
    struct store store;
    struct log *log;
    int lock; /* a descriptor; -1: not taken */
    struct writer *writer;
    size_t loops;
    struct database *readers;        /* one for each loop */
    struct tenant_cache *tenants;    /* likewise */
    struct store_completions noting; /* the writer's; goes on to: */
    struct store_completions *completions;
    _Atomic uint64_t tenant_changes;
};

static struct sqlite_store *from_store(struct store *store) {
    return (struct sqlite_store *)(void *)((char *)store - offsetof(struct sqlite_store, store));
}

static void submit(struct store *store, struct store_command *command) {
    writer_submit(from_store(store)->writer, command);
}

/* Counts changes of tenants when they are durable and before their callers hear of them. */
static void note_and_deliver(struct store_completions *completions, size_t loop,
                             struct store_command *first) {
    struct sqlite_store *self =
        (struct sqlite_store *)(void *)((char *)completions -
                                        offsetof(struct sqlite_store, noting));
    for (const struct store_command *at = first; at != NULL; at = at->next) {
        if (at->kind == STORE_TENANT_ADD || at->kind == STORE_TENANT_SET_LICENSED)
            atomic_fetch_add_explicit(&self->tenant_changes, 1, memory_order_release);
    }
    self->completions->deliver(self->completions, loop, first);
}

/* What is committed after the stamp was taken makes another one. */
static struct tenant_cache_stamp take_stamp(struct sqlite_store *self) {
    struct timespec now = {.tv_sec = 0};
    (void)clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (struct tenant_cache_stamp){
        .changes = atomic_load_explicit(&self->tenant_changes, memory_order_acquire),
        .second = (int64_t)now.tv_sec,
    };
}

static bool get_tenant(struct sqlite_store *self, struct store_query *query) {
    struct tenant_cache *cache = &self->tenants[query->loop];
    struct tenant_cache_stamp stamp = take_stamp(self);
    query->error = error_none();
    if (tenant_cache_find(cache, stamp, &query->tenant, query->arena, &query->tenant_get.result))
        return true;
    bool is_well = query_run(&self->readers[query->loop], query);
    if (is_well && !error_is_set(&query->error))
        tenant_cache_keep(cache, stamp, &query->tenant_get.result);
    return is_well;
}

static void query(struct store *store, struct store_query *query) {
    struct sqlite_store *self = from_store(store);
    struct database *reader = &self->readers[query->loop];
    bool is_well =
        query->kind == STORE_TENANT_GET ? get_tenant(self, query) : query_run(reader, query);
    if (!is_well) {
        LOG(self->log, LOG_LEVEL_ERROR, "store query failed", log_number("kind", query->kind),
            log_number("code", reader->failure), log_string("reason", reader->failure_text));
        query->error = error_make(ERROR_UNAVAILABLE,
                                  "The server could not read its database. Try again later.");
    }
    query->complete(query);
}

static bool is_ready(struct store *store, struct error *reason) {
    return writer_is_ready(from_store(store)->writer, reason);
}

/* The writer closes last, so that it can bring everything into the database file. */
static void close_store(struct store *store) {
    struct sqlite_store *self = from_store(store);
    for (size_t i = 0; i < self->loops; i++) {
        database_close(&self->readers[i]);
        tenant_cache_close(&self->tenants[i]);
    }
    if (self->writer != NULL)
        writer_stop(self->writer);
    if (self->lock >= 0)
        (void)close(self->lock);
    free(self->readers);
    free(self->tenants);
    free(self);
}

static struct error open_readers(struct sqlite_store *self,
                                 const struct sqlite_store_options *options) {
    for (size_t i = 0; i < self->loops; i++) {
        int cache = READERS_CACHE_KIBIBYTES / (int)self->loops;
        if (cache < READER_CACHE_KIBIBYTES_AT_LEAST)
            cache = READER_CACHE_KIBIBYTES_AT_LEAST;
        if (!database_open(&self->readers[i], options->path, DATABASE_READER) ||
            !database_set_cache(&self->readers[i], cache))
            return database_failure_at(&self->readers[i], options->path);
        self->readers[i].listing_steps_at_most = options->listing_steps_at_most;
    }
    return error_none();
}

/* SQLite counts every allocation under one lock unless it is told not to before its first use;
 * nobody asks for those counts, and they cost a tenth of the writer's time. Later calls change
 * nothing. */
static void spare_memory_counts(void) {
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static void tell_others(const struct sqlite_store_options *options) {
    if (database_file_is_open_elsewhere(options->path))
        LOG(options->log, LOG_LEVEL_WARNING, "database is open in another program",
            log_string("path", options->path),
            log_string("consequence",
                       "if a sync of the database file failed before this start, what it left out "
                       "is not brought there: close that program and restart"));
}

struct error sqlite_store_open(const struct sqlite_store_options *options, struct store **store) {
    spare_memory_counts();
    struct sqlite_store *self = memory_allocate_zeroed(1, sizeof *self);
    self->store = (struct store){
        .submit = submit, .query = query, .is_ready = is_ready, .close = close_store};
    self->log = options->log;
    self->lock = -1;
    self->loops = options->loops;
    self->readers = memory_allocate_zeroed(options->loops, sizeof *self->readers);
    self->tenants = memory_allocate_zeroed(options->loops, sizeof *self->tenants);
    self->noting.deliver = note_and_deliver;
    self->completions = options->completions;
    const struct writer_options writer_options = {
        .path = options->path,
        .loops = options->loops,
        .completions = &self->noting,
        .log = options->log,
        .clock = options->clock,
        .audit_retention = {.seconds = options->audit_retention_days * SECONDS_PER_DAY,
                            .clock = options->clock},
    };
    struct error error = database_file_lock(options->path, &self->lock);
    if (!error_is_set(&error))
        error = database_file_make(options->path);
    if (!error_is_set(&error))
        tell_others(options);
    if (!error_is_set(&error))
        error = writer_start(&writer_options, &self->writer);
    if (!error_is_set(&error))
        error = open_readers(self, options);
    if (error_is_set(&error)) {
        close_store(&self->store);
        return error;
    }
    *store = &self->store;
    return error;
}
