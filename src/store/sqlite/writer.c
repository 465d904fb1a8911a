#include "store/sqlite/writer.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/thread.h"
#include "store/sqlite/checkpointer.h"
#include "store/sqlite/command.h"
#include "store/sqlite/database.h"
#include "store/sqlite/log_gatherer.h"
#include "store/sqlite/migration.h"

/* Bounds the memory that one transaction holds, and how long its first command waits. */
#define BATCH_AT_MOST 4096
#define PROBE_INTERVAL_SECONDS 1

struct command_list {
    struct store_command *first;
    struct store_command *last;
};

struct writer {
    char *path;
    size_t loops;
    struct store_completions *completions;
    struct log *log;
    const struct clock *clock;
    pthread_t thread;

    pthread_mutex_t mutex; /* over the next five */
    pthread_cond_t has_work;
    struct command_list queue;
    bool is_waiting;
    bool is_stopping;
    struct error trouble; /* why changes cannot be made durable at present */

    /* The thread's own. */
    struct command_runner runner;
    struct audit_retention audit_retention;
    bool is_healthy; /* the last change became durable */
    int wal_pages;   /* in the log after a commit that the checkpointer does not know yet; or 0 */
    struct checkpointer *checkpointer;
    struct log_gatherer *log_gatherer;
    struct command_list *done; /* one for each loop */
};

enum outcome {
    OUTCOME_DURABLE,
    OUTCOME_COMMAND_FAILED, /* the fault lies in one of the commands */
    OUTCOME_STORE_FAILED,
};

static void list_append(struct command_list *list, struct store_command *command) {
    command->next = NULL;
    if (list->first == NULL)
        list->first = command;
    else
        list->last->next = command;
    list->last = command;
}

static int note_wal_pages(void *context, sqlite3 *connection, const char *name, int pages) {
    (void)connection;
    (void)name;
    struct writer *writer = context;
    writer->wal_pages = pages;
    return SQLITE_OK;
}

static bool open_connection(struct writer *writer) {
    known_profiles_clear(writer->runner.known);
    if (!database_open(&writer->runner.database, writer->path, DATABASE_WRITER) ||
        !log_gatherer_attach(writer->log_gatherer, &writer->runner.database))
        return false;
    (void)sqlite3_wal_hook(writer->runner.database.connection, note_wal_pages, writer);
    return true;
}

static void set_trouble(struct writer *writer, struct error trouble) {
    (void)pthread_mutex_lock(&writer->mutex);
    writer->trouble = trouble;
    (void)pthread_mutex_unlock(&writer->mutex);
}

/* After a commit that failed, frames of it may lie in the write-ahead log, even if they are not
 * valid now: a process that starts after a crash could take them for committed. The next durable
 * change overwrites them, so one is made at once; it also tells whether changes are possible. The
 * connection is a new one, because what the failed one holds in memory is doubtful. */
static bool recover(struct writer *writer) {
    struct database *database = &writer->runner.database;
    database_close(database);
    writer->is_healthy = open_connection(writer) && migration_probe(database);
    if (writer->is_healthy) {
        set_trouble(writer, error_none());
        LOG(writer->log, LOG_LEVEL_WARNING, "store recovered", log_string("path", writer->path));
    } else {
        set_trouble(writer, database_failure_for_callers(database));
    }
    return writer->is_healthy;
}

static void note_failure(struct writer *writer) {
    const struct database *database = &writer->runner.database;
    LOG(writer->log, LOG_LEVEL_ERROR, "store failed", log_string("path", writer->path),
        log_number("code", database->failure), log_string("reason", database->failure_text));
    (void)recover(writer);
}

static void fail_from(struct store_command *command) {
    for (; command != NULL; command = command->next)
        command->error = error_make(
            ERROR_UNAVAILABLE, "The server could not make the change durable. Try again later.");
}

static void fail_alone(struct writer *writer, struct store_command *command) {
    const struct database *database = &writer->runner.database;
    LOG(writer->log, LOG_LEVEL_ERROR, "store command failed",
        log_guid("correlation", command->actor.correlation), log_number("kind", command->kind),
        log_number("code", database->failure), log_string("reason", database->failure_text));
    command->error = error_make(ERROR_INTERNAL, "The server could not make the change; nothing was "
                                                "changed. Its log says why.");
}

/* Runs the commands from first up to, but without, end as one transaction. */
static enum outcome run_transaction(struct writer *writer, struct store_command *first,
                                    const struct store_command *end) {
    struct database *database = &writer->runner.database;
    struct known_profiles *known = writer->runner.known;
    bool is_well = database_run(database, STATEMENT_BEGIN);
    known_profiles_hold_to(known, database_data_version(database));
    for (struct store_command *at = first; is_well && at != end; at = at->next)
        is_well = command_run(&writer->runner, at);
    if (is_well && database_run(database, STATEMENT_COMMIT)) {
        known_profiles_note(known, database_data_version(database));
        return OUTCOME_DURABLE;
    }
    database_roll_back(database);
    known_profiles_clear(known);
    buffer_clear(&writer->runner.details);
    return database_failure_is_of_command(database) ? OUTCOME_COMMAND_FAILED : OUTCOME_STORE_FAILED;
}

/* Nothing of the batch has been told to anybody yet, so each command can run once more, in a
 * transaction of its own: the one at fault fails alone. */
static enum outcome run_one_by_one(struct writer *writer, struct store_command *first) {
    for (struct store_command *at = first; at != NULL; at = at->next) {
        switch (run_transaction(writer, at, at->next)) {
        case OUTCOME_DURABLE:
            break;
        case OUTCOME_COMMAND_FAILED:
            fail_alone(writer, at);
            break;
        case OUTCOME_STORE_FAILED:
            fail_from(at);
            return OUTCOME_STORE_FAILED;
        }
    }
    return OUTCOME_DURABLE;
}

/* A command may have waited for a slow disk, and a token may have expired meanwhile. */
static void bring_to_present(const struct writer *writer, struct store_command *first) {
    if (writer->clock == NULL)
        return;
    instant now = clock_now(writer->clock);
    for (struct store_command *at = first; at != NULL; at = at->next) {
        if (at->now < now)
            at->now = now;
    }
}

static void run_batch(struct writer *writer, struct store_command *first) {
    bring_to_present(writer, first);
    if (!writer->is_healthy && !recover(writer)) {
        fail_from(first);
        return;
    }
    enum outcome outcome = run_transaction(writer, first, NULL);
    if (outcome == OUTCOME_STORE_FAILED)
        fail_from(first);
    if (outcome == OUTCOME_COMMAND_FAILED)
        outcome = run_one_by_one(writer, first);
    if (outcome == OUTCOME_STORE_FAILED)
        note_failure(writer);
}

/* From here on the commands are their callers' again. */
static void deliver(struct writer *writer, struct store_command *first) {
    while (first != NULL) {
        struct store_command *next = first->next;
        list_append(&writer->done[first->loop], first);
        first = next;
    }
    for (size_t i = 0; i < writer->loops; i++) {
        struct store_command *done = writer->done[i].first;
        writer->done[i] = (struct command_list){0};
        if (done != NULL)
            writer->completions->deliver(writer->completions, i, done);
    }
}

static void checkpoint(struct writer *writer) {
    if (writer->is_healthy && writer->wal_pages > 0)
        checkpointer_note_commit(writer->checkpointer, &writer->runner.database, writer->wal_pages);
    writer->wal_pages = 0;
}

/* Cuts the list behind its first BATCH_AT_MOST commands; returns the rest. */
static struct store_command *cut_batch(struct store_command *first) {
    struct store_command *last = first;
    for (size_t i = 1; i < BATCH_AT_MOST && last->next != NULL; i++)
        last = last->next;
    struct store_command *rest = last->next;
    last->next = NULL;
    return rest;
}

/* Waits for commands, the next probe, or the next of the audit's old events; false when it is time
 * to end. */
static bool take_all(struct writer *writer, struct store_command **first) {
    int seconds = writer->is_healthy ? audit_retention_wait_at_most(&writer->audit_retention)
                                     : PROBE_INTERVAL_SECONDS;
    const struct timespec until = thread_deadline_after(INT64_C(1000) * seconds);
    (void)pthread_mutex_lock(&writer->mutex);
    writer->is_waiting = true;
    int waited = 0;
    while (writer->queue.first == NULL && !writer->is_stopping && waited == 0)
        waited = seconds == 0 ? pthread_cond_wait(&writer->has_work, &writer->mutex)
                              : pthread_cond_timedwait(&writer->has_work, &writer->mutex, &until);
    writer->is_waiting = false;
    *first = writer->queue.first;
    writer->queue = (struct command_list){0};
    bool goes_on = *first != NULL || !writer->is_stopping;
    (void)pthread_mutex_unlock(&writer->mutex);
    return goes_on;
}

/* What a failure left behind is cleared as after a failed batch. */
static void delete_old_events(struct writer *writer) {
    struct database *database = &writer->runner.database;
    if (!writer->is_healthy)
        return;
    if (audit_retention_run(&writer->audit_retention, database)) {
        checkpoint(writer);
        return;
    }
    database_roll_back(database);
    note_failure(writer);
}

static void *run(void *context) {
    struct writer *writer = context;
    struct store_command *first = NULL;
    while (take_all(writer, &first)) {
        if (first == NULL && !writer->is_healthy)
            (void)recover(writer);
        while (first != NULL) {
            struct store_command *rest = cut_batch(first);
            run_batch(writer, first);
            deliver(writer, first);
            checkpoint(writer);
            first = rest;
        }
        delete_old_events(writer);
    }
    return NULL;
}

static struct writer *make(const struct writer_options *options) {
    struct writer *writer = memory_allocate_zeroed(1, sizeof *writer);
    writer->path = memory_copy_string(options->path);
    writer->loops = options->loops;
    writer->completions = options->completions;
    writer->log = options->log;
    writer->clock = options->clock;
    writer->audit_retention = options->audit_retention;
    writer->is_healthy = true;
    writer->log_gatherer = log_gatherer_make();
    writer->runner.known = known_profiles_make();
    writer->done = memory_allocate_zeroed(options->loops, sizeof *writer->done);
    (void)pthread_mutex_init(&writer->mutex, NULL);
    thread_condition_open(&writer->has_work);
    return writer;
}

static void destroy(struct writer *writer) {
    checkpointer_stop(writer->checkpointer);
    database_close(&writer->runner.database);
    log_gatherer_free(writer->log_gatherer);
    buffer_free(&writer->runner.details);
    known_profiles_free(writer->runner.known);
    (void)pthread_cond_destroy(&writer->has_work);
    (void)pthread_mutex_destroy(&writer->mutex);
    free(writer->done);
    free(writer->path);
    free(writer);
}

struct error writer_start(const struct writer_options *options, struct writer **writer) {
    struct writer *made = make(options);
    struct error error = error_none();
    if (!open_connection(made)) {
        error = database_failure_at(&made->runner.database, options->path);
        goto out;
    }
    error = migration_run(&made->runner.database, options->path, migration_steps,
                          migration_step_count, options->log);
    if (!error_is_set(&error))
        error = checkpointer_start(options->path, &checkpointer_usual_limits, options->log,
                                   &made->checkpointer);
    if (error_is_set(&error))
        goto out;
    error = thread_start(&made->thread, "store-writer", run, made);
    if (error_is_set(&error))
        goto out;
    *writer = made;
    return error;
out:
    destroy(made);
    return error;
}

void writer_submit(struct writer *writer, struct store_command *command) {
    (void)pthread_mutex_lock(&writer->mutex);
    bool must_wake = writer->is_waiting && writer->queue.first == NULL;
    list_append(&writer->queue, command);
    (void)pthread_mutex_unlock(&writer->mutex);
    if (must_wake)
        (void)pthread_cond_signal(&writer->has_work);
}

bool writer_is_ready(struct writer *writer, struct error *reason) {
    (void)pthread_mutex_lock(&writer->mutex);
    *reason = writer->trouble;
    (void)pthread_mutex_unlock(&writer->mutex);
    if (!error_is_set(reason) && checkpointer_must_keep_log(writer->checkpointer))
        *reason = error_make(ERROR_UNAVAILABLE,
                             "The database file could not be synced, so its log is kept and grows "
                             "until a restart. Check the disk, close other programs that have the "
                             "database open, then restart the server.");
    return !error_is_set(reason);
}

/* When it fails, SQLite must not try again as it closes: see checkpointer.h. */
static void empty_log(struct writer *writer, bool must_keep_log) {
    sqlite3 *connection = writer->runner.database.connection;
    if (connection == NULL)
        return;
    if (writer->is_healthy && !must_keep_log &&
        sqlite3_wal_checkpoint_v2(connection, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) ==
            SQLITE_OK)
        return;
    LOG(writer->log, LOG_LEVEL_WARNING, "log kept for the next start",
        log_string("path", writer->path));
    (void)sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

void writer_stop(struct writer *writer) {
    (void)pthread_mutex_lock(&writer->mutex);
    writer->is_stopping = true;
    (void)pthread_cond_signal(&writer->has_work);
    (void)pthread_mutex_unlock(&writer->mutex);
    (void)pthread_join(writer->thread, NULL);
    bool must_keep_log = checkpointer_must_keep_log(writer->checkpointer);
    checkpointer_stop(writer->checkpointer);
    writer->checkpointer = NULL;
    empty_log(writer, must_keep_log);
    destroy(writer);
}
