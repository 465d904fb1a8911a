/* Brings the schema of a database file forward, step by step, never back.
 *
 * PRAGMA user_version holds the number of steps that are done. Each step and its number are one
 * transaction: a crash leaves the file before or behind a step, never within. */
#ifndef MUSTER_STORE_SQLITE_MIGRATION_H
#define MUSTER_STORE_SQLITE_MIGRATION_H

#include <stddef.h>

#include "base/error.h"
#include "base/log.h"
#include "store/sqlite/statement.h"

struct migration_step {
    const char *name; /* of the file in schema/, for messages */
    const char *sql;
};

/* The steps of this build; schema/NNNN.sql, embedded when it was made. */
extern const struct migration_step migration_steps[];
extern const size_t migration_step_count;

/* Runs the steps that are missing. Refuses a file with a newer schema, or of another application;
 * errors name the path, which is not opened. */
struct error migration_run(struct database *database, const char *path,
                           const struct migration_step *steps, size_t count,
                           struct log *log) MUST_CHECK;

/* Writes the schema's version once more, durably: a change that changes nothing, to find out
 * whether changes are possible. */
bool migration_probe(struct database *database) MUST_CHECK;

#endif
