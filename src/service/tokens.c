#include "service/tokens.h"

struct token_work {
    const struct service_call *call;
    profiles_got *got;
    service_done *done;
};

static void created(struct store_command *command) {
    struct token_work *work = command->context;
    bool has_profile = !error_is_set(&command->error) && command->token_create.wants_result;
    work->got(work->call->context, &command->error,
              has_profile ? &command->token_create.result : NULL);
}

void tokens_create(struct service *service, const struct service_call *call, enum profile_set set,
                   const struct guid *profile_id, const struct tokens_create_options *options,
                   profiles_got *done) {
    struct error error = token_validity_check(options->validity_seconds);
    if (error_is_set(&error)) {
        done(call->context, &error, NULL);
        return;
    }
    struct token_work *work = arena_allocate_zeroed(call->arena, sizeof *work);
    work->call = call;
    work->got = done;
    struct store_command *command = service_make_command(call, STORE_TOKEN_CREATE);
    command->context = work;
    command->complete = created;
    command->token_create.set = set;
    command->token_create.profile_id = *profile_id;
    random_fill(service->random, command->token_create.nonce, TOKEN_NONCE_SIZE);
    command->token_create.validity_seconds = (int32_t)options->validity_seconds;
    command->token_create.max_enrollments = options->max_enrollments;
    command->token_create.overlap_seconds = service->token_overlap_seconds;
    command->token_create.wants_result = options->wants_profile;
    service->store->submit(service->store, command);
}

static void revoked(struct store_command *command) {
    struct token_work *work = command->context;
    work->done(work->call->context, &command->error);
}

void tokens_revoke(struct service *service, const struct service_call *call, enum profile_set set,
                   const struct guid *profile_id, service_done *done) {
    struct token_work *work = arena_allocate_zeroed(call->arena, sizeof *work);
    work->call = call;
    work->done = done;
    struct store_command *command = service_make_command(call, STORE_TOKEN_REVOKE);
    command->context = work;
    command->complete = revoked;
    command->token_revoke.set = set;
    command->token_revoke.profile_id = *profile_id;
    service->store->submit(service->store, command);
}

const char *tokens_live_value(const struct service *service, const struct profile *profile,
                              instant now, char text[static AUTHORITY_TEXT_SIZE]) {
    if (!token_is_live_at(&profile->token, now))
        return NULL;
    return service->authority->format_token(service->authority, profile->token.id,
                                            profile->token.nonce, text);
}
