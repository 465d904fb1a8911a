#include "store/sqlite/checkpointer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/thread.h"
#include "store/sqlite/database.h"
#include "store/sqlite/file_pacer.h"

/* The more pages there are, the more often one and the same is among them, which then is written
 * once; but a start after a crash reads them all, and they take room: 31 MiB, at most 117 MiB;
 * twice that in a file with pages of 4 KiB. */
const struct checkpointer_limits checkpointer_usual_limits = {
    .begin = 16000,
    .rest = 250,
    .hurry = 32000,
    .wait = 60000,
};

/* After a piece of the database file, which takes a few tenths of that. */
#define REST_MILLISECONDS 2

/* How long the writer waits for readers that began before all was in the database file. */
#define READERS_MILLISECONDS 5

struct checkpointer {
    char *path;
    const struct checkpointer_limits *limits;
    struct log *log;
    pthread_t thread;
    struct database database; /* the thread's */
    struct file_pacer pacer;
    bool may_rest; /* the thread's */
    atomic_bool must_keep_log;

    pthread_mutex_t mutex; /* over the rest */
    pthread_cond_t has_changed;
    bool is_stopping;
    bool is_working;
    int pages;    /* in the log after the last commit */
    int finished; /* how many of them are in the database file */
    int next_at;  /* how many there must be before it is worth to go on */
};

static void note_new_log(struct checkpointer *checkpointer) {
    checkpointer->finished = 0;
    checkpointer->next_at = checkpointer->limits->begin;
}

/* When a sync has failed, the kernel may take pages for written that are not, and SQLite does not
 * write again what it once took out of the log. So the log is what must be kept: a start reads all
 * of it. */
static void note_failure(struct checkpointer *checkpointer, struct database *database, int result) {
    database_note_failure(database, result);
    LOG(checkpointer->log, LOG_LEVEL_ERROR, "checkpoint failed",
        log_string("path", checkpointer->path), log_number("code", result),
        log_string("reason", database->failure_text));
    if (result == SQLITE_IOERR_FSYNC)
        atomic_store(&checkpointer->must_keep_log, true);
}

/* Sets how many pages of the log are in the database file now; a failure leaves it as it was. */
static bool run_checkpoint(struct checkpointer *checkpointer, struct database *database, int mode,
                           int *finished) {
    int now_finished = 0;
    int result = sqlite3_wal_checkpoint_v2(database->connection, NULL, mode, NULL, &now_finished);
    if (result == SQLITE_OK)
        *finished = now_finished;
    else if ((result & 0xFF) != SQLITE_BUSY)
        note_failure(checkpointer, database, result);
    return result == SQLITE_OK;
}

static void rest(void *context) {
    struct checkpointer *checkpointer = context;
    if (!checkpointer->may_rest)
        return;
    const struct timespec until = thread_deadline_after(REST_MILLISECONDS);
    (void)pthread_mutex_lock(&checkpointer->mutex);
    int waited = 0;
    while (waited == 0 && !checkpointer->is_stopping &&
           checkpointer->pages < checkpointer->limits->hurry)
        waited = pthread_cond_timedwait(&checkpointer->has_changed, &checkpointer->mutex, &until);
    (void)pthread_mutex_unlock(&checkpointer->mutex);
}

/* SQLite does it when the whole log is in the database file, which is in the writer's time. */
static bool sync_database_file(struct checkpointer *checkpointer) {
    int result = file_pacer_finish(&checkpointer->pacer, &checkpointer->database);
    if (result != SQLITE_OK)
        note_failure(checkpointer, &checkpointer->database, result);
    return result == SQLITE_OK;
}

/* What came in meanwhile is less each time, unless the writer is faster, and then it has to wait.
 * Only the first pass takes its time: were the further ones as slow, as much would come in during
 * each of them, and there would be syncs of the database file without end. A reader that stays, or
 * a disk that fails, is tried again when as much has come in once more. */
static void take_nearly_all(struct checkpointer *checkpointer) {
    bool goes_on = true;
    checkpointer->may_rest = true;
    while (goes_on && checkpointer->pages - checkpointer->finished > checkpointer->limits->rest) {
        int finished = checkpointer->finished;
        (void)pthread_mutex_unlock(&checkpointer->mutex);
        goes_on = run_checkpoint(checkpointer, &checkpointer->database, SQLITE_CHECKPOINT_PASSIVE,
                                 &finished) &&
                  sync_database_file(checkpointer);
        (void)pthread_mutex_lock(&checkpointer->mutex);
        checkpointer->may_rest = false;
        goes_on = goes_on && finished > checkpointer->finished;
        checkpointer->finished = finished;
    }
    if (!goes_on)
        checkpointer->next_at = checkpointer->pages + checkpointer->limits->begin;
}

static void *run(void *context) {
    struct checkpointer *checkpointer = context;
    (void)pthread_mutex_lock(&checkpointer->mutex);
    while (!checkpointer->is_stopping) {
        if (checkpointer->is_working) {
            take_nearly_all(checkpointer);
            checkpointer->is_working = false;
            (void)pthread_cond_broadcast(&checkpointer->has_changed);
        } else {
            (void)pthread_cond_wait(&checkpointer->has_changed, &checkpointer->mutex);
        }
    }
    (void)pthread_mutex_unlock(&checkpointer->mutex);
    return NULL;
}

static void destroy(struct checkpointer *checkpointer) {
    database_close(&checkpointer->database);
    (void)pthread_cond_destroy(&checkpointer->has_changed);
    (void)pthread_mutex_destroy(&checkpointer->mutex);
    free(checkpointer->path);
    free(checkpointer);
}

struct error checkpointer_start(const char *path, const struct checkpointer_limits *limits,
                                struct log *log, struct checkpointer **checkpointer) {
    struct checkpointer *made = memory_allocate_zeroed(1, sizeof *made);
    made->path = memory_copy_string(path);
    made->limits = limits;
    made->log = log;
    note_new_log(made);
    (void)pthread_mutex_init(&made->mutex, NULL);
    thread_condition_open(&made->has_changed);
    struct error error = error_none();
    if (!database_open(&made->database, path, DATABASE_CHECKPOINTER) ||
        !file_pacer_attach(&made->pacer, &made->database, rest, made)) {
        error = database_failure_at(&made->database, path);
        goto out;
    }
    error = thread_start(&made->thread, "store-check", run, made);
    if (error_is_set(&error))
        goto out;
    *checkpointer = made;
    return error;
out:
    destroy(made);
    return error;
}

/* The next commit after this begins the log anew. The thread is at rest. */
static void take_rest(struct checkpointer *checkpointer, struct database *writer) {
    database_wait_at_most(writer, READERS_MILLISECONDS);
    if (run_checkpoint(checkpointer, writer, SQLITE_CHECKPOINT_RESTART, &checkpointer->finished))
        note_new_log(checkpointer);
    else
        checkpointer->next_at = checkpointer->pages + checkpointer->limits->begin;
    database_wait_at_most(writer, DATABASE_BUSY_MILLISECONDS);
}

void checkpointer_note_commit(struct checkpointer *checkpointer, struct database *writer,
                              int pages) {
    (void)pthread_mutex_lock(&checkpointer->mutex);
    /* SQLite itself begins the log anew when nothing came in since the thread's work. */
    if (pages < checkpointer->finished)
        note_new_log(checkpointer);
    checkpointer->pages = pages;
    while (checkpointer->is_working && pages >= checkpointer->limits->wait)
        (void)pthread_cond_wait(&checkpointer->has_changed, &checkpointer->mutex);
    if (!checkpointer->is_working && pages >= checkpointer->next_at &&
        !atomic_load(&checkpointer->must_keep_log)) {
        if (pages - checkpointer->finished <= checkpointer->limits->rest) {
            take_rest(checkpointer, writer);
        } else {
            checkpointer->is_working = true;
            (void)pthread_cond_broadcast(&checkpointer->has_changed);
        }
    }
    (void)pthread_mutex_unlock(&checkpointer->mutex);
}

bool checkpointer_must_keep_log(struct checkpointer *checkpointer) {
    return atomic_load(&checkpointer->must_keep_log);
}

void checkpointer_stop(struct checkpointer *checkpointer) {
    if (checkpointer == NULL)
        return;
    (void)pthread_mutex_lock(&checkpointer->mutex);
    checkpointer->is_stopping = true;
    (void)pthread_cond_broadcast(&checkpointer->has_changed);
    (void)pthread_mutex_unlock(&checkpointer->mutex);
    (void)pthread_join(checkpointer->thread, NULL);
    destroy(checkpointer);
}
