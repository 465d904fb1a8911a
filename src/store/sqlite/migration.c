#include "store/sqlite/migration.h"

#include <stdio.h>

#include "store/sqlite/database.h"

/* "MSTR", set by the first step. */
#define APPLICATION_ID 1297306706

/* Room for "PRAGMA user_version = " and a number. */
#define VERSION_SQL_SIZE 48

static bool write_version(struct database *database, int64_t version) {
    char sql[VERSION_SQL_SIZE];
    (void)snprintf(sql, sizeof sql, "PRAGMA user_version = %lld", (long long)version);
    return database_execute(database, sql);
}

static bool run_step(struct database *database, const struct migration_step *step,
                     int64_t version) {
    if (database_execute(database, "BEGIN IMMEDIATE") && database_execute(database, step->sql) &&
        write_version(database, version) && database_execute(database, "COMMIT"))
        return true;
    database_roll_back(database);
    return false;
}

/* A file without a version is ours only if it holds nothing yet. */
static struct error check_owner(struct database *database, const char *path, int64_t version) {
    int64_t application = 0;
    int64_t tables = 0;
    if (!database_read_pragma(database, "PRAGMA application_id", &application) ||
        !database_read_pragma(database, "SELECT count(*) FROM sqlite_schema", &tables))
        return database_failure_at(database, path);
    bool is_fresh = version == 0 && application == 0 && tables == 0;
    if (!is_fresh && application != APPLICATION_ID)
        return error_make(ERROR_INTERNAL,
                          "The file '%s' is a database of another application. Name another data "
                          "directory, or move the file away.",
                          path);
    return error_none();
}

struct error migration_run(struct database *database, const char *path,
                           const struct migration_step *steps, size_t count, struct log *log) {
    int64_t version = 0;
    if (!database_read_pragma(database, "PRAGMA user_version", &version))
        return database_failure_at(database, path);
    struct error error = check_owner(database, path, version);
    if (error_is_set(&error))
        return error;
    if (version < 0 || (uint64_t)version > count)
        return error_make(ERROR_INTERNAL,
                          "The database '%s' has schema version %lld, but this muster knows "
                          "versions up to %zu. Run the newer muster that wrote it, or restore a "
                          "backup from before the upgrade.",
                          path, (long long)version, count);
    for (size_t i = (size_t)version; i < count; i++) {
        if (!run_step(database, &steps[i], (int64_t)i + 1)) {
            LOG(log, LOG_LEVEL_ERROR, "schema step failed", log_string("step", steps[i].name),
                log_string("reason", database->failure_text));
            return database_failure_at(database, path);
        }
        LOG(log, LOG_LEVEL_INFO, "schema step done", log_string("step", steps[i].name));
    }
    return error_none();
}

bool migration_probe(struct database *database) {
    int64_t version = 0;
    return database_read_pragma(database, "PRAGMA user_version", &version) &&
           write_version(database, version);
}
