#include "store/sqlite/statement_cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

sqlite3_stmt *statement_cache_find(struct statement_cache *cache, struct slice sql) {
    for (size_t i = 0; i < STATEMENT_CACHE_ENTRIES; i++) {
        struct statement_cache_entry *entry = &cache->entries[i];
        if (entry->handle == NULL || entry->length != sql.length ||
            memcmp(entry->text, sql.data, sql.length) != 0)
            continue;
        if (sqlite3_stmt_busy(entry->handle))
            return NULL;
        entry->used = ++cache->uses;
        /* A progress handler counts steps from there on. */
        (void)sqlite3_stmt_status(entry->handle, SQLITE_STMTSTATUS_VM_STEP, 1);
        return entry->handle;
    }
    return NULL;
}

static void free_entry(struct statement_cache_entry *entry) {
    (void)sqlite3_finalize(entry->handle);
    free(entry->text);
    *entry = (struct statement_cache_entry){0};
}

/* A free one was never used. */
static struct statement_cache_entry *find_oldest(struct statement_cache *cache) {
    struct statement_cache_entry *oldest = &cache->entries[0];
    for (size_t i = 1; i < STATEMENT_CACHE_ENTRIES; i++) {
        if (cache->entries[i].used < oldest->used)
            oldest = &cache->entries[i];
    }
    return oldest;
}

bool statement_cache_add(struct statement_cache *cache, struct slice sql, sqlite3_stmt *handle) {
    struct statement_cache_entry *entry = find_oldest(cache);
    if (sql.length > STATEMENT_CACHE_TEXT_AT_MOST ||
        (entry->handle != NULL && sqlite3_stmt_busy(entry->handle)))
        return false;
    free_entry(entry);
    entry->text = memory_allocate(sql.length);
    memcpy(entry->text, sql.data, sql.length);
    entry->length = sql.length;
    entry->handle = handle;
    entry->used = ++cache->uses;
    return true;
}

void statement_cache_close(struct statement_cache *cache) {
    for (size_t i = 0; i < STATEMENT_CACHE_ENTRIES; i++)
        free_entry(&cache->entries[i]);
}
