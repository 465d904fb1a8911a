#include "admin/webhooks.h"

#include "base/json_writer.h"
#include "message/reply.h"
#include "webhook/webhook_event.h"

static void write_event(struct json_writer *writer, const struct guid *id, const char *type,
                        instant at) {
    json_write_name(writer, "eventId");
    json_write_guid(writer, id);
    json_write_name(writer, "eventType");
    json_write_string(writer, type);
    json_write_name(writer, "eventDateTime");
    json_write_instant(writer, at);
}

static void write_no_event(struct json_writer *writer) {
    static const char *const names[] = {"eventId", "eventType", "eventDateTime"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        json_write_name(writer, names[i]);
        json_write_null(writer);
    }
}

static void write_failure(struct json_writer *writer, const struct webhook_report *report) {
    bool is_failing = report->failing_since != INSTANT_NEVER;
    json_write_name(writer, "attempts");
    json_write_integer(writer, report->attempts);
    json_write_name(writer, "failingSinceDateTime");
    if (is_failing)
        json_write_instant(writer, report->failing_since);
    else
        json_write_null(writer);
    json_write_name(writer, "nextAttemptDateTime");
    if (is_failing)
        json_write_instant(writer, report->retry_at);
    else
        json_write_null(writer);
    json_write_name(writer, "lastFailure");
    json_write_optional_text(writer, is_failing ? slice_from_string(report->failure.message)
                                                : (struct slice){0});
}

static void write_webhook(struct json_writer *writer, const struct webhook_report *report) {
    json_open_object(writer);
    json_write_name(writer, "name");
    json_write_string(writer, report->name);
    json_write_name(writer, "position");
    json_write_integer(writer, report->position);
    json_write_name(writer, "backlogRows");
    json_write_integer(writer, report->backlog);
    if (report->has_event)
        write_event(writer, &report->event, webhook_event_name(report->kind), report->at);
    else
        write_no_event(writer);
    write_failure(writer, report);
    json_close_object(writer);
}

void webhooks_list(struct admin_call *call) {
    reply_set_json(call->exchange, 200);
    struct json_writer writer = json_writer_make(&call->exchange->response.body);
    json_open_object(&writer);
    json_write_name(&writer, "value");
    json_open_array(&writer);
    for (size_t i = 0; i < webhook_thread_count_webhooks(call->webhooks); i++) {
        struct webhook_report report = webhook_thread_report(call->webhooks, i);
        write_webhook(&writer, &report);
    }
    json_close_array(&writer);
    json_close_object(&writer);
    exchange_finish(call->exchange);
}

static void answer_skipped(struct store_command *command) {
    struct admin_call *call = command->context;
    if (error_is_set(&command->error)) {
        reply_error(call->exchange, &command->error);
        return;
    }
    reply_set_json(call->exchange, 200);
    struct json_writer writer = json_writer_make(&call->exchange->response.body);
    json_open_object(&writer);
    json_write_name(&writer, "webhook");
    json_write_string(&writer, command->follower_skip.place.name);
    write_event(&writer, &command->follower_skip.event, command->follower_skip.type,
                command->follower_skip.at);
    json_close_object(&writer);
    exchange_finish(call->exchange);
}

void webhooks_skip(struct admin_call *call) {
    struct store_command *command = service_make_command(&call->service_call, STORE_FOLLOWER_SKIP);
    command->context = call;
    command->complete = answer_skipped;
    command->follower_skip.place.name = arena_copy(&call->exchange->arena, call->key).data;
    webhook_thread_skip(call->webhooks, command);
}
