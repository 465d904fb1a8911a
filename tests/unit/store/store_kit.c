#include "store_kit.h"

#include <stdlib.h>

#include "base/memory.h"

/* 2024-07-07T00:00:00Z */
#define KIT_START INT64_C(638559072000000000)

const struct listing kit_first_ten = {.limit = 10};

static void deliver(struct store_completions *completions, size_t loop,
                    struct store_command *first) {
    struct kit_loop *to = &((struct kit *)(void *)completions)->loops[loop];
    struct store_command *last = first;
    while (last->next != NULL)
        last = last->next;
    (void)pthread_mutex_lock(&to->mutex);
    if (to->first == NULL)
        to->first = first;
    else
        to->last->next = first;
    to->last = last;
    (void)pthread_cond_signal(&to->has_done);
    (void)pthread_mutex_unlock(&to->mutex);
}

void kit_submit(struct kit *kit, struct store_command *command) {
    kit->store->submit(kit->store, command);
}

void kit_take(struct kit *kit, size_t loop, size_t count) {
    struct kit_loop *from = &kit->loops[loop];
    while (count > 0) {
        (void)pthread_mutex_lock(&from->mutex);
        while (from->first == NULL)
            (void)pthread_cond_wait(&from->has_done, &from->mutex);
        struct store_command *command = from->first;
        from->first = NULL;
        (void)pthread_mutex_unlock(&from->mutex);
        while (command != NULL) {
            struct store_command *next = command->next;
            command->complete(command);
            command = next;
            count--;
        }
    }
}

static void ignore_completion(struct store_command *command) {
    (void)command;
}

struct error kit_run(struct kit *kit, struct store_command *command) {
    kit_submit(kit, command);
    kit_take(kit, command->loop, 1);
    return command->error;
}

static void ignore_answer(struct store_query *query) {
    query->context = query;
}

struct error kit_ask(struct kit *kit, struct store_query *query) {
    query->complete = ignore_answer;
    kit->store->query(kit->store, query);
    return query->error;
}

int kit_set_up(void **state) {
    struct kit *kit = memory_allocate_zeroed(1, sizeof *kit);
    kit->completions.deliver = deliver;
    kit->engine = *state;
    for (size_t i = 0; i < KIT_LOOPS; i++) {
        (void)pthread_mutex_init(&kit->loops[i].mutex, NULL);
        (void)pthread_cond_init(&kit->loops[i].has_done, NULL);
    }
    kit->now = KIT_START;
    kit->set = PROFILE_SET_ANDROID_FOR_WORK;
    kit->tenant = kit_make_guid(kit);
    kit->engine->make_empty(kit->engine);
    kit_open(kit);
    kit_add_tenant(kit, &kit->tenant, true);
    *state = kit;
    return 0;
}

int kit_tear_down(void **state) {
    struct kit *kit = *state;
    kit_close(kit);
    for (size_t i = 0; i < KIT_LOOPS; i++) {
        (void)pthread_cond_destroy(&kit->loops[i].has_done);
        (void)pthread_mutex_destroy(&kit->loops[i].mutex);
    }
    arena_free(&kit->arena);
    free(kit);
    return 0;
}

void kit_open(struct kit *kit) {
    assert_ok(kit->engine->open(kit->engine, KIT_LOOPS, &kit->completions, &kit->store));
}

void kit_close(struct kit *kit) {
    if (kit->store != NULL)
        kit->store->close(kit->store);
    kit->store = NULL;
}

struct guid kit_make_guid(struct kit *kit) {
    struct guid guid = {{0}};
    kit->next_number++;
    memcpy(guid.bytes, &kit->next_number, sizeof kit->next_number);
    guid.bytes[15] = 0xEE;
    return guid;
}

static void make_nonce(struct kit *kit, uint8_t nonce[static 8]) {
    struct guid guid = kit_make_guid(kit);
    memcpy(nonce, guid.bytes, 8);
    nonce[7] = 0xAA;
}

struct store_command kit_command(struct kit *kit, enum store_command_kind kind) {
    return (struct store_command){
        .kind = kind,
        .complete = ignore_completion,
        .arena = &kit->arena,
        .now = kit->now,
        .actor = {.kind = AUDIT_ACTOR_USER, .name = SLICE("admin@contoso.example")},
        .tenant = kit->tenant,
    };
}

struct store_query kit_query(struct kit *kit, enum store_query_kind kind) {
    return (struct store_query){.kind = kind, .arena = &kit->arena, .tenant = kit->tenant};
}

void kit_add_tenant(struct kit *kit, const struct guid *account_id, bool licensed) {
    struct store_command command = kit_command(kit, STORE_TENANT_ADD);
    command.tenant = *account_id;
    command.tenant_add.name = SLICE("Contoso");
    command.tenant_add.licensed = licensed;
    assert_ok(kit_run(kit, &command));
}

struct profile kit_create_profile(struct kit *kit, const char *name) {
    struct store_command command = kit_command(kit, STORE_PROFILE_CREATE);
    command.profile_create.set = kit->set;
    command.profile_create.id = kit_make_guid(kit);
    command.profile_create.changes.has_display_name = true;
    command.profile_create.changes.display_name = slice_from_string(name);
    assert_ok(kit_run(kit, &command));
    return command.profile_create.result;
}

struct profile kit_get_profile(struct kit *kit, const struct guid *id) {
    struct store_query query = kit_query(kit, STORE_PROFILE_GET);
    query.profile_get.set = kit->set;
    query.profile_get.id = *id;
    assert_ok(kit_ask(kit, &query));
    return query.profile_get.result;
}

static struct token create_token(struct kit *kit, const struct profile *profile,
                                 struct store_command *command) {
    command->token_create.set = profile->set;
    command->token_create.profile_id = profile->id;
    make_nonce(kit, command->token_create.nonce);
    command->token_create.wants_result = true;
    assert_ok(kit_run(kit, command));
    return command->token_create.result.token;
}

struct token kit_create_token(struct kit *kit, const struct profile *profile,
                              int32_t validity_seconds, int32_t overlap_seconds) {
    struct store_command command = kit_command(kit, STORE_TOKEN_CREATE);
    command.token_create.validity_seconds = validity_seconds;
    command.token_create.overlap_seconds = overlap_seconds;
    return create_token(kit, profile, &command);
}

struct token kit_create_limited_token(struct kit *kit, const struct profile *profile,
                                      int64_t max_enrollments) {
    struct store_command command = kit_command(kit, STORE_TOKEN_CREATE);
    command.token_create.validity_seconds = 3600;
    command.token_create.max_enrollments = max_enrollments;
    return create_token(kit, profile, &command);
}

void kit_revoke(struct kit *kit, const struct profile *profile) {
    struct store_command command = kit_command(kit, STORE_TOKEN_REVOKE);
    command.token_revoke.set = profile->set;
    command.token_revoke.profile_id = profile->id;
    assert_ok(kit_run(kit, &command));
}

struct device kit_get_device(struct kit *kit, const struct guid *id) {
    struct store_query query = kit_query(kit, STORE_DEVICE_GET);
    query.device_get.id = *id;
    assert_ok(kit_ask(kit, &query));
    return query.device_get.result;
}

struct store_command kit_enroll(struct kit *kit, const struct token *token, const char *serial) {
    struct store_command command = kit_command(kit, STORE_DEVICE_ENROLL);
    command.tenant = (struct guid){{0}};
    command.actor.kind = AUDIT_ACTOR_DEVICE;
    command.device_enroll.token_id = token->id;
    memcpy(command.device_enroll.token_nonce, token->nonce, TOKEN_NONCE_SIZE);
    command.device_enroll.device_id = kit_make_guid(kit);
    make_nonce(kit, command.device_enroll.credential_nonce);
    command.device_enroll.description.serial_number = slice_from_string(serial);
    assert_ok(kit_run(kit, &command));
    return command;
}

enum enroll_refusal kit_redeem(struct kit *kit, const struct token *token, const char *serial) {
    struct store_command command = kit_enroll(kit, token, serial);
    return command.device_enroll.refusal;
}

bool kit_is_credential_live(struct kit *kit, const struct store_command *enrollment) {
    struct store_query query = kit_query(kit, STORE_DEVICE_GET_BY_CREDENTIAL);
    query.device_get_by_credential.device_row = enrollment->device_enroll.result.row;
    memcpy(query.device_get_by_credential.credential_nonce,
           enrollment->device_enroll.credential_nonce, DEVICE_CREDENTIAL_NONCE_SIZE);
    struct error error = kit_ask(kit, &query);
    if (error_is_set(&error))
        assert_int_equal(error.code, ERROR_UNAUTHENTICATED);
    return !error_is_set(&error);
}
