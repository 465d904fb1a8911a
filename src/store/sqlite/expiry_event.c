#include "store/sqlite/expiry_event.h"

#include "base/json_writer.h"
#include "store/sqlite/audit_event.h"

bool expiry_event_write(struct command_runner *runner, const struct store_command *command,
                        const struct expiry_event *expiry) {
    struct json_writer details = json_writer_make(&runner->details);
    json_open_object(&details);
    json_write_name(&details, "tokenExpirationDateTime");
    json_write_instant(&details, expiry->expires);
    json_close_object(&details);
    const struct audit_event event = {
        .activity = expiry->activity,
        .tenant_row = expiry->tenant_row,
        .target = expiry->profile_id,
        .target_set = expiry->profile_set,
        .target_name = expiry->profile_name,
        .is_of_system = true,
    };
    return audit_event_write(runner, command, &event);
}
