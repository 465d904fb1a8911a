#include "store/sqlite/row.h"

struct slice row_copy_text(const struct statement *statement, int column, struct arena *arena) {
    struct slice text = statement_text(statement, column);
    return text.data == NULL ? text : arena_copy(arena, text);
}

void row_read_tenant(struct statement *statement, struct arena *arena, struct tenant *tenant) {
    *tenant = (struct tenant){
        .row = statement_integer(statement, 0),
        .account_id = statement_guid(statement, 1),
        .name = row_copy_text(statement, 2, arena),
        .licensed = statement_integer(statement, 3) != 0,
        .created = statement_integer(statement, 4),
    };
}

void row_read_token(struct statement *statement, int first, struct token *token) {
    *token = (struct token){0};
    if (statement_is_null(statement, first))
        return;
    token->id = statement_integer(statement, first);
    statement_bytes(statement, first + 1, token->nonce, sizeof token->nonce);
    token->created = statement_integer(statement, first + 2);
    token->expires = statement_integer(statement, first + 3);
    token->end = (enum token_end)statement_integer(statement, first + 5);
    token->ended =
        token->end == TOKEN_NOT_ENDED ? INSTANT_NEVER : statement_integer(statement, first + 4);
    token->enrollments = statement_integer(statement, first + 6);
    token->max_enrollments = statement_integer(statement, first + 7);
}

void row_read_owner(const struct statement *statement, int first, struct arena *arena,
                    struct device_owner_settings *owner) {
    for (int i = 0; i < DEVICE_OWNER_MEMBER_COUNT; i++) {
        enum device_owner_kind kind = device_owner_member_kind((enum device_owner_member)i);
        if (kind == DEVICE_OWNER_TEXT || kind == DEVICE_OWNER_TEXTS)
            owner->values[i].text = row_copy_text(statement, first + i, arena);
        else
            owner->values[i].number = statement_integer(statement, first + i);
    }
}

void row_read_profile(struct statement *statement, struct arena *arena, struct profile *profile) {
    *profile = (struct profile){
        .row = statement_integer(statement, 0),
        .id = statement_guid(statement, 1),
        .account_id = statement_guid(statement, 2),
        .set = (enum profile_set)statement_integer(statement, 3),
        .display_name = row_copy_text(statement, 4, arena),
        .description = row_copy_text(statement, 5, arena),
        .created = statement_integer(statement, 6),
        .last_modified = statement_integer(statement, 7),
        .enrolled_device_count = statement_integer(statement, 8),
    };
    row_read_token(statement, 9, &profile->token);
    profile->provisioning = row_copy_text(statement, 17, arena);
    if (profile->set == PROFILE_SET_ANDROID_DEVICE_OWNER)
        row_read_owner(statement, 18, arena, &profile->owner);
}

void row_read_device(struct statement *statement, struct arena *arena, struct device *device) {
    *device = (struct device){
        .row = statement_integer(statement, 0),
        .id = statement_guid(statement, 1),
        .account_id = statement_guid(statement, 2),
        .description =
            {
                .serial_number = row_copy_text(statement, 3, arena),
                .imei = row_copy_text(statement, 4, arena),
                .android_id = row_copy_text(statement, 5, arena),
                .manufacturer = row_copy_text(statement, 6, arena),
                .model = row_copy_text(statement, 7, arena),
                .os_version = row_copy_text(statement, 8, arena),
            },
        .state = (enum device_state)statement_integer(statement, 9),
        .profile_id = statement_guid(statement, 10),
        .profile_name = row_copy_text(statement, 11, arena),
        .enrolled = statement_integer(statement, 12),
        .last_sync = statement_integer(statement, 13),
        .name = row_copy_text(statement, 14, arena),
    };
}

static struct guid guid_or_zero(struct statement *statement, int column) {
    return statement_is_null(statement, column) ? (struct guid){{0}}
                                                : statement_guid(statement, column);
}

void row_read_audit(struct statement *statement, struct arena *arena, struct audit_record *record) {
    *record = (struct audit_record){
        .row = statement_integer(statement, 0),
        .at = statement_integer(statement, 1),
        .activity = (enum audit_activity)statement_integer(statement, 2),
        .refused = statement_integer(statement, 3) != 0,
        .actor = {.kind = (enum audit_actor_kind)statement_integer(statement, 4),
                  .correlation = guid_or_zero(statement, 5),
                  .subject = row_copy_text(statement, 8, arena),
                  .name = row_copy_text(statement, 9, arena),
                  .application = row_copy_text(statement, 10, arena),
                  .address = row_copy_text(statement, 11, arena)},
        .target = guid_or_zero(statement, 6),
        .target_name = row_copy_text(statement, 7, arena),
        .details = row_copy_text(statement, 12, arena),
        .target_set = statement_is_null(statement, 13)
                          ? PROFILE_SET_ANDROID_FOR_WORK
                          : (enum profile_set)statement_integer(statement, 13),
    };
}
