/* The one thread that changes the database.
 *
 * It takes everything that queued up while it was busy, runs it as one transaction, commits once,
 * and only then hands the commands back. Nothing waits on a timer: the slower the disk, the larger
 * the batches.
 *
 * When a change cannot be made durable, every command of the batch fails, and the writer tries
 * with each later batch, or else each second, whether the disk takes changes again. */
#ifndef MUSTER_STORE_SQLITE_WRITER_H
#define MUSTER_STORE_SQLITE_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/log.h"
#include "service/store_port.h"
#include "store/sqlite/audit_retention.h"

struct writer;

struct writer_options {
    const char *path; /* of a file that exists; copied */
    size_t loops;     /* commands name one below this */
    struct store_completions *completions;
    struct log *log;
    const struct clock *clock; /* brings commands that waited to the present; may be NULL */
    struct audit_retention audit_retention;
};

/* Opens the file, brings its schema forward, and starts the thread. */
struct error writer_start(const struct writer_options *options, struct writer **writer) MUST_CHECK;

/* Any thread; does not block. */
void writer_submit(struct writer *writer, struct store_command *command);

/* Any thread. */
bool writer_is_ready(struct writer *writer, struct error *reason);

/* Finishes and delivers what was queued, ends the thread, brings everything into the database file
 * itself and closes it. */
void writer_stop(struct writer *writer);

#endif
