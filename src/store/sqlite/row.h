/* Takes domain objects out of rows. The columns begin at 0 and are those of columns.h; texts are
 * copied into the arena. */
#ifndef MUSTER_STORE_SQLITE_ROW_H
#define MUSTER_STORE_SQLITE_ROW_H

#include "base/arena.h"
#include "domain/audit.h"
#include "domain/device.h"
#include "domain/profile.h"
#include "domain/tenant.h"
#include "store/sqlite/statement.h"

void row_read_tenant(struct statement *statement, struct arena *arena, struct tenant *tenant);
void row_read_profile(struct statement *statement, struct arena *arena, struct profile *profile);
void row_read_device(struct statement *statement, struct arena *arena, struct device *device);
void row_read_audit(struct statement *statement, struct arena *arena, struct audit_record *record);

/* id, nonce, created, expires, live_until, end_kind, enrollments, max_enrollments, from column
 * first on; NULLs make it no token. */
void row_read_token(struct statement *statement, int first, struct token *token);

/* OWNER_COLUMNS from column first on. */
void row_read_owner(const struct statement *statement, int first, struct arena *arena,
                    struct device_owner_settings *owner);

/* A text in the arena; a NULL pointer stays one. */
struct slice row_copy_text(const struct statement *statement, int column, struct arena *arena);

#endif
