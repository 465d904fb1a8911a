#include "base/json_writer.h"
#include "store/sqlite/audit_event.h"
#include "store/sqlite/command.h"
#include "store/sqlite/expiry_event.h"
#include "store/sqlite/row.h"

/* Tokens that were replaced with an overlap, newest first: each one names the next older one, and
 * says until when anything from there on may be live, so that nobody has to walk past tokens that
 * are dead for good. */
struct overlap {
    int64_t token_id; /* 0: none */
    instant until;
};

struct found_profile {
    struct command_target target;
    struct slice display_name;
    int64_t current_id;      /* 0: there never was a token */
    instant current_expires; /* INSTANT_NEVER: no token, or its end was told */
    struct overlap overlap;
    struct revision revision;
};

/* What decides about an older token. */
struct token_link {
    int64_t id;
    enum token_end end;
    instant live_until;
    struct overlap overlap;
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

static bool read_state(struct command_runner *runner, struct found_profile *found) {
    struct statement statement = statement_open(&runner->database, STATEMENT_TOKEN_READ_STATE);
    statement_bind_integer(&statement, found->target.row);
    if (statement_next(&statement)) {
        found->current_id = statement_integer(&statement, 0);
        found->overlap.token_id = statement_integer(&statement, 1);
        found->overlap.until = statement_integer(&statement, 2);
        found->revision = command_read_revision(&statement, 3);
        found->current_expires = statement_integer(&statement, 5);
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
    return profile.row == 0 || read_state(runner, found);
}

/* A token that expired a moment ago, and of which nobody has told yet, must not go down as replaced
 * or revoked. */
static bool tell_expiry(struct command_runner *runner, const struct store_command *command,
                        const struct guid *profile, enum profile_set set,
                        const struct found_profile *found) {
    if (found->current_expires == INSTANT_NEVER || found->current_expires > command->now)
        return true;
    const struct expiry_event expiry = {
        .activity = AUDIT_TOKEN_EXPIRED,
        .tenant_row = found->target.tenant_row,
        .profile_id = *profile,
        .profile_set = set,
        .profile_name = found->display_name,
        .expires = found->current_expires,
    };
    return expiry_event_write(runner, command, &expiry);
}

/* A link that is not there is that of a token which is dead. */
static bool read_link(struct command_runner *runner, int64_t id, struct token_link *link) {
    *link = (struct token_link){.id = id};
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

static void bind_overlap(struct statement *statement, const struct overlap *overlap) {
    if (overlap->token_id == 0) {
        statement_bind_null(statement);
        statement_bind_null(statement);
        return;
    }
    statement_bind_integer(statement, overlap->token_id);
    statement_bind_integer(statement, overlap->until);
}

static bool set_overlap(struct command_runner *runner, int64_t profile_row,
                        const struct overlap *overlap) {
    struct statement statement = statement_open(&runner->database, STATEMENT_PROFILE_SET_OVERLAP);
    bind_overlap(&statement, overlap);
    statement_bind_integer(&statement, profile_row);
    return statement_run(&statement);
}

static bool let_overlap(struct command_runner *runner, int64_t id, instant live_until,
                        const struct overlap *older) {
    struct statement statement = statement_open(&runner->database, STATEMENT_TOKEN_OVERLAP);
    statement_bind_integer(&statement, live_until);
    bind_overlap(&statement, older);
    statement_bind_integer(&statement, id);
    return statement_run(&statement);
}

/* Lets the current token live on for the overlap, at most until it expires. One that was revoked
 * is never brought back. Without an overlap there is nothing to write: a token that is not the
 * current one any more is replaced. */
static bool keep_for_overlap(struct command_runner *runner, const struct store_command *command,
                             const struct found_profile *found) {
    if (command->token_create.overlap_seconds <= 0 || found->current_id == 0)
        return true;
    struct token_link current;
    if (!read_link(runner, found->current_id, &current))
        return false;
    if (current.end != TOKEN_NOT_ENDED || current.live_until <= command->now)
        return true;
    instant end = instant_add_seconds(command->now, command->token_create.overlap_seconds);
    if (end > current.live_until)
        end = current.live_until;
    struct overlap older = {0};
    if (found->overlap.until > command->now)
        older = found->overlap;
    const struct overlap newest = {
        .token_id = current.id,
        .until = end > older.until ? end : older.until,
    };
    return let_overlap(runner, current.id, end, &older) &&
           set_overlap(runner, found->target.row, &newest);
}

static bool insert(struct command_runner *runner, const struct store_command *command,
                   const struct found_profile *found, instant expires) {
    struct statement statement = statement_open(&runner->database, STATEMENT_TOKEN_INSERT);
    statement_bind_integer(&statement, found->target.tenant_row);
    statement_bind_integer(&statement, found->target.row);
    statement_bind_bytes(&statement, command->token_create.nonce, TOKEN_NONCE_SIZE);
    statement_bind_integer(&statement, command->now);
    statement_bind_integer(&statement, expires);
    statement_bind_integer(&statement, command->token_create.max_enrollments);
    return statement_run(&statement);
}

static bool set_current(struct command_runner *runner, const struct store_command *command,
                        int64_t profile_row, instant expires) {
    struct statement statement = statement_open(&runner->database, STATEMENT_PROFILE_SET_TOKEN);
    statement_bind_integer(&statement, sqlite3_last_insert_rowid(runner->database.connection));
    statement_bind_integer(&statement, expires);
    statement_bind_integer(&statement, command->now);
    statement_bind_integer(&statement, profile_row);
    return statement_run(&statement);
}

static bool read_back(struct command_runner *runner, struct store_command *command, int64_t row) {
    struct statement statement = statement_open(&runner->database, STATEMENT_PROFILE_BY_ROW);
    statement_bind_integer(&statement, row);
    if (statement_next(&statement))
        row_read_profile(&statement, command->arena, &command->token_create.result);
    return statement_close(&statement);
}

static bool tell_creation(struct command_runner *runner, const struct store_command *command,
                          const struct found_profile *found, instant expires) {
    struct json_writer details = json_writer_make(&runner->details);
    json_open_object(&details);
    json_write_name(&details, "tokenValidityInSeconds");
    json_write_integer(&details, command->token_create.validity_seconds);
    json_write_name(&details, "tokenExpirationDateTime");
    json_write_instant(&details, expires);
    if (found->current_expires > command->now) {
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
        !command_check_revision(command, &found.revision))
        return true;
    instant expires = token_expiry(command->now, command->token_create.validity_seconds);
    return tell_expiry(runner, command, &command->token_create.profile_id,
                       command->token_create.set, &found) &&
           keep_for_overlap(runner, command, &found) && insert(runner, command, &found, expires) &&
           set_current(runner, command, found.target.row, expires) &&
           tell_creation(runner, command, &found, expires) &&
           (!command->token_create.wants_result || read_back(runner, command, found.target.row));
}

static bool is_live(const struct token_link *link, instant now) {
    return link->end != TOKEN_REVOKED && link->live_until > now;
}

/* The current token, and those that it replaced with an overlap: no more of them than the writer
 * has time for. */
static bool count_live(struct command_runner *runner, const struct found_profile *found,
                       const struct token_link *current, instant now, int64_t *live) {
    *live = is_live(current, now) ? 1 : 0;
    struct overlap overlap = found->overlap;
    for (int seen = 1; overlap.until > now && seen < STORE_REVOKED_TOKENS_COUNTED_AT_MOST; seen++) {
        struct token_link link;
        if (!read_link(runner, overlap.token_id, &link))
            return false;
        *live += is_live(&link, now) ? 1 : 0;
        overlap = link.overlap;
    }
    if (*live == 0 && overlap.until > now)
        *live = 1;
    return true;
}

/* A token that is dead already is marked as well: the clock by which it is dead may be ahead, and
 * what was revoked must stay so when it is put right. */
static bool end_current(struct command_runner *runner, const struct token_link *current,
                        instant now) {
    if (current->end == TOKEN_REVOKED)
        return true;
    struct statement statement = statement_open(&runner->database, STATEMENT_TOKEN_REVOKE);
    statement_bind_integer(&statement, is_live(current, now) ? now : current->live_until);
    statement_bind_integer(&statement, current->id);
    return statement_run(&statement);
}

/* In the profile's row, so that it is the same work for any number of tokens, and leaves none out
 * because the clock was wrong when a newer one was made. */
static bool end_all_until_now(struct command_runner *runner, int64_t profile_row) {
    struct statement statement = statement_open(&runner->database, STATEMENT_PROFILE_REVOKE);
    statement_bind_integer(&statement, profile_row);
    return statement_run(&statement);
}

static bool revoke_all(struct command_runner *runner, const struct found_profile *found,
                       instant now, int64_t *revoked) {
    struct token_link current;
    if (found->current_id == 0)
        return true;
    return read_link(runner, found->current_id, &current) &&
           count_live(runner, found, &current, now, revoked) &&
           end_current(runner, &current, now) && end_all_until_now(runner, found->target.row);
}

static bool touch(struct command_runner *runner, const struct store_command *command,
                  int64_t profile_row) {
    struct statement statement = statement_open(&runner->database, STATEMENT_PROFILE_TOUCH);
    statement_bind_integer(&statement, command->now);
    statement_bind_integer(&statement, profile_row);
    return statement_run(&statement);
}

bool command_token_revoke(struct command_runner *runner, struct store_command *command) {
    struct found_profile found;
    int64_t revoked = 0;
    if (!find(runner, command, &command->token_revoke.profile_id, command->token_revoke.set,
              &found))
        return false;
    if (!command_admit(command, &found.target, "profile") ||
        !command_check_revision(command, &found.revision))
        return true;
    if (!tell_expiry(runner, command, &command->token_revoke.profile_id, command->token_revoke.set,
                     &found) ||
        !revoke_all(runner, &found, command->now, &revoked) ||
        (revoked > 0 && !touch(runner, command, found.target.row)))
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
