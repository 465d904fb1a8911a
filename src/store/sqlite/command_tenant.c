#include "store/sqlite/audit_event.h"
#include "store/sqlite/command.h"
#include "store/sqlite/row.h"

static bool find(struct command_runner *runner, const struct store_command *command,
                 struct tenant *tenant) {
    *tenant = (struct tenant){0};
    struct statement statement = statement_open(&runner->database, STATEMENT_TENANT_FIND);
    statement_bind_guid(&statement, &command->tenant);
    if (statement_next(&statement))
        row_read_tenant(&statement, command->arena, tenant);
    return statement_close(&statement);
}

static bool insert(struct command_runner *runner, const struct store_command *command) {
    struct slice name = command->tenant_add.name;
    struct statement statement = statement_open(&runner->database, STATEMENT_TENANT_INSERT);
    statement_bind_guid(&statement, &command->tenant);
    statement_bind_integer(&statement, command->tenant_add.licensed ? 1 : 0);
    statement_bind_text(&statement, name.length > 0 ? name : SLICE(""));
    statement_bind_integer(&statement, command->now);
    return statement_run(&statement);
}

bool command_tenant_add(struct command_runner *runner, struct store_command *command) {
    struct tenant known;
    if (!find(runner, command, &known))
        return false;
    if (known.row != 0) {
        command->error = error_make(ERROR_CONFLICT, "The tenant is there already.");
        return true;
    }
    if (!insert(runner, command) || !find(runner, command, &command->tenant_add.result))
        return false;
    const struct audit_event event = {
        .activity = AUDIT_TENANT_ADDED,
        .tenant_row = command->tenant_add.result.row,
        .target = command->tenant,
        .target_name = command->tenant_add.name,
    };
    return audit_event_write(runner, command, &event);
}

bool command_tenant_set_licensed(struct command_runner *runner, struct store_command *command) {
    bool licensed = command->tenant_set_licensed.licensed;
    struct tenant tenant;
    if (!find(runner, command, &tenant))
        return false;
    if (tenant.row == 0) {
        command->error = error_make(ERROR_NOT_FOUND, "There is no such tenant.");
        return true;
    }
    known_profiles_clear(runner->known);
    struct statement statement = statement_open(&runner->database, STATEMENT_TENANT_SET_LICENSED);
    statement_bind_integer(&statement, licensed ? 1 : 0);
    statement_bind_integer(&statement, tenant.row);
    if (!statement_run(&statement))
        return false;
    const struct audit_event event = {
        .activity = licensed ? AUDIT_TENANT_LICENSED : AUDIT_TENANT_UNLICENSED,
        .tenant_row = tenant.row,
        .target = command->tenant,
        .target_name = tenant.name,
    };
    return audit_event_write(runner, command, &event);
}
