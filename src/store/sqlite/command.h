/* Runs one command within the writer's transaction.
 *
 * A handler first reads and checks everything, and writes only when nothing can refuse the command
 * any more. So a refused command has written nothing, and the writer needs no savepoint around
 * each: two statements that every single command would pay for. command_run holds the handlers to
 * that by counting the rows that were changed.
 *
 * Handlers return false when the engine failed; the transaction is then to be rolled back. */
#ifndef MUSTER_STORE_SQLITE_COMMAND_H
#define MUSTER_STORE_SQLITE_COMMAND_H

#include <stdbool.h>

#include "base/buffer.h"
#include "service/store_port.h"
#include "store/sqlite/known_profiles.h"
#include "store/sqlite/statement.h"

struct command_runner {
    struct database database;
    struct buffer details; /* of the audit event being written */
    struct known_profiles *known;
};

/* Runs it, and sets its error when it is refused. False when the engine failed. */
bool command_run(struct command_runner *runner, struct store_command *command) MUST_CHECK;

/* One for each kind. */
typedef bool command_handler(struct command_runner *runner, struct store_command *command);
command_handler command_tenant_add;
command_handler command_tenant_set_licensed;
command_handler command_profile_create;
command_handler command_profile_update;
command_handler command_profile_delete;
command_handler command_token_create;
command_handler command_token_revoke;
command_handler command_device_enroll;
command_handler command_device_leave;
command_handler command_device_retire;
command_handler command_device_delete;
command_handler command_audit_append;
command_handler command_token_notice;
command_handler command_follower_open;
command_handler command_follower_advance;
command_handler command_follower_skip;

/* What a Graph command works on, as far as it was found; 0: not found. */
struct command_target {
    int64_t tenant_row;
    bool licensed;
    int64_t row;
};

/* Takes the target from the columns tenant id, licensed, target id of the statement's row, if there
 * is one. */
struct command_target command_read_target(struct statement *statement);

/* The revision of a profile from two columns, version and last_modified. */
struct revision command_read_revision(const struct statement *statement, int first);

/* Sets the command's error when the target, a profile of that revision, is not one that its
 * precondition lets be changed. Behind command_admit. */
bool command_check_revision(struct store_command *command, const struct revision *revision);

/* Brings the row of a profile's current token up to date, before another takes its place or the
 * profile goes. */
bool command_settle_token(struct command_runner *runner,
                          const struct profile_state *state) MUST_CHECK;

/* Sets the command's error when the tenant is unknown or unlicensed, or the target, called so in
 * the message, not there. */
bool command_admit(struct store_command *command, const struct command_target *target,
                   const char *name);

#endif
