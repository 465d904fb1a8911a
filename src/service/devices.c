#include "service/devices.h"

struct device_work {
    struct service *service;
    const struct service_call *call;
    devices_enrolled *enrolled;
    devices_got *got;
    devices_listed *listed;
    service_done *done;
};

static struct device_work *make_work(struct service *service, const struct service_call *call) {
    struct device_work *work = arena_allocate_zeroed(call->arena, sizeof *work);
    work->service = service;
    work->call = call;
    return work;
}

/* One sentence for every reason: whether a token exists is nobody's business. */
static struct error token_not_accepted(void) {
    return error_make_for(ERROR_FORBIDDEN, "enrollmentToken",
                          "The enrollment token is not accepted. Ask your administrator for a new "
                          "one.");
}

static struct error credential_not_accepted(void) {
    return error_make(ERROR_UNAUTHENTICATED,
                      "The device credential is not accepted. Enroll the device again.");
}

static void enrolled(struct store_command *command) {
    const struct device_work *work = command->context;
    if (error_is_set(&command->error)) {
        work->enrolled(work->call->context, &command->error, NULL);
        return;
    }
    if (command->device_enroll.refusal != ENROLL_ACCEPTED) {
        struct error refused = token_not_accepted();
        work->enrolled(work->call->context, &refused, NULL);
        return;
    }
    char text[AUTHORITY_TEXT_SIZE];
    const struct authority *authority = work->service->authority;
    struct devices_enrollment enrollment = {
        .device = &command->device_enroll.result,
        .credential = authority->format_credential(authority, command->device_enroll.result.row,
                                                   command->device_enroll.credential_nonce, text),
        .is_new = command->device_enroll.is_new,
    };
    work->enrolled(work->call->context, &command->error, &enrollment);
}

void devices_enroll(struct service *service, const struct service_call *call, struct slice token,
                    const struct device_description *description, devices_enrolled *done) {
    struct error error = device_description_check(description);
    if (error_is_set(&error)) {
        done(call->context, &error, NULL);
        return;
    }
    struct device_work *work = make_work(service, call);
    work->enrolled = done;
    struct store_command *command = service_make_command(call, STORE_DEVICE_ENROLL);
    command->context = work;
    command->complete = enrolled;
    command->actor.kind = AUDIT_ACTOR_DEVICE;
    command->actor.subject = device_identify(description).value;
    /* A text that nobody minted names token 0, which no store has: it is refused, and audited, in
     * the same way and in about the same time as one that was minted. */
    if (!service->authority->parse_token(service->authority, token,
                                         &command->device_enroll.token_id,
                                         command->device_enroll.token_nonce))
        command->device_enroll.token_id = 0;
    command->device_enroll.device_id = guid_make_ordered(service->random, call->now);
    random_fill(service->random, command->device_enroll.credential_nonce,
                DEVICE_CREDENTIAL_NONCE_SIZE);
    command->device_enroll.description = *description;
    random_fill(service->random, command->device_enroll.name_random,
                sizeof command->device_enroll.name_random);
    service->store->submit(service->store, command);
}

static void give(const struct device_work *work, const struct error *error,
                 const struct device *device) {
    if (error->code == ERROR_UNAUTHENTICATED) {
        struct error refused = credential_not_accepted();
        work->got(work->call->context, &refused, NULL);
        return;
    }
    work->got(work->call->context, error, error_is_set(error) ? NULL : device);
}

static void got_by_credential(struct store_query *query) {
    give(query->context, &query->error, &query->device_get_by_credential.result);
}

void devices_get_by_credential(struct service *service, const struct service_call *call,
                               struct slice credential, devices_got *done) {
    struct device_work *work = make_work(service, call);
    work->got = done;
    struct store_query *query = service_make_query(call, STORE_DEVICE_GET_BY_CREDENTIAL);
    query->context = work;
    query->complete = got_by_credential;
    if (!service->authority->parse_credential(service->authority, credential,
                                              &query->device_get_by_credential.device_row,
                                              query->device_get_by_credential.credential_nonce)) {
        struct error refused = credential_not_accepted();
        done(call->context, &refused, NULL);
        return;
    }
    service->store->query(service->store, query);
}

static void finished(struct store_command *command) {
    const struct device_work *work = command->context;
    if (command->error.code == ERROR_UNAUTHENTICATED)
        command->error = credential_not_accepted();
    work->done(work->call->context, &command->error);
}

void devices_leave(struct service *service, const struct service_call *call,
                   struct slice credential, service_done *done) {
    struct device_work *work = make_work(service, call);
    work->done = done;
    struct store_command *command = service_make_command(call, STORE_DEVICE_LEAVE);
    command->context = work;
    command->complete = finished;
    command->actor.kind = AUDIT_ACTOR_DEVICE;
    if (!service->authority->parse_credential(service->authority, credential,
                                              &command->device_leave.device_row,
                                              command->device_leave.credential_nonce)) {
        struct error refused = credential_not_accepted();
        done(call->context, &refused);
        return;
    }
    service->store->submit(service->store, command);
}

static void got(struct store_query *query) {
    give(query->context, &query->error, &query->device_get.result);
}

void devices_get(struct service *service, const struct service_call *call, const struct guid *id,
                 devices_got *done) {
    struct device_work *work = make_work(service, call);
    work->got = done;
    struct store_query *query = service_make_query(call, STORE_DEVICE_GET);
    query->context = work;
    query->complete = got;
    query->device_get.id = *id;
    service->store->query(service->store, query);
}

static void listed(struct store_query *query) {
    const struct device_work *work = query->context;
    struct devices_page page = {.devices = query->device_list.results,
                                .count = query->device_list.count,
                                .end = &query->device_list.end};
    work->listed(work->call->context, &query->error, &page);
}

void devices_list(struct service *service, const struct service_call *call,
                  const struct listing *listing, devices_listed *done) {
    struct device_work *work = make_work(service, call);
    work->listed = done;
    struct store_query *query = service_make_query(call, STORE_DEVICE_LIST);
    query->context = work;
    query->complete = listed;
    query->device_list.listing = listing;
    service->store->query(service->store, query);
}

void devices_retire(struct service *service, const struct service_call *call, const struct guid *id,
                    service_done *done) {
    struct device_work *work = make_work(service, call);
    work->done = done;
    struct store_command *command = service_make_command(call, STORE_DEVICE_RETIRE);
    command->context = work;
    command->complete = finished;
    command->device_retire.id = *id;
    service->store->submit(service->store, command);
}

void devices_delete(struct service *service, const struct service_call *call, const struct guid *id,
                    service_done *done) {
    struct device_work *work = make_work(service, call);
    work->done = done;
    struct store_command *command = service_make_command(call, STORE_DEVICE_DELETE);
    command->context = work;
    command->complete = finished;
    command->device_delete.id = *id;
    service->store->submit(service->store, command);
}
