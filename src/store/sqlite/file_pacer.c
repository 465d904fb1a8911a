#include "store/sqlite/file_pacer.h"

#include <stddef.h>
#include <stdint.h>

#define BYTES_AT_ONCE (128 * 1024)

/* SQLite gives its file to each method; the table of methods in it is the pacer's. */
static struct file_pacer *of_file(const sqlite3_file *file) {
    return (struct file_pacer *)(void *)((char *)(uintptr_t)file->pMethods -
                                         offsetof(struct file_pacer, methods));
}

static int sync_file(struct file_pacer *pacer, sqlite3_file *file) {
    pacer->unsynced = 0;
    return pacer->real->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
}

static int write_file(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset) {
    struct file_pacer *pacer = of_file(file);
    int result = pacer->real->xWrite(file, bytes, size, offset);
    pacer->unsynced += size;
    if (result != SQLITE_OK || pacer->unsynced < BYTES_AT_ONCE)
        return result;
    result = sync_file(pacer, file);
    pacer->rest(pacer->context);
    return result;
}

static sqlite3_file *find_file(struct database *database, int *result) {
    sqlite3_file *file = NULL;
    *result =
        sqlite3_file_control(database->connection, NULL, SQLITE_FCNTL_FILE_POINTER, (void *)&file);
    return file;
}

bool file_pacer_attach(struct file_pacer *pacer, struct database *database,
                       void (*rest)(void *context), void *context) {
    int result = SQLITE_OK;
    sqlite3_file *file = find_file(database, &result);
    if (result != SQLITE_OK) {
        database_note_failure(database, result);
        return false;
    }
    *pacer = (struct file_pacer){
        .methods = *file->pMethods, .real = file->pMethods, .rest = rest, .context = context};
    pacer->methods.xWrite = write_file;
    file->pMethods = &pacer->methods;
    return true;
}

int file_pacer_finish(struct file_pacer *pacer, struct database *database) {
    int result = SQLITE_OK;
    sqlite3_file *file = find_file(database, &result);
    return result != SQLITE_OK ? result : sync_file(pacer, file);
}
