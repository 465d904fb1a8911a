#include "base/json_writer.h"
#include "store/sqlite/audit_event.h"
#include "store/sqlite/command.h"
#include "store/sqlite/nonce.h"
#include "store/sqlite/row.h"

/* What a token gives to whoever redeems it. */
struct grant {
    struct token token; /* id 0: unknown */
    int64_t tenant_row;
    bool licensed;
    struct guid account_id; /* of a licensed tenant */
    int64_t profile_row;    /* 0: deleted */
    bool is_current;        /* it is the profile's current token */
    struct guid profile_id;
    struct slice profile_name;
    struct slice name_template; /* NULL pointer: none */
    int64_t enrollment_mode;
    enum profile_set set;
};

/* The device as it was before; row 0: not known to the tenant. */
struct known_device {
    int64_t row;
    struct guid id;
    int64_t token_id;
    int64_t profile_row;
    struct slice name; /* by a template; NULL pointer: none */
    instant enrolled;
};

/* As the audit tells them. */
static const char *const refusal_names[] = {
    [ENROLL_TOKEN_UNKNOWN] = "unknown",
    [ENROLL_TOKEN_EXPIRED] = "expired",
    [ENROLL_TOKEN_REPLACED] = "replaced",
    [ENROLL_TOKEN_REVOKED] = "revoked",
    [ENROLL_TOKEN_USED_UP] = "usedUp",
    [ENROLL_PROFILE_DELETED] = "profileDeleted",
    [ENROLL_TENANT_UNLICENSED] = "tenantUnlicensed",
};

/* A token that is replaced at once does not have its row written: that it is not the current one
 * says it. So it is refused whatever the clocks say. */
static void note_replacement(struct token *token, int64_t current_id, instant now) {
    if (token->id == current_id || token->end != TOKEN_NOT_ENDED || now >= token->expires)
        return;
    token->end = TOKEN_REPLACED;
    token->ended = INSTANT_NEVER;
}

/* Nor does a revocation write the rows of tokens that live on in their overlap: the newest one that
 * it ended stands in their profile's. */
static void note_revocation(struct token *token, int64_t revoked_through, instant now) {
    if (token->id > revoked_through || token->end != TOKEN_REPLACED)
        return;
    token->end = TOKEN_REVOKED;
    if (token->ended > now)
        token->ended = now;
}

/* A nonce that differs leaves the grant empty: such a token was never made. */
static bool find_grant(struct command_runner *runner, struct store_command *command,
                       struct grant *grant) {
    *grant = (struct grant){0};
    struct statement statement = statement_open(&runner->database, STATEMENT_TOKEN_REDEEM);
    statement_bind_integer(&statement, command->device_enroll.token_id);
    if (statement_next(&statement)) {
        struct token token;
        row_read_token(&statement, 0, &token);
        if (nonce_equals(token.nonce, command->device_enroll.token_nonce, sizeof token.nonce)) {
            grant->token = token;
            grant->tenant_row = statement_integer(&statement, 8);
            grant->licensed = statement_integer(&statement, 9) != 0;
            if (grant->licensed)
                grant->account_id = statement_guid(&statement, 17);
            grant->profile_row = statement_integer(&statement, 10);
            if (grant->profile_row != 0) {
                grant->is_current = token.id == statement_integer(&statement, 13);
                note_revocation(&grant->token, statement_integer(&statement, 18), command->now);
                note_replacement(&grant->token, statement_integer(&statement, 13), command->now);
                grant->profile_id = statement_guid(&statement, 11);
                grant->profile_name = row_copy_text(&statement, 12, command->arena);
                grant->name_template = row_copy_text(&statement, 14, command->arena);
                grant->enrollment_mode = statement_integer(&statement, 15);
                grant->set = (enum profile_set)statement_integer(&statement, 16);
            }
        }
    }
    return statement_close(&statement);
}

static enum enroll_refusal judge(const struct grant *grant, instant now) {
    static const enum enroll_refusal of_state[] = {
        [TOKEN_STATE_ACTIVE] = ENROLL_ACCEPTED,
        [TOKEN_STATE_REPLACED] = ENROLL_TOKEN_REPLACED,
        [TOKEN_STATE_REVOKED] = ENROLL_TOKEN_REVOKED,
        [TOKEN_STATE_EXPIRED] = ENROLL_TOKEN_EXPIRED,
    };
    if (grant->token.id == 0)
        return ENROLL_TOKEN_UNKNOWN;
    enum enroll_refusal refusal = of_state[token_state_at(&grant->token, now)];
    if (refusal != ENROLL_ACCEPTED)
        return refusal;
    if (grant->profile_row == 0)
        return ENROLL_PROFILE_DELETED;
    return grant->licensed ? ENROLL_ACCEPTED : ENROLL_TENANT_UNLICENSED;
}

static bool find_device(struct command_runner *runner, const struct store_command *command,
                        int64_t tenant_row, struct known_device *known) {
    struct device_identity identity = device_identify(&command->device_enroll.description);
    const char kind = (char)identity.kind;
    *known = (struct known_device){0};
    struct statement statement = statement_open(&runner->database, STATEMENT_DEVICE_BY_IDENTITY);
    statement_bind_integer(&statement, tenant_row);
    statement_bind_text(&statement, (struct slice){&kind, 1});
    statement_bind_text(&statement, identity.value);
    if (statement_next(&statement)) {
        known->row = statement_integer(&statement, 0);
        known->id = statement_guid(&statement, 1);
        known->token_id = statement_integer(&statement, 2);
        known->profile_row = statement_integer(&statement, 3);
        known->name = row_copy_text(&statement, 4, command->arena);
        known->enrolled = statement_integer(&statement, 5);
    }
    return statement_close(&statement);
}

/* The columns that enrollment sets, in the order that INSERT and UPDATE share. */
static void bind_enrollment(struct statement *statement, const struct store_command *command,
                            const struct grant *grant, struct slice name) {
    const struct device_description *description = &command->device_enroll.description;
    statement_bind_bytes(statement, command->device_enroll.credential_nonce,
                         DEVICE_CREDENTIAL_NONCE_SIZE);
    statement_bind_integer(statement, grant->profile_row);
    statement_bind_integer(statement, grant->token.id);
    statement_bind_integer(statement, command->now);
    statement_bind_guid(statement, &grant->profile_id);
    statement_bind_text(statement, grant->profile_name);
    statement_bind_text(statement, description->serial_number);
    statement_bind_text(statement, description->imei);
    statement_bind_text(statement, description->android_id);
    statement_bind_text(statement, description->manufacturer);
    statement_bind_text(statement, description->model);
    statement_bind_text(statement, description->os_version);
    statement_bind_integer(statement, DEVICE_ENROLLED);
    statement_bind_text(statement, name);
}

static bool insert_device(struct command_runner *runner, const struct store_command *command,
                          const struct grant *grant, struct known_device *device) {
    struct device_identity identity = device_identify(&command->device_enroll.description);
    const char kind = (char)identity.kind;
    struct statement statement = statement_open(&runner->database, STATEMENT_DEVICE_INSERT);
    bind_enrollment(&statement, command, grant, device->name);
    statement_bind_integer(&statement, grant->tenant_row);
    statement_bind_guid(&statement, &command->device_enroll.device_id);
    statement_bind_text(&statement, (struct slice){&kind, 1});
    statement_bind_text(&statement, identity.value);
    if (!statement_run(&statement))
        return false;
    device->row = sqlite3_last_insert_rowid(runner->database.connection);
    device->id = command->device_enroll.device_id;
    device->enrolled = command->now;
    return true;
}

static bool renew_device(struct command_runner *runner, const struct store_command *command,
                         const struct grant *grant, const struct known_device *device) {
    struct statement statement = statement_open(&runner->database, STATEMENT_DEVICE_RENEW);
    bind_enrollment(&statement, command, grant, device->name);
    statement_bind_integer(&statement, device->row);
    return statement_run(&statement);
}

/* A profile counts the devices that enrolled through it last. Where that stays as it is, its
 * revision still moves with the token's count, which clients see as well. */
static bool count_in_profiles(struct command_runner *runner, const struct grant *grant,
                              int64_t profile_before, bool counts) {
    int64_t enrollments = counts && grant->is_current ? 1 : 0;
    if (profile_before == grant->profile_row)
        return !counts || profile_state_count(runner, grant->profile_row, 0, enrollments);
    return (profile_before == 0 || profile_state_count(runner, profile_before, -1, 0)) &&
           profile_state_count(runner, grant->profile_row, 1, enrollments);
}

static bool count_enrollment(struct command_runner *runner, int64_t token_id) {
    struct statement statement =
        statement_open(&runner->database, STATEMENT_TOKEN_COUNT_ENROLLMENT);
    statement_bind_integer(&statement, token_id);
    return statement_run(&statement);
}

/* What reading the row back would give; a join of three tables for each enrollment is dear. */
static void fill_in_result(struct store_command *command, const struct grant *grant,
                           const struct known_device *device) {
    const struct device_description *description = &command->device_enroll.description;
    command->device_enroll.result = (struct device){
        .row = device->row,
        .id = device->id,
        .account_id = grant->account_id,
        .description = *description,
        .name = device->name.data != NULL ? device->name : device_identify(description).value,
        .state = DEVICE_ENROLLED,
        .profile_id = grant->profile_id,
        .profile_name = grant->profile_name,
        .enrolled = device->enrolled,
        .last_sync = command->now,
    };
}

static bool refuse(struct command_runner *runner, const struct store_command *command,
                   const struct grant *grant) {
    struct json_writer details = json_writer_make(&runner->details);
    json_open_object(&details);
    json_write_name(&details, "reason");
    json_write_string(&details, refusal_names[command->device_enroll.refusal]);
    json_close_object(&details);
    const struct audit_event event = {
        .activity = AUDIT_DEVICE_REFUSED,
        .refused = true,
        .tenant_row = grant->tenant_row,
        .target = grant->profile_id,
        .target_set = grant->set,
        .target_name = grant->profile_name,
        .actor_subject = device_identify(&command->device_enroll.description).value,
    };
    return audit_event_write(runner, command, &event);
}

/* NULL pointer: what identifies the device is its name. */
static struct slice make_name(const struct store_command *command, const struct grant *grant) {
    if (grant->name_template.data == NULL)
        return (struct slice){0};
    struct device_name_facts facts = {
        .serial = device_identify(&command->device_enroll.description).value,
        .enrolled = command->now,
        .device_type = device_owner_device_type(grant->enrollment_mode),
    };
    memcpy(facts.random, command->device_enroll.name_random, sizeof facts.random);
    struct slice name = device_name_make(grant->name_template, &facts, command->arena);
    return name.length > 0 ? name : (struct slice){0};
}

static bool accept(struct command_runner *runner, struct store_command *command,
                   const struct grant *grant, const struct known_device *known) {
    struct known_device device = *known;
    bool is_new = known->row == 0;
    bool counts = is_new || known->token_id != grant->token.id;
    command->device_enroll.is_new = is_new;
    /* A device that only renews its credential keeps its name. */
    if (counts)
        device.name = make_name(command, grant);
    if (!(is_new ? insert_device(runner, command, grant, &device)
                 : renew_device(runner, command, grant, &device)) ||
        !count_in_profiles(runner, grant, known->profile_row, counts) ||
        (counts && !grant->is_current && !count_enrollment(runner, grant->token.id)))
        return false;
    fill_in_result(command, grant, &device);
    struct slice identity = device_identify(&command->device_enroll.description).value;
    const struct audit_event event = {
        .activity = AUDIT_DEVICE_ENROLLED,
        .tenant_row = grant->tenant_row,
        .target = device.id,
        .target_name = identity,
        .actor_subject = identity,
    };
    return audit_event_write(runner, command, &event);
}

/* A device that comes again with the token it came with last renews its credential and does not
 * count once more, so it is not held back by a limit that is reached. */
bool command_device_enroll(struct command_runner *runner, struct store_command *command) {
    struct grant grant;
    struct known_device known = {0};
    if (!find_grant(runner, command, &grant))
        return false;
    enum enroll_refusal refusal = judge(&grant, command->now);
    if (refusal == ENROLL_ACCEPTED) {
        if (!find_device(runner, command, grant.tenant_row, &known))
            return false;
        bool counts = known.row == 0 || known.token_id != grant.token.id;
        if (counts && grant.token.max_enrollments > 0 &&
            grant.token.enrollments >= grant.token.max_enrollments)
            refusal = ENROLL_TOKEN_USED_UP;
    }
    command->device_enroll.refusal = refusal;
    return refusal == ENROLL_ACCEPTED ? accept(runner, command, &grant, &known)
                                      : refuse(runner, command, &grant);
}
