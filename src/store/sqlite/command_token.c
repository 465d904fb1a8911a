#include "base/json_writer.h"
#include "store/sqlite/audit_event.h"
#include "store/sqlite/command.h"
#include "store/sqlite/row.h"

/* Where a token stands in the chain of its profile's tokens, newest first. */
struct token_link {
    int64_t id; /* 0: none */
    instant live_until;
    enum token_end end;
    int64_t previous_id;      /* 0: no older one is live */
    instant older_live_until; /* no older one is, from here on; INSTANT_NEVER without one */
};

struct found_token {
    struct command_target target; /* the profile */
    struct slice display_name;    /* its */
    struct token_link current;    /* its newest token */
};

static bool find(struct command_runner *runner, const struct store_command *command,
                 const struct guid *profile, enum profile_set set, struct found_token *found) {
    struct statement statement = statement_open(&runner->database, STATEMENT_TOKEN_FIND_CURRENT);
    statement_bind_guid(&statement, &command->tenant);
    statement_bind_guid(&statement, profile);
    statement_bind_integer(&statement, set);
    found->target = command_read_target(&statement);
    found->current = (struct token_link){0};
    if (found->target.row != 0) {
        found->display_name = row_copy_text(&statement, 3, command->arena);
        found->current.id = statement_integer(&statement, 4);
        found->current.live_until = statement_integer(&statement, 5);
        found->current.end = (enum token_end)statement_integer(&statement, 6);
        found->current.previous_id = statement_integer(&statement, 7);
        found->current.older_live_until = statement_integer(&statement, 8);
    }
    return statement_close(&statement);
}

static bool end_token(struct command_runner *runner, int64_t id, enum token_end end,
                      instant live_until) {
    struct statement statement = statement_open(&runner->database, STATEMENT_TOKEN_END);
    statement_bind_integer(&statement, end);
    statement_bind_integer(&statement, live_until);
    statement_bind_integer(&statement, id);
    return statement_run(&statement);
}

static instant earlier(instant a, instant b) {
    return a < b ? a : b;
}

static instant later(instant a, instant b) {
    return a > b ? a : b;
}

/* Ends the current token as replaced, at the latest when the overlap is over. One that has ended
 * already keeps its end: a revoked token is never brought back. */
static bool replace(struct command_runner *runner, const struct store_command *command,
                    struct token_link *current) {
    if (current->id == 0 || current->end != TOKEN_NOT_ENDED || current->live_until <= command->now)
        return true;
    instant end = instant_add_seconds(command->now, command->token_create.overlap_seconds);
    current->live_until = earlier(end, current->live_until);
    return end_token(runner, current->id, TOKEN_REPLACED, current->live_until);
}

/* A new token points to the newest older one that is still live, or to none. Each link says how
 * long anything behind it lives, so nobody has to walk past tokens that are dead for good, and
 * creation does not walk at all. */
static struct token_link link_behind(const struct token_link *current, instant now) {
    if (current->live_until > now)
        return (struct token_link){
            .previous_id = current->id,
            .older_live_until = later(current->live_until, current->older_live_until),
        };
    if (current->older_live_until > now)
        return (struct token_link){
            .previous_id = current->previous_id,
            .older_live_until = current->older_live_until,
        };
    return (struct token_link){0};
}

static bool insert(struct command_runner *runner, const struct store_command *command,
                   const struct found_token *found, instant expires) {
    struct token_link link = link_behind(&found->current, command->now);
    struct statement statement = statement_open(&runner->database, STATEMENT_TOKEN_INSERT);
    statement_bind_integer(&statement, found->target.tenant_row);
    statement_bind_integer(&statement, found->target.row);
    statement_bind_bytes(&statement, command->token_create.nonce, TOKEN_NONCE_SIZE);
    statement_bind_integer(&statement, command->now);
    statement_bind_integer(&statement, expires);
    statement_bind_integer(&statement, command->token_create.max_enrollments);
    if (link.previous_id == 0) {
        statement_bind_null(&statement);
        statement_bind_null(&statement);
    } else {
        statement_bind_integer(&statement, link.previous_id);
        statement_bind_integer(&statement, link.older_live_until);
    }
    return statement_run(&statement);
}

static bool set_current(struct command_runner *runner, const struct store_command *command,
                        int64_t profile_row) {
    struct statement statement = statement_open(&runner->database, STATEMENT_PROFILE_SET_TOKEN);
    statement_bind_integer(&statement, sqlite3_last_insert_rowid(runner->database.connection));
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
                          const struct found_token *found, instant expires) {
    struct json_writer details = json_writer_make(&runner->details);
    json_open_object(&details);
    json_write_name(&details, "tokenValidityInSeconds");
    json_write_integer(&details, command->token_create.validity_seconds);
    json_write_name(&details, "tokenExpirationDateTime");
    json_write_instant(&details, expires);
    json_close_object(&details);
    const struct audit_event event = {
        .activity = AUDIT_TOKEN_CREATED,
        .tenant_row = found->target.tenant_row,
        .target = command->token_create.profile_id,
        .target_name = found->display_name,
    };
    return audit_event_write(runner, command, &event);
}

bool command_token_create(struct command_runner *runner, struct store_command *command) {
    struct found_token found;
    if (!find(runner, command, &command->token_create.profile_id, command->token_create.set,
              &found))
        return false;
    if (!command_admit(command, &found.target, "profile"))
        return true;
    instant expires = token_expiry(command->now, command->token_create.validity_seconds);
    return replace(runner, command, &found.current) && insert(runner, command, &found, expires) &&
           set_current(runner, command, found.target.row) &&
           tell_creation(runner, command, &found, expires) &&
           (!command->token_create.wants_result || read_back(runner, command, found.target.row));
}

static bool read_link(struct command_runner *runner, int64_t id, struct token_link *link) {
    *link = (struct token_link){0};
    struct statement statement = statement_open(&runner->database, STATEMENT_TOKEN_LINK);
    statement_bind_integer(&statement, id);
    if (statement_next(&statement)) {
        link->id = id;
        link->live_until = statement_integer(&statement, 0);
        link->previous_id = statement_integer(&statement, 1);
        link->older_live_until = statement_integer(&statement, 2);
    }
    return statement_close(&statement);
}

/* Walks from the newest token to the oldest that may be live. */
static bool revoke_chain(struct command_runner *runner, const struct token_link *newest,
                         instant now, bool *has_revoked) {
    struct token_link link = *newest;
    for (;;) {
        if (link.id != 0 && link.live_until > now) {
            *has_revoked = true;
            if (!end_token(runner, link.id, TOKEN_REVOKED, now))
                return false;
        }
        if (link.previous_id == 0 || link.older_live_until <= now)
            return true;
        if (!read_link(runner, link.previous_id, &link))
            return false;
    }
}

static bool touch(struct command_runner *runner, const struct store_command *command,
                  int64_t profile_row) {
    struct statement statement = statement_open(&runner->database, STATEMENT_PROFILE_TOUCH);
    statement_bind_integer(&statement, command->now);
    statement_bind_integer(&statement, profile_row);
    return statement_run(&statement);
}

bool command_token_revoke(struct command_runner *runner, struct store_command *command) {
    struct found_token found;
    bool has_revoked = false;
    if (!find(runner, command, &command->token_revoke.profile_id, command->token_revoke.set,
              &found))
        return false;
    if (!command_admit(command, &found.target, "profile"))
        return true;
    if (!revoke_chain(runner, &found.current, command->now, &has_revoked) ||
        (has_revoked && !touch(runner, command, found.target.row)))
        return false;
    const struct audit_event event = {
        .activity = AUDIT_TOKEN_REVOKED,
        .tenant_row = found.target.tenant_row,
        .target = command->token_revoke.profile_id,
        .target_name = found.display_name,
    };
    return audit_event_write(runner, command, &event);
}
