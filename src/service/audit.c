#include "service/audit.h"

struct audit_work {
    const struct service_call *call;
    audit_got *got;
    audit_listed *listed;
};

static struct store_query *make_query(const struct service_call *call, enum store_query_kind kind,
                                      struct audit_work **work) {
    struct store_query *query = service_make_query(call, kind);
    *work = arena_allocate_zeroed(call->arena, sizeof **work);
    (*work)->call = call;
    query->context = *work;
    return query;
}

static void got(struct store_query *query) {
    const struct audit_work *work = query->context;
    work->got(work->call->context, &query->error,
              error_is_set(&query->error) ? NULL : &query->audit_get.result);
}

void audit_get(struct service *service, const struct service_call *call, const struct guid *id,
               audit_got *done) {
    struct audit_work *work = NULL;
    struct store_query *query = make_query(call, STORE_AUDIT_GET, &work);
    if (!audit_id_read(id, &query->audit_get.row)) {
        struct error error = error_make(ERROR_NOT_FOUND, "There is no such audit event.");
        done(call->context, &error, NULL);
        return;
    }
    work->got = done;
    query->complete = got;
    service->store->query(service->store, query);
}

static void listed(struct store_query *query) {
    const struct audit_work *work = query->context;
    const struct audit_page page = {.records = query->audit_list.results,
                                    .count = query->audit_list.count,
                                    .end = &query->audit_list.end};
    work->listed(work->call->context, &query->error, &page);
}

void audit_list(struct service *service, const struct service_call *call,
                const struct listing *listing, audit_listed *done) {
    struct audit_work *work = NULL;
    struct store_query *query = make_query(call, STORE_AUDIT_LIST, &work);
    work->listed = done;
    query->complete = listed;
    query->audit_list.listing = listing;
    service->store->query(service->store, query);
}
