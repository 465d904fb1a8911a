#include "store/sqlite/audit_retention.h"

#define REST_SECONDS 3600
#define PAUSE_SECONDS 1

int audit_retention_wait_at_most(const struct audit_retention *retention) {
    if (retention->seconds == 0)
        return 0;
    int64_t left = (retention->next - clock_now(retention->clock)) / INSTANT_TICKS_PER_SECOND + 1;
    if (left < PAUSE_SECONDS)
        return PAUSE_SECONDS;
    return left > REST_SECONDS ? REST_SECONDS : (int)left;
}

static bool trim(struct database *database, int64_t before_row, instant before, int *deleted) {
    *deleted = 0;
    if (!database_run(database, STATEMENT_BEGIN))
        return false;
    struct statement statement = statement_open(database, STATEMENT_AUDIT_TRIM);
    statement_bind_integer(&statement, before_row);
    statement_bind_integer(&statement, before);
    if (!statement_run(&statement))
        return false;
    *deleted = sqlite3_changes(database->connection);
    return database_run(database, STATEMENT_COMMIT);
}

/* A clock that was set back must not put off the next batch for as long. */
static bool is_due(const struct audit_retention *retention, instant now) {
    return now >= retention->next || retention->next > instant_add_seconds(now, REST_SECONDS);
}

bool audit_retention_run(struct audit_retention *retention, struct database *database) {
    if (retention->seconds == 0)
        return true;
    instant now = clock_now(retention->clock);
    if (!is_due(retention, now))
        return true;
    int deleted = 0;
    int64_t oldest = 0;
    retention->next = instant_add_seconds(now, REST_SECONDS);
    if (!database_read_number(database, STATEMENT_AUDIT_OLDEST, &oldest))
        return false;
    if (oldest == 0)
        return true;
    if (!trim(database, oldest + AUDIT_RETENTION_BATCH,
              instant_add_seconds(now, -retention->seconds), &deleted))
        return false;
    if (deleted == AUDIT_RETENTION_BATCH)
        retention->next = instant_add_seconds(now, PAUSE_SECONDS);
    return true;
}
