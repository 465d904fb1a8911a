/* How much each of many owes: a table of bounded size from keys to debts that wear off with time.
 *
 * A debt is a span of time: who adds n seconds owes nothing again after n seconds. That is a token
 * bucket in the form of GCRA, which keeps one instant for each key: an allowance of N in a window
 * of W is held to by adding W/N for each use, and refusing who owes more than W - W/N already.
 *
 * Where a set of the table is full, the key that owes least is forgotten. What is in which set
 * depends on a secret, so that nobody can choose keys that push out another's. Not thread-safe: the
 * owner has the lock. */
#ifndef MUSTER_BASE_DEBT_TABLE_H
#define MUSTER_BASE_DEBT_TABLE_H

#include <stddef.h>

#include "base/instant.h"
#include "base/random.h"

#define DEBT_TABLE_KEY_SIZE_AT_MOST 256
/* Keys of one set; the table's size must be a multiple of it. */
#define DEBT_TABLE_SET_SIZE 8

struct debt_table;

/* Room for keys keys of key_size bytes each. Nobody owes more than at_most, neither by adding nor
 * because the clock was set back. Ends with debt_table_close. */
struct debt_table *debt_table_open(size_t keys, size_t key_size, instant at_most,
                                   const struct random_source *random)
    __attribute__((returns_nonnull));

/* What the key owes, 0 for one that is not known; key has key_size bytes. */
instant debt_table_owed(const struct debt_table *table, const void *key, instant now);

/* Adds to what it owes. */
void debt_table_add(struct debt_table *table, const void *key, instant amount, instant now);

void debt_table_close(struct debt_table *table);

#endif
