/* Tells that a profile's current token is about to expire or has expired: in the transaction of
 * whoever notices first, and once. The writer's thread. */
#ifndef MUSTER_STORE_SQLITE_EXPIRY_EVENT_H
#define MUSTER_STORE_SQLITE_EXPIRY_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "service/store_port.h"
#include "store/sqlite/command.h"

struct expiry_event {
    enum audit_activity activity; /* AUDIT_TOKEN_EXPIRING or AUDIT_TOKEN_EXPIRED */
    int64_t tenant_row;
    struct guid profile_id;
    enum profile_set profile_set;
    struct slice profile_name;
    instant expires;
};

/* Writes the event, which nobody caused. False when the engine failed. */
bool expiry_event_write(struct command_runner *runner, const struct store_command *command,
                        const struct expiry_event *expiry) MUST_CHECK;

#endif
