#include "graph/call.h"

#include "graph/graph_internal.h"
#include "graph/routes.h"
#include "message/reply.h"
#include "service/refusal_journal.h"

#define ODATA_CONTENT_TYPE(level)                                                                  \
    "application/json;odata.metadata=" level                                                       \
    ";odata.streaming=true;IEEE754Compatible=false;charset=utf-8"

/* RFC 6750 3.1; the form around it is Entra's. */
#define CHALLENGE_FORM                                                                             \
    "Bearer realm=\"\", authorization_uri=\"%s\", "                                                \
    "client_id=\"00000003-0000-0000-c000-000000000000\"%s"

static void add_challenge(struct graph_call *call) {
    struct exchange *exchange = call->exchange;
    bool has_token = request_find_header(&exchange->request, SLICE("Authorization")).data != NULL;
    response_set_header(&exchange->response, SLICE("WWW-Authenticate"),
                        arena_format(&exchange->arena, CHALLENGE_FORM,
                                     call->graph->options.authorization_uri,
                                     has_token ? ", error=\"invalid_token\"" : ""));
}

/* "POST deviceManagement/managedDevices/{id}/retire": without keys, so that there are few. */
static void note_refusal(struct graph_call *call, const struct error *error) {
    if (error->code != ERROR_FORBIDDEN || call->operation == NULL)
        return;
    struct exchange *exchange = call->exchange;
    struct slice operation =
        arena_format(&exchange->arena, "%s %s", request_method_name(call->operation->method),
                     call->route->pattern);
    refusal_journal_note(call->service->refusals, &call->service_call, operation, error);
}

void graph_call_fail(struct graph_call *call, const struct error *error) {
    note_refusal(call, error);
    reply_set_error(call->exchange, error, NULL);
    if (error->code == ERROR_UNAUTHENTICATED)
        add_challenge(call);
    exchange_finish(call->exchange);
}

void graph_call_fail_entity(struct graph_call *call, const struct error *error, const char *what) {
    if (error->code != ERROR_NOT_FOUND) {
        graph_call_fail(call, error);
        return;
    }
    char id[GUID_TEXT_SIZE];
    struct error missing =
        error_make_for(ERROR_NOT_FOUND, "id", "Resource not found: there is no %s '%s'.", what,
                       guid_format(&call->key, id));
    graph_call_fail(call, &missing);
}

/* Intune's services hand their own error on as JSON text inside the message. */
static struct slice wrap_as_intune(struct graph_call *call, struct slice message) {
    struct buffer text = {0};
    struct json_writer writer = json_writer_make(&text);
    json_open_object(&writer);
    json_write_name(&writer, "_version");
    json_write_integer(&writer, 3);
    json_write_name(&writer, "Message");
    json_write_text(&writer, message);
    json_write_name(&writer, "CustomApiErrorPhrase");
    json_write_string(&writer, "");
    json_write_name(&writer, "RetryAfter");
    json_write_null(&writer);
    json_write_name(&writer, "ErrorSourceService");
    json_write_string(&writer, "");
    json_write_name(&writer, "HttpHeaders");
    json_write_string(&writer, "{}");
    json_close_object(&writer);
    struct slice wrapped = arena_copy(&call->exchange->arena, buffer_slice(&text));
    buffer_free(&text);
    return wrapped;
}

void graph_call_forbid(struct graph_call *call, const struct error *error) {
    struct exchange *exchange = call->exchange;
    note_refusal(call, error);
    char activity[GUID_TEXT_SIZE];
    struct slice path = exchange->request.path;
    struct slice message = arena_format(
        &exchange->arena,
        "%s - Operation ID (for customer support): 00000000-0000-0000-0000-000000000000 - "
        "Activity ID: %s - Url: %s://%.*s%.*s",
        error->message, guid_format(&exchange->client_request_id, activity),
        exchange->request.secure ? "https" : "http", SLICE_PRINTF(exchange->request.host),
        SLICE_PRINTF(path));
    if (call->graph->options.intune_error_wrapping)
        message = wrap_as_intune(call, message);
    reply_set_error_message(exchange, error, NULL, message);
    exchange_finish(exchange);
}

static void add_odata_version(struct graph_call *call) {
    response_set_header(&call->exchange->response, SLICE("OData-Version"), SLICE("4.0"));
}

void graph_call_no_content(struct graph_call *call) {
    add_odata_version(call);
    reply_no_content(call->exchange);
}

struct json_writer graph_call_open(struct graph_call *call, int status) {
    static const struct slice types[] = {
        [ODATA_METADATA_MINIMAL] = {ODATA_CONTENT_TYPE("minimal"),
                                    sizeof ODATA_CONTENT_TYPE("minimal") - 1},
        [ODATA_METADATA_NONE] = {ODATA_CONTENT_TYPE("none"), sizeof ODATA_CONTENT_TYPE("none") - 1},
        [ODATA_METADATA_FULL] = {ODATA_CONTENT_TYPE("full"), sizeof ODATA_CONTENT_TYPE("full") - 1},
    };
    struct response *response = &call->exchange->response;
    response->status = status;
    response_set_header(response, SLICE("Content-Type"), types[call->metadata]);
    add_odata_version(call);
    return json_writer_make(&response->body);
}

void graph_call_finish(struct graph_call *call) {
    exchange_finish(call->exchange);
}

void graph_call_write_context(struct graph_call *call, struct json_writer *writer,
                              const char *path) {
    if (call->metadata == ODATA_METADATA_NONE)
        return;
    json_write_name(writer, "@odata.context");
    json_write_text(writer, arena_format(&call->exchange->arena, "%.*s/$metadata%s%s",
                                         SLICE_PRINTF(call->root), path == NULL ? "" : "#",
                                         path == NULL ? "" : path));
}

void graph_call_write_links(struct graph_call *call, struct json_writer *writer,
                            const char *entity_type, const char *set_path, const struct guid *id) {
    if (call->metadata != ODATA_METADATA_FULL)
        return;
    struct arena *arena = &call->exchange->arena;
    char text[GUID_TEXT_SIZE];
    struct slice link = arena_format(arena, "%s('%s')", set_path, guid_format(id, text));
    json_write_name(writer, "@odata.type");
    json_write_text(writer, arena_format(arena, "#%s", entity_type));
    json_write_name(writer, "@odata.id");
    json_write_text(writer, arena_format(arena, "%.*s/%s", SLICE_PRINTF(call->root), link.data));
    json_write_name(writer, "@odata.editLink");
    json_write_text(writer, link);
}
