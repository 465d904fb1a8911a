#include "base/json_writer.h"
#include "store/sqlite/audit_event.h"
#include "store/sqlite/command.h"
#include "store/sqlite/expiry_event.h"
#include "store/sqlite/row.h"

struct found_profile {
    struct command_target target;
    struct slice display_name;
    struct profile_state state;
};

/* What decides about an older token. */
struct token_link {
    enum token_end end;
    instant live_until;
    struct token_overlap overlap;
};

/* Leaves the row 0 when there is no such profile. */
static bool look_up(struct command_runner *runner, const struct store_command *command,
                    struct known_profile *profile) {
    struct statement statement = statement_open(&runner->database, STATEMENT_TOKEN_FIND_PROFILE);
    statement_bind_guid(&statement, &profile->account_id);
    statement_bind_guid(&statement, &profile->id);
    statement_bind_integer(&statement, profile->set);
    struct command_target target = command_read_target(&statement);
    profile->tenant_row = target.tenant_row;
    profile->licensed = target.licensed;
    profile->row = target.row;
    if (target.row != 0) {
        profile->display_name = row_copy_text(&statement, 3, command->arena);
        known_profiles_keep(runner->known, profile);
    }
    return statement_close(&statement);
}

static bool find(struct command_runner *runner, const struct store_command *command,
                 const struct guid *id, enum profile_set set, struct found_profile *found) {
    struct known_profile profile = {.account_id = command->tenant, .id = *id, .set = set};
    if (!known_profiles_find(runner->known, &command->tenant, id, set, command->arena, &profile) &&
        !look_up(runner, command, &profile))
        return false;
    *found = (struct found_profile){
        .target = {.tenant_row = profile.tenant_row,
                   .licensed = profile.licensed,
                   .row = profile.row},
        .display_name = profile.display_name,
    };
    return profile.row == 0 || profile_state_read(runner, profile.row, &found->state);
}

/* A token that expired a moment ago, and of which nobody has told yet, must not go down as replaced
 * or revoked. */
static bool tell_expiry(struct command_runner *runner, const struct store_command *command,
                        const struct guid *profile, enum profile_set set,
                        const struct found_profile *found) {
    const struct profile_state *state = &found->state;
    if (state->current_id == 0 || state->current_told == TOLD_ALL ||
        state->current_expires > command->now)
        return true;
    const struct expiry_event expiry = {
        .activity = AUDIT_TOKEN_EXPIRED,
        .tenant_row = found->target.tenant_row,
        .profile_id = *profile,
        .profile_set = set,
        .profile_name = found->display_name,
        .expires = state->current_expires,
    };
    return expiry_event_write(runner, command, &expiry);
}

/* A link that is not there is that of a token which is dead. */
static bool read_link(struct command_runner *runner, int64_t id, struct token_link *link) {
    *link = (struct token_link){0};
    struct statement statement = statement_open(&runner->database, STATEMENT_TOKEN_LINK);
    statement_bind_integer(&statement, id);
    if (statement_next(&statement)) {
        link->end = (enum token_end)statement_integer(&statement, 0);
        link->live_until = statement_integer(&statement, 1);
        link->overlap.token_id = statement_integer(&statement, 2);
        link->overlap.until = statement_integer(&statement, 3);
    }
    return statement_close(&statement);
}

static bool let_overlap(struct command_runner *runner, int64_t id, instant live_until,
                        const struct token_overlap *older) {
    struct statement statement = statement_open(&runner->database, STATEMENT_TOKEN_OVERLAP);
    statement_bind_integer(&statement, live_until);
    statement_bind_integer_or_null(&statement, older->token_id);
    statement_bind_integer_or_null(&statement, older->until);
    statement_bind_integer(&statement, id);
    return statement_run(&statement);
}

static bool is_current_live(const struct profile_state *state, instant now) {
    return state->current_id != 0 && state->current_revoked == INSTANT_NEVER &&
           state->current_expires > now;
}

/* Lets the current token live on for the overlap, at most until it expires. One that was revoked
 * is never brought back. Without an overlap there is nothing to write: a token that is not the
 * current one any more is replaced. */
static bool keep_for_overlap(struct command_runner *runner, const struct store_command *command,
                             struct profile_state *state) {
    if (command->token_create.overlap_seconds <= 0 || !is_current_live(state, command->now))
        return true;
    instant end = instant_add_seconds(command->now, command->token_create.overlap_seconds);
    if (end > state->current_expires)
        end = state->current_expires;
    struct token_overlap older = {0};
    if (state->overlap.until > command->now)
        older = state->overlap;
    state->overlap = (struct token_overlap){
        .token_id = state->current_id,
        .until = end > older.until ? end : older.until,
    };
    return let_overlap(runner, state->current_id, end, &older);
}

static bool insert(struct command_runner *runner, const struct found_profile *found,
                   struct token *token) {
    struct statement statement = statement_open(&runner->database, STATEMENT_TOKEN_INSERT);
    statement_bind_integer(&statement, found->target.tenant_row);
    statement_bind_integer(&statement, found->target.row);
    statement_bind_bytes(&statement, token->nonce, sizeof token->nonce);
    statement_bind_integer(&statement, token->created);
    statement_bind_integer(&statement, token->expires);
    statement_bind_integer(&statement, token->max_enrollments);
    if (!statement_run(&statement))
        return false;
    token->id = sqlite3_last_insert_rowid(runner->database.connection);
    return true;
}

static struct token make_token(const struct store_command *command) {
    struct token token = {
        .created = command->now,
        .expires = token_expiry(command->now, command->token_create.validity_seconds),
        .max_enrollments = command->token_create.max_enrollments,
    };
    memcpy(token.nonce, command->token_create.nonce, sizeof token.nonce);
    return token;
}

/* Puts the new token in the place of the current one. */
static bool replace(struct command_runner *runner, const struct store_command *command,
                    struct found_profile *found, struct token *token) {
    return keep_for_overlap(runner, command, &found->state) &&
           command_settle_token(runner, &found->state) && insert(runner, found, token) &&
           profile_state_set_token(runner, found->target.row, token, &found->state);
}

static bool read_back(struct command_runner *runner, struct store_command *command, int64_t row) {
    struct statement statement = statement_open(&runner->database, STATEMENT_PROFILE_BY_ROW);
    statement_bind_integer(&statement, row);
    if (statement_next(&statement))
        row_read_profile(&statement, command->arena, &command->token_create.result);
    return statement_close(&statement);
}

/* Behind the replacement, which does away with what was replaced. */
static bool tell_creation(struct command_runner *runner, const struct store_command *command,
                          const struct found_profile *found, bool replaces, instant expires) {
    struct json_writer details = json_writer_make(&runner->details);
    json_open_object(&details);
    json_write_name(&details, "tokenValidityInSeconds");
    json_write_integer(&details, command->token_create.validity_seconds);
    json_write_name(&details, "tokenExpirationDateTime");
    json_write_instant(&details, expires);
    if (replaces) {
        json_write_name(&details, "replacedTokens");
        json_write_integer(&details, 1);
    }
    json_close_object(&details);
    const struct audit_event event = {
        .activity = AUDIT_TOKEN_CREATED,
        .tenant_row = found->target.tenant_row,
        .target = command->token_create.profile_id,
        .target_set = command->token_create.set,
        .target_name = found->display_name,
    };
    return audit_event_write(runner, command, &event);
}

bool command_token_create(struct command_runner *runner, struct store_command *command) {
    struct found_profile found;
    if (!find(runner, command, &command->token_create.profile_id, command->token_create.set,
              &found))
        return false;
    if (!command_admit(command, &found.target, "profile") ||
        !command_check_revision(command, &found.state.revision))
        return true;
    struct token token = make_token(command);
    bool replaces = is_current_live(&found.state, command->now);
    return tell_expiry(runner, command, &command->token_create.profile_id,
                       command->token_create.set, &found) &&
           replace(runner, command, &found, &token) &&
           tell_creation(runner, command, &found, replaces, token.expires) &&
           (!command->token_create.wants_result || read_back(runner, command, found.target.row));
}

static bool is_link_live(const struct token_link *link, instant now) {
    return link->end != TOKEN_REVOKED && link->live_until > now;
}

/* The current token, and those that it replaced with an overlap: no more of them than the writer
 * has time for. */
static bool count_live(struct command_runner *runner, const struct profile_state *state,
                       instant now, int64_t *live) {
    *live = is_current_live(state, now) ? 1 : 0;
    struct token_overlap overlap = state->overlap;
    for (int seen = 1; overlap.until > now && seen < STORE_REVOKED_TOKENS_COUNTED_AT_MOST; seen++) {
        struct token_link link;
        if (!read_link(runner, overlap.token_id, &link))
            return false;
        *live += is_link_live(&link, now) ? 1 : 0;
        overlap = link.overlap;
    }
    if (*live == 0 && overlap.until > now)
        *live = 1;
    return true;
}

static bool end_token(struct command_runner *runner, int64_t id, instant ended) {
    struct statement statement = statement_open(&runner->database, STATEMENT_TOKEN_REVOKE);
    statement_bind_integer(&statement, ended);
    statement_bind_integer(&statement, id);
    return statement_run(&statement);
}

/* A token that is dead already is marked as well: the clock by which it is dead may be ahead, and
 * what was revoked must stay so when it is put right. */
static bool revoke_all(struct command_runner *runner, const struct found_profile *found,
                       instant now, int64_t *revoked) {
    const struct profile_state *state = &found->state;
    if (state->current_id == 0)
        return true;
    if (!count_live(runner, state, now, revoked))
        return false;
    if (state->current_revoked != INSTANT_NEVER)
        return profile_state_revoke(runner, found->target.row, state->current_revoked);
    instant ended = state->current_expires > now ? now : state->current_expires;
    return end_token(runner, state->current_id, ended) &&
           profile_state_revoke(runner, found->target.row, ended);
}

bool command_token_revoke(struct command_runner *runner, struct store_command *command) {
    struct found_profile found;
    int64_t revoked = 0;
    if (!find(runner, command, &command->token_revoke.profile_id, command->token_revoke.set,
              &found))
        return false;
    if (!command_admit(command, &found.target, "profile") ||
        !command_check_revision(command, &found.state.revision))
        return true;
    if (!tell_expiry(runner, command, &command->token_revoke.profile_id, command->token_revoke.set,
                     &found) ||
        !revoke_all(runner, &found, command->now, &revoked) ||
        (revoked > 0 && !profile_state_touch(runner, found.target.row, command->now)))
        return false;
    struct json_writer details = json_writer_make(&runner->details);
    json_open_object(&details);
    json_write_name(&details, "revokedTokens");
    json_write_integer(&details, revoked);
    json_close_object(&details);
    const struct audit_event event = {
        .activity = AUDIT_TOKEN_REVOKED,
        .tenant_row = found.target.tenant_row,
        .target = command->token_revoke.profile_id,
        .target_set = command->token_revoke.set,
        .target_name = found.display_name,
    };
    return audit_event_write(runner, command, &event);
}
