/* Prepared statements of SQL that is made at run time, by their text: most lists are asked for in
 * the same few ways, and preparing costs as much as reading twenty rows. A few are kept, and the
 * one used longest ago makes room. One connection's thread. */
#ifndef MUSTER_STORE_SQLITE_STATEMENT_CACHE_H
#define MUSTER_STORE_SQLITE_STATEMENT_CACHE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

#define STATEMENT_CACHE_ENTRIES 8
/* A longer text is of a filter that hardly comes again. */
#define STATEMENT_CACHE_TEXT_AT_MOST 4096

struct statement_cache_entry {
    sqlite3_stmt *handle; /* NULL: free */
    char *text;           /* owned; not NUL-terminated */
    size_t length;
    uint64_t used; /* when: a count of uses */
};

/* All zero is an empty cache. */
struct statement_cache {
    uint64_t uses;
    struct statement_cache_entry entries[STATEMENT_CACHE_ENTRIES];
};

/* The statement of that text, or NULL when it is not there or running. */
sqlite3_stmt *statement_cache_find(struct statement_cache *cache, struct slice sql);

/* Takes over a statement and returns true; false when it keeps no statement of such a text. */
bool statement_cache_add(struct statement_cache *cache, struct slice sql, sqlite3_stmt *handle);

/* Before the connection is closed: finalizes what is kept. */
void statement_cache_close(struct statement_cache *cache);

#endif
