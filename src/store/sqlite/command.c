#include "store/sqlite/command.h"

static command_handler *const handlers[] = {
    [STORE_TENANT_ADD] = command_tenant_add,
    [STORE_TENANT_SET_LICENSED] = command_tenant_set_licensed,
    [STORE_PROFILE_CREATE] = command_profile_create,
    [STORE_PROFILE_UPDATE] = command_profile_update,
    [STORE_PROFILE_DELETE] = command_profile_delete,
    [STORE_TOKEN_CREATE] = command_token_create,
    [STORE_TOKEN_REVOKE] = command_token_revoke,
    [STORE_DEVICE_ENROLL] = command_device_enroll,
    [STORE_DEVICE_LEAVE] = command_device_leave,
    [STORE_DEVICE_RETIRE] = command_device_retire,
    [STORE_DEVICE_DELETE] = command_device_delete,
    [STORE_AUDIT_APPEND] = command_audit_append,
    [STORE_TOKEN_NOTICE] = command_token_notice,
    [STORE_FOLLOWER_OPEN] = command_follower_open,
    [STORE_FOLLOWER_ADVANCE] = command_follower_advance,
    [STORE_FOLLOWER_SKIP] = command_follower_skip,
};

bool command_run(struct command_runner *runner, struct store_command *command) {
    sqlite3 *connection = runner->database.connection;
    int64_t changes = sqlite3_total_changes64(connection);
    command->error = error_none();
    if (!handlers[command->kind](runner, command))
        return false;
    if (error_is_set(&command->error) && sqlite3_total_changes64(connection) != changes) {
        database_note_failure(&runner->database, SQLITE_INTERNAL);
        return false;
    }
    return true;
}

struct command_target command_read_target(struct statement *statement) {
    struct command_target target = {0};
    if (!statement_next(statement))
        return target;
    target.tenant_row = statement_integer(statement, 0);
    target.licensed = statement_integer(statement, 1) != 0;
    target.row = statement_integer(statement, 2);
    return target;
}

struct revision command_read_revision(const struct statement *statement, int first) {
    return (struct revision){.number = statement_integer(statement, first),
                             .last_modified = statement_integer(statement, first + 1)};
}

bool command_check_revision(struct store_command *command, const struct revision *revision) {
    if (!precondition_holds(command->precondition, revision))
        command->error = error_make(ERROR_PRECONDITION_FAILED,
                                    "The profile is not in the state that the condition names: it "
                                    "was changed meanwhile. Read it again and decide anew.");
    return !error_is_set(&command->error);
}

bool command_settle_token(struct command_runner *runner, const struct profile_state *state) {
    if (state->current_enrollments == 0)
        return true;
    struct statement statement = statement_open(&runner->database, STATEMENT_TOKEN_SETTLE);
    statement_bind_integer(&statement, state->current_enrollments);
    statement_bind_integer(&statement, state->current_id);
    return statement_run(&statement);
}

bool command_admit(struct store_command *command, const struct command_target *target,
                   const char *name) {
    if (target->tenant_row == 0)
        command->error = error_make(ERROR_FORBIDDEN, "The tenant is not known to this server.");
    else if (!target->licensed)
        command->error = error_make(ERROR_FORBIDDEN, "The tenant has no active Intune licence.");
    else if (target->row == 0)
        command->error = error_make(ERROR_NOT_FOUND, "There is no such %s.", name);
    return !error_is_set(&command->error);
}
