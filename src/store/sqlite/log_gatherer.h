/* Gathers what a commit writes into the write-ahead log.
 *
 * SQLite writes each page with two calls, one for its head and one for its content, each right
 * behind the last. Attached to the writer's connection, this puts them together and writes them
 * with one call: when the log is synced, read or asked about, when something else than the next
 * byte is written, or when the room is used up. Nobody misses what is not written yet, because
 * with synchronous=FULL SQLite syncs the log before it tells readers of a commit. */
#ifndef MUSTER_STORE_SQLITE_LOG_GATHERER_H
#define MUSTER_STORE_SQLITE_LOG_GATHERER_H

#include <stdbool.h>

#include "base/error.h"
#include "store/sqlite/statement.h"

struct log_gatherer;

struct log_gatherer *log_gatherer_make(void);

/* For a connection that is open and uses a write-ahead log; until it is closed. One at a time. */
bool log_gatherer_attach(struct log_gatherer *gatherer, struct database *database) MUST_CHECK;

/* The connection must be closed. */
void log_gatherer_free(struct log_gatherer *gatherer);

#endif
