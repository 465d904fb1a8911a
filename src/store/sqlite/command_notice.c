#include "store/sqlite/command.h"
#include "store/sqlite/expiry_event.h"
#include "store/sqlite/row.h"

static const enum audit_activity activities[] = {
    [TOKEN_NOTICE_EXPIRING] = AUDIT_TOKEN_EXPIRING,
    [TOKEN_NOTICE_EXPIRED] = AUDIT_TOKEN_EXPIRED,
};

/* The profile whose current token it is and has not ended; row 0 when there is none. A token that
 * is used up is of no use to anybody before it expires, either. */
struct noticed_profile {
    int64_t row;
    int64_t tenant_row;
    enum profile_set set;
    bool is_used_up;
};

static bool find(struct command_runner *runner, const struct store_command *command,
                 struct token_notice *notice, struct noticed_profile *profile) {
    *profile = (struct noticed_profile){0};
    struct statement statement = statement_open(&runner->database, STATEMENT_TOKEN_NOTICE);
    statement_bind_integer(&statement, notice->token_id);
    if (statement_next(&statement)) {
        profile->tenant_row = statement_integer(&statement, 0);
        notice->tenant = statement_guid(&statement, 1);
        profile->row = statement_integer(&statement, 2);
        notice->profile_id = statement_guid(&statement, 3);
        notice->profile_name = row_copy_text(&statement, 4, command->arena);
        notice->expires = statement_integer(&statement, 5);
        notice->was_warned = statement_integer(&statement, 6) == TOLD_NEAR;
        profile->set = (enum profile_set)statement_integer(&statement, 7);
        profile->is_used_up = statement_integer(&statement, 8) != 0;
    }
    return statement_close(&statement);
}

/* Only a token that is still live is about to expire. */
static bool is_due(const struct token_notice *notice, const struct noticed_profile *profile,
                   instant now) {
    bool is_live = notice->expires > now;
    if (notice->kind == TOKEN_NOTICE_EXPIRED)
        return !is_live;
    return is_live && !profile->is_used_up && !notice->was_warned;
}

static bool give(struct command_runner *runner, const struct store_command *command,
                 struct token_notice *notice) {
    struct noticed_profile profile;
    notice->is_given = false;
    if (!find(runner, command, notice, &profile))
        return false;
    if (profile.row == 0 || !is_due(notice, &profile, command->now))
        return true;
    const struct expiry_event expiry = {
        .activity = activities[notice->kind],
        .tenant_row = profile.tenant_row,
        .profile_id = notice->profile_id,
        .profile_set = profile.set,
        .profile_name = notice->profile_name,
        .expires = notice->expires,
    };
    notice->is_given = true;
    return profile_state_tell(runner, profile.row,
                              notice->kind == TOKEN_NOTICE_EXPIRED ? TOLD_ALL : TOLD_NEAR) &&
           expiry_event_write(runner, command, &expiry);
}

bool command_token_notice(struct command_runner *runner, struct store_command *command) {
    for (size_t i = 0; i < command->token_notice.count; i++) {
        if (!give(runner, command, &command->token_notice.notices[i]))
            return false;
    }
    return true;
}
