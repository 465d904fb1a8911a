#include "base/json_writer.h"
#include "store/sqlite/audit_event.h"
#include "store/sqlite/command.h"
#include "store/sqlite/nonce.h"

struct found_device {
    struct command_target target;
    struct slice identity;
    enum device_state state;
    int64_t profile_row;
};

static bool find(struct command_runner *runner, const struct store_command *command,
                 const struct guid *id, struct found_device *found) {
    *found = (struct found_device){0};
    struct statement statement = statement_open(&runner->database, STATEMENT_DEVICE_FIND);
    statement_bind_guid(&statement, &command->tenant);
    statement_bind_guid(&statement, id);
    found->target = command_read_target(&statement);
    if (found->target.row != 0) {
        found->identity = arena_copy(command->arena, statement_text(&statement, 3));
        found->state = (enum device_state)statement_integer(&statement, 4);
        found->profile_row = statement_integer(&statement, 5);
    }
    return statement_close(&statement);
}

/* Takes the credential away. */
static bool end_enrollment(struct command_runner *runner, int64_t row, enum device_state state) {
    struct statement statement = statement_open(&runner->database, STATEMENT_DEVICE_END);
    statement_bind_integer(&statement, state);
    statement_bind_integer(&statement, row);
    return statement_run(&statement);
}

/* The device of the row, if the nonce is that of its live credential; else row 0. */
static bool find_by_credential(struct command_runner *runner, struct store_command *command,
                               struct audit_event *event, int64_t *row) {
    *row = 0;
    struct statement statement = statement_open(&runner->database, STATEMENT_DEVICE_CREDENTIAL);
    statement_bind_integer(&statement, command->device_leave.device_row);
    if (statement_next(&statement) && !statement_is_null(&statement, 0)) {
        uint8_t nonce[DEVICE_CREDENTIAL_NONCE_SIZE];
        statement_bytes(&statement, 0, nonce, sizeof nonce);
        if (nonce_equals(nonce, command->device_leave.credential_nonce, sizeof nonce)) {
            *row = command->device_leave.device_row;
            event->tenant_row = statement_integer(&statement, 1);
            event->target = statement_guid(&statement, 2);
            event->target_name = arena_copy(command->arena, statement_text(&statement, 3));
            event->actor_subject = event->target_name;
        }
    }
    return statement_close(&statement);
}

/* A device may always leave, also when its tenant's licence has ended. */
bool command_device_leave(struct command_runner *runner, struct store_command *command) {
    struct audit_event event = {.activity = AUDIT_DEVICE_LEFT};
    int64_t row = 0;
    if (!find_by_credential(runner, command, &event, &row))
        return false;
    if (row == 0) {
        command->error =
            error_make(ERROR_UNAUTHENTICATED, "The device credential is not accepted.");
        return true;
    }
    return end_enrollment(runner, row, DEVICE_LEFT) && audit_event_write(runner, command, &event);
}

static bool tell_retirement(struct command_runner *runner, const struct store_command *command,
                            const struct found_device *found) {
    struct json_writer details = json_writer_make(&runner->details);
    json_open_object(&details);
    json_write_name(&details, "wasEnrolled");
    json_write_integer(&details, found->state == DEVICE_ENROLLED ? 1 : 0);
    json_close_object(&details);
    const struct audit_event event = {
        .activity = AUDIT_DEVICE_RETIRED,
        .tenant_row = found->target.tenant_row,
        .target = command->device_retire.id,
        .target_name = found->identity,
    };
    return audit_event_write(runner, command, &event);
}

bool command_device_retire(struct command_runner *runner, struct store_command *command) {
    struct found_device found;
    if (!find(runner, command, &command->device_retire.id, &found))
        return false;
    if (!command_admit(command, &found.target, "device"))
        return true;
    if (found.state == DEVICE_ENROLLED && !end_enrollment(runner, found.target.row, DEVICE_RETIRED))
        return false;
    return tell_retirement(runner, command, &found);
}

static bool delete_row(struct command_runner *runner, const struct found_device *found) {
    struct statement deletion = statement_open(&runner->database, STATEMENT_DEVICE_DELETE);
    statement_bind_integer(&deletion, found->target.row);
    if (!statement_run(&deletion))
        return false;
    return profile_state_count(runner, found->profile_row, -1, 0);
}

bool command_device_delete(struct command_runner *runner, struct store_command *command) {
    struct found_device found;
    if (!find(runner, command, &command->device_delete.id, &found))
        return false;
    if (!command_admit(command, &found.target, "device"))
        return true;
    if (!delete_row(runner, &found))
        return false;
    const struct audit_event event = {
        .activity = AUDIT_DEVICE_DELETED,
        .tenant_row = found.target.tenant_row,
        .target = command->device_delete.id,
        .target_name = found.identity,
    };
    return audit_event_write(runner, command, &event);
}
