#include "store/sqlite/log_gatherer.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/sqlite/database.h"

/* 31 pages of 4 KiB with their heads. SQLite's own layer takes less than 128 KiB in one call. */
#define ROOM (31 * (24 + 4096))

struct log_gatherer {
    sqlite3_io_methods methods; /* of the log's file, as SQLite calls them now */
    const sqlite3_io_methods *real;
    sqlite3_int64 offset; /* in the file, of the first byte that is not written yet */
    size_t used;
    uint8_t bytes[ROOM];
};

/* SQLite gives its file to each method; the table of methods in it is the gatherer's. */
static struct log_gatherer *of_file(const sqlite3_file *file) {
    return (struct log_gatherer *)(void *)((char *)(uintptr_t)file->pMethods -
                                           offsetof(struct log_gatherer, methods));
}

/* What fails is told once, as a write that fails, and not kept for later: SQLite then gives the
 * commit up. */
static int write_out(struct log_gatherer *gatherer, sqlite3_file *file) {
    size_t used = gatherer->used;
    gatherer->used = 0;
    return used == 0 ? SQLITE_OK
                     : gatherer->real->xWrite(file, gatherer->bytes, (int)used, gatherer->offset);
}

static int write_file(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset) {
    struct log_gatherer *gatherer = of_file(file);
    size_t length = (size_t)size;
    if (offset != gatherer->offset + (sqlite3_int64)gatherer->used ||
        length > ROOM - gatherer->used) {
        int result = write_out(gatherer, file);
        if (result != SQLITE_OK)
            return result;
        gatherer->offset = offset;
    }
    if (length > ROOM)
        return gatherer->real->xWrite(file, bytes, size, offset);
    memcpy(gatherer->bytes + gatherer->used, bytes, length);
    gatherer->used += length;
    return SQLITE_OK;
}

static int sync_file(sqlite3_file *file, int flags) {
    struct log_gatherer *gatherer = of_file(file);
    int result = write_out(gatherer, file);
    return result != SQLITE_OK ? result : gatherer->real->xSync(file, flags);
}

static int read_file(sqlite3_file *file, void *bytes, int size, sqlite3_int64 offset) {
    struct log_gatherer *gatherer = of_file(file);
    int result = write_out(gatherer, file);
    return result != SQLITE_OK ? result : gatherer->real->xRead(file, bytes, size, offset);
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size) {
    struct log_gatherer *gatherer = of_file(file);
    int result = write_out(gatherer, file);
    return result != SQLITE_OK ? result : gatherer->real->xTruncate(file, size);
}

static int size_file(sqlite3_file *file, sqlite3_int64 *size) {
    struct log_gatherer *gatherer = of_file(file);
    int result = write_out(gatherer, file);
    return result != SQLITE_OK ? result : gatherer->real->xFileSize(file, size);
}

/* What was not synced belongs to no commit. */
static int close_file(sqlite3_file *file) {
    struct log_gatherer *gatherer = of_file(file);
    gatherer->used = 0;
    return gatherer->real->xClose(file);
}

struct log_gatherer *log_gatherer_make(void) {
    return memory_allocate_zeroed(1, sizeof(struct log_gatherer));
}

bool log_gatherer_attach(struct log_gatherer *gatherer, struct database *database) {
    /* SQLite opens the log with the first read. */
    int64_t ignored = 0;
    if (!database_read_pragma(database, "PRAGMA user_version", &ignored))
        return false;
    sqlite3_file *file = NULL;
    int result = sqlite3_file_control(database->connection, NULL, SQLITE_FCNTL_JOURNAL_POINTER,
                                      (void *)&file);
    if (result != SQLITE_OK || file == NULL || file->pMethods == NULL) {
        database_note_failure(database, result != SQLITE_OK ? result : SQLITE_INTERNAL);
        return false;
    }
    gatherer->real = file->pMethods;
    gatherer->methods = *file->pMethods;
    gatherer->methods.xClose = close_file;
    gatherer->methods.xRead = read_file;
    gatherer->methods.xWrite = write_file;
    gatherer->methods.xTruncate = truncate_file;
    gatherer->methods.xSync = sync_file;
    gatherer->methods.xFileSize = size_file;
    gatherer->used = 0;
    file->pMethods = &gatherer->methods;
    return true;
}

void log_gatherer_free(struct log_gatherer *gatherer) {
    free(gatherer);
}
