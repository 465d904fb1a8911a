#include "store/sqlite/profile_state.h"

#include "store/sqlite/command.h"

bool profile_state_insert(struct command_runner *runner, int64_t row, instant now) {
    struct statement statement = statement_open(&runner->database, STATEMENT_STATE_INSERT);
    statement_bind_integer(&statement, row);
    statement_bind_integer(&statement, now);
    return statement_run(&statement);
}

bool profile_state_read(struct command_runner *runner, int64_t row, struct profile_state *state) {
    if (known_profiles_find_state(runner->known, row, state))
        return true;
    *state = (struct profile_state){0};
    struct statement statement = statement_open(&runner->database, STATEMENT_STATE_READ);
    statement_bind_integer(&statement, row);
    if (statement_next(&statement)) {
        state->revision = command_read_revision(&statement, 0);
        state->current_id = statement_integer(&statement, 2);
        state->current_expires = statement_integer(&statement, 3);
        state->current_revoked = statement_integer(&statement, 4);
        state->current_told = (enum told_expiry)statement_integer(&statement, 5);
        state->current_enrollments = statement_integer(&statement, 6);
        state->overlap.token_id = statement_integer(&statement, 7);
        state->overlap.until = statement_integer(&statement, 8);
    }
    return statement_close(&statement);
}

bool profile_state_set_token(struct command_runner *runner, int64_t row, const struct token *token,
                             struct profile_state *state) {
    *state = (struct profile_state){
        .revision = {.number = state->revision.number + 1, .last_modified = token->created},
        .current_id = token->id,
        .current_expires = token->expires,
        .overlap = state->overlap,
    };
    struct statement statement = statement_open(&runner->database, STATEMENT_STATE_SET_TOKEN);
    statement_bind_integer(&statement, token->id);
    statement_bind_bytes(&statement, token->nonce, sizeof token->nonce);
    statement_bind_integer(&statement, token->created);
    statement_bind_integer(&statement, token->expires);
    statement_bind_integer(&statement, token->max_enrollments);
    statement_bind_integer(&statement, state->revision.number);
    statement_bind_integer_or_null(&statement, state->overlap.token_id);
    statement_bind_integer_or_null(&statement, state->overlap.until);
    statement_bind_integer(&statement, row);
    known_profiles_keep_state(runner->known, row, state);
    return statement_run(&statement);
}

bool profile_state_revoke(struct command_runner *runner, int64_t row, instant ended) {
    known_profiles_forget_state(runner->known, row);
    struct statement statement = statement_open(&runner->database, STATEMENT_STATE_REVOKE);
    statement_bind_integer(&statement, ended);
    statement_bind_integer(&statement, row);
    return statement_run(&statement);
}

bool profile_state_touch(struct command_runner *runner, int64_t row, instant now) {
    known_profiles_forget_state(runner->known, row);
    struct statement statement = statement_open(&runner->database, STATEMENT_STATE_TOUCH);
    statement_bind_integer(&statement, now);
    statement_bind_integer(&statement, row);
    return statement_run(&statement);
}

bool profile_state_count(struct command_runner *runner, int64_t row, int64_t devices,
                         int64_t enrollments) {
    known_profiles_forget_state(runner->known, row);
    struct statement statement = statement_open(&runner->database, STATEMENT_STATE_COUNT);
    statement_bind_integer(&statement, devices);
    statement_bind_integer(&statement, enrollments);
    statement_bind_integer(&statement, row);
    return statement_run(&statement);
}

bool profile_state_tell(struct command_runner *runner, int64_t row, enum told_expiry told) {
    known_profiles_forget_state(runner->known, row);
    struct statement statement = statement_open(&runner->database, STATEMENT_STATE_TELL);
    statement_bind_integer(&statement, told);
    statement_bind_integer(&statement, row);
    return statement_run(&statement);
}
