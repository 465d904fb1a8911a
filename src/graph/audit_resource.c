#include "graph/audit_resource.h"

#include "graph/audit_entity.h"
#include "graph/entity.h"
#include "service/audit.h"

static void fail(struct graph_call *call, const struct error *error) {
    graph_call_fail_entity(call, error, "audit event");
}

static void answer_event(void *context, const struct error *error,
                         const struct audit_record *record) {
    struct graph_call *call = context;
    if (error_is_set(error)) {
        fail(call, error);
        return;
    }
    struct json_writer writer = graph_call_open(call, 200);
    json_open_object(&writer);
    entity_write_context(call, &writer, AUDIT_ENTITY_SET_PATH);
    audit_entity_write(call, &writer, record);
    json_close_object(&writer);
    graph_call_finish(call);
}

static void answer_page(void *context, const struct error *error, const struct audit_page *page) {
    struct graph_call *call = context;
    if (error_is_set(error)) {
        fail(call, error);
        return;
    }
    struct json_writer writer = entity_open_page(call, AUDIT_ENTITY_SET_PATH, page->end);
    for (size_t i = 0; i < page->count; i++) {
        json_open_object(&writer);
        audit_entity_write(call, &writer, &page->records[i]);
        json_close_object(&writer);
    }
    entity_finish_page(call, &writer, AUDIT_ENTITY_SET_PATH, page->end);
}

static void answer_count(void *context, const struct error *error, const struct audit_page *page) {
    struct graph_call *call = context;
    if (error_is_set(error))
        fail(call, error);
    else
        entity_answer_count(call, page->end);
}

void audit_resource_list(struct graph_call *call) {
    audit_list(call->service, &call->service_call, &call->options.listing, answer_page);
}

void audit_resource_count(struct graph_call *call) {
    audit_list(call->service, &call->service_call, &call->options.listing, answer_count);
}

void audit_resource_get(struct graph_call *call) {
    audit_get(call->service, &call->service_call, &call->key, answer_event);
}
