#include "service/tenants.h"

struct tenant_work {
    const struct service_call *call;
    service_done *done;
    tenants_got *got;
};

static struct tenant_work *make_work(const struct service_call *call) {
    struct tenant_work *work = arena_allocate_zeroed(call->arena, sizeof *work);
    work->call = call;
    return work;
}

static void admit_known(struct store_query *query) {
    struct tenant_work *work = query->context;
    struct error error = query->error;
    if (error.code == ERROR_NOT_FOUND)
        error = error_make(ERROR_FORBIDDEN, "The tenant is not known to this server. Its operator "
                                            "adds it with: muster tenant add.");
    else if (!error_is_set(&error) && !query->tenant_get.result.licensed)
        error = error_make(ERROR_FORBIDDEN, "The tenant has no active Intune licence.");
    work->done(work->call->context, &error);
}

void tenants_admit(struct service *service, const struct service_call *call, service_done *done) {
    struct tenant_work *work = make_work(call);
    work->done = done;
    struct store_query *query = service_make_query(call, STORE_TENANT_GET);
    query->context = work;
    query->complete = admit_known;
    service->store->query(service->store, query);
}

static void added(struct store_command *command) {
    struct tenant_work *work = command->context;
    work->got(work->call->context, &command->error, &command->tenant_add.result,
              error_is_set(&command->error) ? 0 : 1);
}

void tenants_add(struct service *service, const struct service_call *call, struct slice name,
                 bool licensed, tenants_got *done) {
    if (name.length > TENANT_NAME_BYTES_AT_MOST) {
        struct error error =
            error_make_for(ERROR_INVALID, "displayName",
                           "The property 'displayName' may have at most %d bytes; %zu were given.",
                           TENANT_NAME_BYTES_AT_MOST, name.length);
        done(call->context, &error, NULL, 0);
        return;
    }
    struct tenant_work *work = make_work(call);
    work->got = done;
    struct store_command *command = service_make_command(call, STORE_TENANT_ADD);
    command->context = work;
    command->complete = added;
    command->tenant_add.name = name;
    command->tenant_add.licensed = licensed;
    service->store->submit(service->store, command);
}

static void licensed_set(struct store_command *command) {
    struct tenant_work *work = command->context;
    work->done(work->call->context, &command->error);
}

void tenants_set_licensed(struct service *service, const struct service_call *call, bool licensed,
                          service_done *done) {
    struct tenant_work *work = make_work(call);
    work->done = done;
    struct store_command *command = service_make_command(call, STORE_TENANT_SET_LICENSED);
    command->context = work;
    command->complete = licensed_set;
    command->tenant_set_licensed.licensed = licensed;
    service->store->submit(service->store, command);
}

static void listed(struct store_query *query) {
    struct tenant_work *work = query->context;
    work->got(work->call->context, &query->error, query->tenant_list.results,
              query->tenant_list.count);
}

void tenants_list(struct service *service, const struct service_call *call, tenants_got *done) {
    struct tenant_work *work = make_work(call);
    work->got = done;
    struct store_query *query = service_make_query(call, STORE_TENANT_LIST);
    query->context = work;
    query->complete = listed;
    service->store->query(service->store, query);
}
