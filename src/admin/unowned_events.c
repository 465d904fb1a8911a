#include "admin/unowned_events.h"

#include <inttypes.h>

#include "base/json_writer.h"
#include "domain/audit.h"
#include "message/reply.h"
#include "service/audit.h"

#define PATH "/unowned-events"
#define PAGE_SIZE 100

static void write_event(struct json_writer *writer, const struct audit_record *record) {
    json_open_object(writer);
    struct guid id = audit_id_make(record->row);
    json_write_name(writer, "id");
    json_write_guid(writer, &id);
    json_write_name(writer, "activityDateTime");
    json_write_instant(writer, record->at);
    json_write_name(writer, "activityResult");
    json_write_string(writer, record->refused ? "Failure" : "Success");
    json_write_name(writer, "ipAddress");
    json_write_text(writer, record->actor.address);
    json_write_name(writer, "device");
    json_write_optional_text(writer, record->actor.kind == AUDIT_ACTOR_DEVICE
                                         ? record->actor.subject
                                         : (struct slice){0});
    json_write_name(writer, "correlationId");
    json_write_guid(writer, &record->actor.correlation);
    json_write_name(writer, "details");
    if (record->details.length == 0)
        json_write_null(writer);
    else
        json_write_raw(writer, record->details);
    json_close_object(writer);
}

static void answer(void *context, const struct error *error, const struct audit_page *page) {
    struct admin_call *call = context;
    struct exchange *exchange = call->exchange;
    if (error_is_set(error)) {
        reply_error(exchange, error);
        return;
    }
    reply_set_json(exchange, 200);
    struct json_writer writer = json_writer_make(&exchange->response.body);
    json_open_object(&writer);
    json_write_name(&writer, "value");
    json_open_array(&writer);
    for (size_t i = 0; i < page->count; i++)
        write_event(&writer, &page->records[i]);
    json_close_array(&writer);
    if (page->end->has_more) {
        json_write_name(&writer, "@odata.nextLink");
        json_write_text(
            &writer, arena_format(&exchange->arena, "http://%.*s" PATH "?before=%" PRId64,
                                  SLICE_PRINTF(exchange->request.host), page->end->position.row));
    }
    json_close_object(&writer);
    exchange_finish(exchange);
}

static struct error read_before(struct slice query, uint64_t *before) {
    static const struct slice name = {"before=", sizeof "before=" - 1};
    *before = 0;
    if (query.length == 0 ||
        (slice_starts_with(query, name) &&
         slice_parse_unsigned(slice_skip(query, name.length), AUDIT_ROW_LAST, before)))
        return error_none();
    return error_make_for(ERROR_INVALID, "before",
                          "The only option is 'before', a whole number from 1 to %" PRId64
                          ", as an @odata.nextLink has it.",
                          AUDIT_ROW_LAST);
}

void unowned_events_list(struct admin_call *call) {
    uint64_t before = 0;
    struct error error = read_before(call->exchange->request.query, &before);
    if (error_is_set(&error)) {
        reply_error(call->exchange, &error);
        return;
    }
    struct listing *listing = arena_allocate_zeroed(&call->exchange->arena, sizeof *listing);
    listing->limit = PAGE_SIZE;
    listing->has_after = before != 0;
    listing->after.row = (int64_t)before;
    call->service_call.tenant = (struct guid){0};
    audit_list(call->service, &call->service_call, listing, answer);
}
