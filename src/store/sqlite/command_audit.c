#include "base/json_writer.h"
#include "store/sqlite/audit_event.h"
#include "store/sqlite/command.h"

bool audit_event_write(struct command_runner *runner, const struct store_command *command,
                       const struct audit_event *event) {
    const struct audit_actor *actor = &command->actor;
    struct statement statement = statement_open(&runner->database, STATEMENT_AUDIT_INSERT);
    if (event->tenant_row == 0)
        statement_bind_null(&statement);
    else
        statement_bind_integer(&statement, event->tenant_row);
    statement_bind_integer(&statement, command->now);
    statement_bind_integer(&statement, event->activity);
    statement_bind_integer(&statement, event->refused ? 1 : 0);
    statement_bind_integer(&statement, actor->kind);
    statement_bind_guid_or_null(&statement, &actor->correlation);
    statement_bind_guid_or_null(&statement, &event->target);
    statement_bind_text_or_null(&statement, event->target_name);
    statement_bind_text_or_null(&statement,
                                actor->subject.length > 0 ? actor->subject : event->actor_subject);
    statement_bind_text_or_null(&statement, actor->name);
    statement_bind_text_or_null(&statement, actor->application);
    statement_bind_text_or_null(&statement, actor->address);
    statement_bind_text_or_null(&statement, buffer_slice(&runner->details));
    if (event->target_set == PROFILE_SET_ANDROID_DEVICE_OWNER)
        statement_bind_integer(&statement, event->target_set);
    else
        statement_bind_null(&statement);
    bool is_written = statement_run(&statement);
    buffer_clear(&runner->details);
    return is_written;
}

/* A refusal is kept for tenants that are unknown or unlicensed, too: it says whom nobody knows. */
bool command_audit_append(struct command_runner *runner, struct store_command *command) {
    struct audit_event event = {
        .activity = command->audit_append.activity,
        .refused = command->audit_append.activity == AUDIT_CALL_REFUSED ||
                   command->audit_append.activity == AUDIT_DEVICE_REFUSED,
        .target_name = command->audit_append.operation,
    };
    struct statement statement = statement_open(&runner->database, STATEMENT_TENANT_FIND);
    statement_bind_guid(&statement, &command->tenant);
    if (statement_next(&statement))
        event.tenant_row = statement_integer(&statement, 0);
    else
        event.target = command->tenant;
    if (!statement_close(&statement))
        return false;
    struct json_writer details = json_writer_make(&runner->details);
    json_open_object(&details);
    json_write_name(&details, "reason");
    json_write_text(&details, command->audit_append.reason);
    if (command->audit_append.unrecorded > 0) {
        json_write_name(&details, "unrecorded");
        json_write_integer(&details, command->audit_append.unrecorded);
    }
    json_close_object(&details);
    return audit_event_write(runner, command, &event);
}
