/* Writes audit events, in the transaction of the change that they tell of. */
#ifndef MUSTER_STORE_SQLITE_AUDIT_EVENT_H
#define MUSTER_STORE_SQLITE_AUDIT_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "service/store_port.h"
#include "store/sqlite/command.h"

struct audit_event {
    enum audit_activity activity;
    bool refused;
    int64_t tenant_row; /* 0: nobody's */
    struct guid target; /* all zero: none */
    struct slice target_name;
    enum profile_set target_set; /* of a profile */
    /* Who acts if the command does not say: a device that leaves is known by its row only. */
    struct slice actor_subject;
};

/* Writes the event with the command's actor and instant, and the runner's details if it has any;
 * they are empty afterwards. False when the engine failed. */
bool audit_event_write(struct command_runner *runner, const struct store_command *command,
                       const struct audit_event *event) MUST_CHECK;

#endif
