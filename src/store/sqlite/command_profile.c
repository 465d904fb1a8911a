#include "base/json_writer.h"
#include "store/sqlite/audit_event.h"
#include "store/sqlite/columns.h"
#include "store/sqlite/command.h"
#include "store/sqlite/row.h"

/* The profile that a command names, with what a client may write of it, as it is before the change;
 * in the command's arena. */
struct found_profile {
    struct command_target target;
    struct profile profile;
    struct revision revision;
};

static bool find(struct command_runner *runner, const struct store_command *command,
                 const struct guid *id, enum profile_set set, struct found_profile *found) {
    *found = (struct found_profile){.profile = profile_make(set)};
    struct statement statement = statement_open(&runner->database, STATEMENT_PROFILE_FIND);
    statement_bind_guid(&statement, &command->tenant);
    statement_bind_guid(&statement, id);
    statement_bind_integer(&statement, set);
    found->target = command_read_target(&statement);
    if (found->target.row != 0) {
        found->profile.display_name = row_copy_text(&statement, 3, command->arena);
        found->profile.description = row_copy_text(&statement, 4, command->arena);
        found->profile.provisioning = row_copy_text(&statement, 5, command->arena);
        found->revision = command_read_revision(&statement, 6);
        if (set == PROFILE_SET_ANDROID_DEVICE_OWNER)
            row_read_owner(&statement, 8, command->arena, &found->profile.owner);
    }
    return statement_close(&statement);
}

static bool read_back(struct command_runner *runner, const struct store_command *command,
                      int64_t row, struct profile *profile) {
    struct statement statement = statement_open(&runner->database, STATEMENT_PROFILE_BY_ROW);
    statement_bind_integer(&statement, row);
    if (statement_next(&statement))
        row_read_profile(&statement, command->arena, profile);
    return statement_close(&statement);
}

static bool is_same(struct slice a, struct slice b) {
    if (a.data == NULL || b.data == NULL)
        return a.data == b.data;
    return slice_equals(a, b);
}

/* One of Graph's modifiedProperties. */
static void write_change(struct json_writer *details, const char *name, struct slice old_value,
                         struct slice new_value) {
    json_open_object(details);
    json_write_name(details, "displayName");
    json_write_string(details, name);
    json_write_name(details, "oldValue");
    json_write_optional_text(details, old_value);
    json_write_name(details, "newValue");
    json_write_optional_text(details, new_value);
    json_close_object(details);
}

static void tell_change(struct json_writer *details, const char *name, struct slice old_value,
                        struct slice new_value) {
    if (!is_same(old_value, new_value))
        write_change(details, name, old_value, new_value);
}

/* Provisioning settings may hold a Wi-Fi password: the audit says that they changed, not to what.
 */
static struct slice without_secrets(struct slice provisioning) {
    return provisioning.data == NULL ? provisioning : SLICE("(set)");
}

static void tell_owner_changes(struct json_writer *details,
                               const struct device_owner_settings *before,
                               const struct device_owner_settings *after) {
    for (int i = 0; i < DEVICE_OWNER_MEMBER_COUNT; i++) {
        enum device_owner_member member = (enum device_owner_member)i;
        const char *name = device_owner_member_name(member);
        if (device_owner_is_same(member, before, after))
            continue;
        if (device_owner_member_is_secret(member))
            write_change(details, name, (struct slice){0}, (struct slice){0});
        else
            tell_change(details, name, device_owner_describe(member, before),
                        device_owner_describe(member, after));
    }
}

static void tell_changes(struct command_runner *runner, const struct profile *before,
                         const struct profile *after) {
    struct json_writer details = json_writer_make(&runner->details);
    json_open_array(&details);
    tell_change(&details, "displayName", before->display_name, after->display_name);
    tell_change(&details, "description", before->description, after->description);
    if (!is_same(before->provisioning, after->provisioning))
        write_change(&details, "@muster.provisioning", without_secrets(before->provisioning),
                     without_secrets(after->provisioning));
    if (after->set == PROFILE_SET_ANDROID_DEVICE_OWNER)
        tell_owner_changes(&details, &before->owner, &after->owner);
    json_close_array(&details);
}

/* Whether the profile may become so; else the command's error says why not. */
static bool obeys(struct store_command *command, const struct store_profile_rule *rule,
                  const struct profile *after) {
    if (rule->check != NULL)
        command->error = rule->check(rule->context, after, command->arena);
    return !error_is_set(&command->error);
}

static void bind_owner(struct statement *statement, const struct profile *profile) {
    for (int i = 0; i < DEVICE_OWNER_MEMBER_COUNT; i++) {
        const union device_owner_value *value = &profile->owner.values[i];
        enum device_owner_kind kind = device_owner_member_kind((enum device_owner_member)i);
        if (profile->set != PROFILE_SET_ANDROID_DEVICE_OWNER)
            statement_bind_null(statement);
        else if (kind == DEVICE_OWNER_TEXT || kind == DEVICE_OWNER_TEXTS)
            statement_bind_text(statement, value->text);
        else
            statement_bind_integer(statement, value->number);
    }
}

/* A number within the tenant that was never given before, and the row that it makes. */
static bool make_row(struct command_runner *runner, int64_t tenant_row, enum profile_set set,
                     int64_t *row) {
    int64_t number = 0;
    struct statement statement = statement_open(&runner->database, STATEMENT_PROFILE_NUMBER);
    statement_bind_integer(&statement, tenant_row);
    if (statement_next(&statement))
        number = statement_integer(&statement, 0);
    *row =
        (tenant_row << PROFILE_ROW_TENANT_SHIFT) + ((int64_t)set << PROFILE_ROW_SET_SHIFT) + number;
    return statement_close(&statement);
}

static bool insert(struct command_runner *runner, const struct store_command *command, int64_t row,
                   int64_t tenant_row, const struct profile *profile) {
    struct statement statement = statement_open(&runner->database, STATEMENT_PROFILE_INSERT);
    statement_bind_integer(&statement, row);
    statement_bind_integer(&statement, tenant_row);
    statement_bind_integer(&statement, command->profile_create.set);
    statement_bind_guid(&statement, &command->profile_create.id);
    statement_bind_text(&statement, profile->display_name);
    statement_bind_integer(&statement, command->now);
    statement_bind_text(&statement, profile->description);
    statement_bind_text(&statement, profile->provisioning);
    bind_owner(&statement, profile);
    return statement_run(&statement);
}

static bool update(struct command_runner *runner, int64_t row, const struct profile *profile) {
    struct statement statement = statement_open(&runner->database, STATEMENT_PROFILE_UPDATE);
    statement_bind_text(&statement, profile->display_name);
    statement_bind_text(&statement, profile->description);
    statement_bind_text(&statement, profile->provisioning);
    bind_owner(&statement, profile);
    statement_bind_integer(&statement, row);
    return statement_run(&statement);
}

bool command_profile_create(struct command_runner *runner, struct store_command *command) {
    const struct profile_changes *changes = &command->profile_create.changes;
    struct found_profile found;
    if (!find(runner, command, &command->profile_create.id, command->profile_create.set, &found))
        return false;
    bool is_taken = found.target.row != 0;
    found.target.row = INT64_MAX;
    if (!command_admit(command, &found.target, "profile"))
        return true;
    if (is_taken) {
        command->error = error_make(ERROR_CONFLICT, "The profile is there already.");
        return true;
    }
    struct profile after = found.profile;
    profile_apply_changes(&after, changes);
    if (!obeys(command, &command->profile_create.rule, &after))
        return true;
    int64_t row = 0;
    if (!make_row(runner, found.target.tenant_row, after.set, &row) ||
        !insert(runner, command, row, found.target.tenant_row, &after) ||
        !profile_state_insert(runner, row, command->now) ||
        !read_back(runner, command, row, &command->profile_create.result))
        return false;
    tell_changes(runner, &found.profile, &after);
    const struct audit_event event = {
        .activity = AUDIT_PROFILE_CREATED,
        .tenant_row = found.target.tenant_row,
        .target = command->profile_create.id,
        .target_set = command->profile_create.set,
        .target_name = after.display_name,
    };
    return audit_event_write(runner, command, &event);
}

bool command_profile_update(struct command_runner *runner, struct store_command *command) {
    const struct profile_changes *changes = &command->profile_update.changes;
    struct found_profile found;
    if (!find(runner, command, &command->profile_update.id, command->profile_update.set, &found))
        return false;
    if (!command_admit(command, &found.target, "profile") ||
        !command_check_revision(command, &found.revision))
        return true;
    struct profile after = found.profile;
    profile_apply_changes(&after, changes);
    if (!obeys(command, &command->profile_update.rule, &after))
        return true;
    known_profiles_forget(runner->known, &command->profile_update.id);
    if (!update(runner, found.target.row, &after) ||
        !profile_state_touch(runner, found.target.row, command->now) ||
        !read_back(runner, command, found.target.row, &command->profile_update.result))
        return false;
    tell_changes(runner, &found.profile, &after);
    const struct audit_event event = {
        .activity = AUDIT_PROFILE_UPDATED,
        .tenant_row = found.target.tenant_row,
        .target = command->profile_update.id,
        .target_set = command->profile_update.set,
        .target_name = after.display_name,
    };
    return audit_event_write(runner, command, &event);
}

static bool delete_row(struct command_runner *runner, int64_t row) {
    known_profiles_forget_state(runner->known, row);
    struct statement statement = statement_open(&runner->database, STATEMENT_PROFILE_DELETE);
    statement_bind_integer(&statement, row);
    return statement_run(&statement);
}

/* The profile's tokens stay, and are refused because their profile is gone. */
bool command_profile_delete(struct command_runner *runner, struct store_command *command) {
    struct found_profile found;
    struct profile_state state;
    if (!find(runner, command, &command->profile_delete.id, command->profile_delete.set, &found))
        return false;
    if (!command_admit(command, &found.target, "profile") ||
        !command_check_revision(command, &found.revision))
        return true;
    known_profiles_forget(runner->known, &command->profile_delete.id);
    if (!profile_state_read(runner, found.target.row, &state) ||
        !command_settle_token(runner, &state) || !delete_row(runner, found.target.row))
        return false;
    const struct audit_event event = {
        .activity = AUDIT_PROFILE_DELETED,
        .tenant_row = found.target.tenant_row,
        .target = command->profile_delete.id,
        .target_set = command->profile_delete.set,
        .target_name = found.profile.display_name,
    };
    return audit_event_write(runner, command, &event);
}
