#include "service/profiles.h"

#include "service/codes.h"

struct profile_work {
    const struct service_call *call;
    profiles_got *got;
    profiles_listed *listed;
    service_done *done;
};

static struct profile_work *make_work(const struct service_call *call) {
    struct profile_work *work = arena_allocate_zeroed(call->arena, sizeof *work);
    work->call = call;
    return work;
}

static void give(const struct profile_work *work, const struct error *error,
                 const struct profile *profile) {
    work->got(work->call->context, error, error_is_set(error) ? NULL : profile);
}

/* What of a profile's Wi-Fi a code shows. */
#define WIFI_MEMBERS                                                                               \
    (1U << DEVICE_OWNER_CONFIGURE_WIFI | 1U << DEVICE_OWNER_WIFI_SSID |                            \
     1U << DEVICE_OWNER_WIFI_PASSWORD | 1U << DEVICE_OWNER_WIFI_SECURITY_TYPE |                    \
     1U << DEVICE_OWNER_WIFI_HIDDEN)

struct rule_context {
    const struct service *service;
    const struct profile_changes *changes;
};

/* Only what the change touches: the server's settings may have changed since the rest was written,
 * and then a new name must still be taken. */
static struct error check_whole(const void *context, const struct profile *profile,
                                struct arena *arena) {
    const struct rule_context *rule = context;
    struct error error = error_none();
    if (rule->changes->has_provisioning)
        error = codes_check_provisioning(rule->service, profile, arena);
    if (error_is_set(&error) || profile->set != PROFILE_SET_ANDROID_DEVICE_OWNER)
        return error;
    error = device_owner_settings_check(&profile->owner);
    if (error_is_set(&error))
        return error;
    bool touches_code =
        rule->changes->has_provisioning || (rule->changes->owner.given & WIFI_MEMBERS) != 0;
    return touches_code ? codes_check_wifi(rule->service, profile, arena) : error;
}

static struct store_profile_rule make_rule(const struct service *service,
                                           const struct service_call *call,
                                           const struct profile_changes *changes) {
    struct rule_context *context = arena_allocate(call->arena, sizeof *context);
    *context = (struct rule_context){.service = service, .changes = changes};
    return (struct store_profile_rule){.check = check_whole, .context = context};
}

static void created(struct store_command *command) {
    give(command->context, &command->error, &command->profile_create.result);
}

void profiles_create(struct service *service, const struct service_call *call, enum profile_set set,
                     const struct profile_changes *changes, profiles_got *done) {
    struct error error = profile_changes_check(changes, true);
    if (error_is_set(&error)) {
        done(call->context, &error, NULL);
        return;
    }
    struct profile_work *work = make_work(call);
    work->got = done;
    struct store_command *command = service_make_command(call, STORE_PROFILE_CREATE);
    command->context = work;
    command->complete = created;
    command->profile_create.set = set;
    command->profile_create.id = guid_make_ordered(service->random, call->now);
    command->profile_create.changes = *changes;
    command->profile_create.rule = make_rule(service, call, &command->profile_create.changes);
    service->store->submit(service->store, command);
}

static void updated(struct store_command *command) {
    give(command->context, &command->error, &command->profile_update.result);
}

void profiles_update(struct service *service, const struct service_call *call, enum profile_set set,
                     const struct guid *id, const struct profile_changes *changes,
                     profiles_got *done) {
    struct error error = profile_changes_check(changes, false);
    if (error_is_set(&error)) {
        done(call->context, &error, NULL);
        return;
    }
    struct profile_work *work = make_work(call);
    work->got = done;
    struct store_command *command = service_make_command(call, STORE_PROFILE_UPDATE);
    command->context = work;
    command->complete = updated;
    command->profile_update.set = set;
    command->profile_update.id = *id;
    command->profile_update.changes = *changes;
    command->profile_update.rule = make_rule(service, call, &command->profile_update.changes);
    service->store->submit(service->store, command);
}

static void deleted(struct store_command *command) {
    struct profile_work *work = command->context;
    work->done(work->call->context, &command->error);
}

void profiles_delete(struct service *service, const struct service_call *call, enum profile_set set,
                     const struct guid *id, service_done *done) {
    struct profile_work *work = make_work(call);
    work->done = done;
    struct store_command *command = service_make_command(call, STORE_PROFILE_DELETE);
    command->context = work;
    command->complete = deleted;
    command->profile_delete.set = set;
    command->profile_delete.id = *id;
    service->store->submit(service->store, command);
}

static void got(struct store_query *query) {
    give(query->context, &query->error, &query->profile_get.result);
}

void profiles_get(struct service *service, const struct service_call *call, enum profile_set set,
                  const struct guid *id, profiles_got *done) {
    struct profile_work *work = make_work(call);
    work->got = done;
    struct store_query *query = service_make_query(call, STORE_PROFILE_GET);
    query->context = work;
    query->complete = got;
    query->profile_get.set = set;
    query->profile_get.id = *id;
    service->store->query(service->store, query);
}

static void listed(struct store_query *query) {
    struct profile_work *work = query->context;
    struct profiles_page page = {.profiles = query->profile_list.results,
                                 .count = query->profile_list.count,
                                 .end = &query->profile_list.end};
    work->listed(work->call->context, &query->error, &page);
}

void profiles_list(struct service *service, const struct service_call *call, enum profile_set set,
                   const struct listing *listing, profiles_listed *done) {
    struct profile_work *work = make_work(call);
    work->listed = done;
    struct store_query *query = service_make_query(call, STORE_PROFILE_LIST);
    query->context = work;
    query->complete = listed;
    query->profile_list.set = set;
    query->profile_list.listing = listing;
    service->store->query(service->store, query);
}
