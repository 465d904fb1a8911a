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

static bool find_or_insert(struct command_runner *runner, struct store_follower *follower) {
    struct statement statement = statement_open(&runner->database, STATEMENT_FOLLOWER_GET);
    statement_bind_text(&statement, slice_from_string(follower->name));
    bool is_known = statement_next(&statement);
    if (is_known)
        follower->position = statement_integer(&statement, 0);
    if (!statement_close(&statement))
        return false;
    return is_known || insert(runner, follower);
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

bool command_follower_advance(struct command_runner *runner, struct store_command *command) {
    struct statement statement = statement_open(&runner->database, STATEMENT_FOLLOWER_ADVANCE);
    statement_bind_integer(&statement, command->follower_advance.position);
    statement_bind_text(&statement, slice_from_string(command->follower_advance.name));
    return statement_run(&statement);
}
