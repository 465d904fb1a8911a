#include "base/json_writer.h"
#include "store/sqlite/audit_event.h"
#include "store/sqlite/command.h"
#include "store/sqlite/row.h"

static bool is_named(const struct store_command *command, struct slice name) {
    for (size_t i = 0; i < command->follower_open.count; i++) {
        if (slice_equals_string(name, command->follower_open.followers[i].name))
            return true;
    }
    return false;
}

static bool forget(struct command_runner *runner, struct slice name) {
    struct statement statement = statement_open(&runner->database, STATEMENT_FOLLOWER_DELETE);
    statement_bind_text(&statement, name);
    return statement_run(&statement);
}

/* One that is not named; an empty name when there is none. */
static bool find_stranger(struct command_runner *runner, const struct store_command *command,
                          struct slice *stranger) {
    *stranger = (struct slice){0};
    struct statement statement = statement_open(&runner->database, STATEMENT_FOLLOWER_LIST);
    while (stranger->length == 0 && statement_next(&statement)) {
        if (!is_named(command, statement_text(&statement, 0)))
            *stranger = row_copy_text(&statement, 0, command->arena);
    }
    return statement_close(&statement);
}

static bool forget_strangers(struct command_runner *runner, const struct store_command *command) {
    struct slice stranger;
    for (;;) {
        if (!find_stranger(runner, command, &stranger))
            return false;
        if (stranger.length == 0)
            return true;
        if (!forget(runner, stranger))
            return false;
    }
}

static bool insert(struct command_runner *runner, struct store_follower *follower) {
    if (!database_read_number(&runner->database, STATEMENT_AUDIT_NEWEST, &follower->position))
        return false;
    struct statement statement = statement_open(&runner->database, STATEMENT_FOLLOWER_INSERT);
    statement_bind_integer(&statement, follower->position);
    statement_bind_text(&statement, slice_from_string(follower->name));
    return statement_run(&statement);
}

static bool find(struct command_runner *runner, struct store_follower *follower, bool *is_known) {
    struct statement statement = statement_open(&runner->database, STATEMENT_FOLLOWER_GET);
    statement_bind_text(&statement, slice_from_string(follower->name));
    *is_known = statement_next(&statement);
    if (*is_known) {
        follower->position = statement_integer(&statement, 0);
        follower->parts = (uint32_t)statement_integer(&statement, 1);
    }
    return statement_close(&statement);
}

static bool find_or_insert(struct command_runner *runner, struct store_follower *follower) {
    bool is_known = false;
    follower->parts = 0;
    return find(runner, follower, &is_known) && (is_known || insert(runner, follower));
}

bool command_follower_open(struct command_runner *runner, struct store_command *command) {
    if (!forget_strangers(runner, command))
        return false;
    for (size_t i = 0; i < command->follower_open.count; i++) {
        if (!find_or_insert(runner, &command->follower_open.followers[i]))
            return false;
    }
    return true;
}

static bool advance(struct command_runner *runner, const struct store_follower *follower) {
    struct statement statement = statement_open(&runner->database, STATEMENT_FOLLOWER_ADVANCE);
    statement_bind_integer(&statement, follower->position);
    statement_bind_integer(&statement, follower->parts);
    statement_bind_text(&statement, slice_from_string(follower->name));
    return statement_run(&statement);
}

bool command_follower_advance(struct command_runner *runner, struct store_command *command) {
    return advance(runner, &command->follower_advance);
}

static bool find_tenant(struct command_runner *runner, const struct store_command *command,
                        int64_t *row) {
    struct statement statement = statement_open(&runner->database, STATEMENT_TENANT_FIND);
    statement_bind_guid(&statement, &command->tenant);
    *row = statement_next(&statement) ? statement_integer(&statement, 0) : 0;
    return statement_close(&statement);
}

static void describe_skipped(struct command_runner *runner, const struct store_command *command) {
    struct json_writer details = json_writer_make(&runner->details);
    json_open_object(&details);
    json_write_name(&details, "eventId");
    json_write_guid(&details, &command->follower_skip.event);
    json_write_name(&details, "eventType");
    json_write_string(&details, command->follower_skip.type);
    json_write_name(&details, "eventDateTime");
    json_write_instant(&details, command->follower_skip.at);
    json_write_name(&details, "reason");
    json_write_text(&details, command->follower_skip.reason);
    json_close_object(&details);
}

bool command_follower_skip(struct command_runner *runner, struct store_command *command) {
    const struct store_follower *place = &command->follower_skip.place;
    struct store_follower known = *place;
    bool is_known = false;
    struct audit_event event = {.activity = AUDIT_WEBHOOK_EVENT_SKIPPED,
                                .target_name = slice_from_string(place->name)};
    if (!find(runner, &known, &is_known) || !find_tenant(runner, command, &event.tenant_row))
        return false;
    if (!is_known) {
        command->error = error_make(ERROR_NOT_FOUND, "There is no such webhook.");
        return true;
    }
    describe_skipped(runner, command);
    return advance(runner, place) && audit_event_write(runner, command, &event);
}
