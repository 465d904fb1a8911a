#include "faulty_vfs.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#define TABLES 4

/* SQLite knows no context for a file's methods, so what they share is static. The default layer
 * has a table of methods for each way of locking, all with the same writing and syncing. */
static sqlite3_vfs vfs;
static sqlite3_vfs *real_vfs;
static struct {
    const sqlite3_io_methods *real; /* NULL: not used yet */
    sqlite3_io_methods faulty;
} tables[TABLES];
static atomic_int result_of[FAULTY_OPERATIONS];
static atomic_int remaining_of[FAULTY_OPERATIONS]; /* until it fails; negative: failed so often */
static atomic_bool is_once[FAULTY_OPERATIONS];
static atomic_int failures_of[FAULTY_OPERATIONS];

static int next_result(enum faulty_operation operation) {
    int result = atomic_load(&result_of[operation]);
    if (result == SQLITE_OK)
        return SQLITE_OK;
    int remaining = atomic_fetch_sub(&remaining_of[operation], 1);
    if (remaining > 0 || (remaining < 0 && atomic_load(&is_once[operation])))
        return SQLITE_OK;
    (void)atomic_fetch_add(&failures_of[operation], 1);
    return result;
}

static int write_file(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset) {
    int result = next_result(FAULTY_WRITE);
    return result != SQLITE_OK ? result : tables[0].real->xWrite(file, bytes, size, offset);
}

static int sync_file(sqlite3_file *file, int flags) {
    int result = next_result(FAULTY_SYNC);
    return result != SQLITE_OK ? result : tables[0].real->xSync(file, flags);
}

static const sqlite3_io_methods *make_faulty(const sqlite3_io_methods *real) {
    for (size_t i = 0; i < TABLES; i++) {
        if (tables[i].real == real)
            return &tables[i].faulty;
        if (tables[i].real != NULL)
            continue;
        if (i > 0 &&
            (tables[0].real->xWrite != real->xWrite || tables[0].real->xSync != real->xSync))
            break;
        tables[i].real = real;
        tables[i].faulty = *real;
        tables[i].faulty.xWrite = write_file;
        tables[i].faulty.xSync = sync_file;
        return &tables[i].faulty;
    }
    abort();
}

/* Files are opened with the tests' one store, under its opening or by its one writer. */
static int open_file(sqlite3_vfs *self, const char *name, sqlite3_file *file, int flags,
                     int *out_flags) {
    (void)self;
    int result = real_vfs->xOpen(real_vfs, name, file, flags, out_flags);
    if (result == SQLITE_OK)
        file->pMethods = make_faulty(file->pMethods);
    return result;
}

void faulty_vfs_install(void) {
    real_vfs = sqlite3_vfs_find(NULL);
    vfs = *real_vfs;
    vfs.zName = "faulty";
    vfs.xOpen = open_file;
    for (int i = 0; i < FAULTY_OPERATIONS; i++) {
        faulty_vfs_fail((enum faulty_operation)i, 0, SQLITE_OK);
        atomic_store(&failures_of[i], 0);
    }
    if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK)
        abort();
}

void faulty_vfs_remove(void) {
    (void)sqlite3_vfs_unregister(&vfs);
    (void)sqlite3_vfs_register(real_vfs, 1);
}

static void begin_failing(enum faulty_operation operation, int after, bool once, int result) {
    atomic_store(&result_of[operation], SQLITE_OK);
    atomic_store(&remaining_of[operation], after);
    atomic_store(&is_once[operation], once);
    atomic_store(&result_of[operation], result);
}

void faulty_vfs_fail(enum faulty_operation operation, int after, int result) {
    begin_failing(operation, after, false, result);
}

void faulty_vfs_fail_once(enum faulty_operation operation, int result) {
    begin_failing(operation, 0, true, result);
}

int faulty_vfs_count(enum faulty_operation operation) {
    return atomic_load(&failures_of[operation]);
}
