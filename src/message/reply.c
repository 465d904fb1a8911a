#include "message/reply.h"

#include <stdio.h>

#include "base/json_writer.h"

#define RETRY_AFTER_SECONDS "5"

static const struct {
    int status;
    const char *code;
} forms[] = {
    [ERROR_NONE] = {200, "OK"},
    [ERROR_INVALID] = {400, "BadRequest"},
    [ERROR_UNAUTHENTICATED] = {401, "InvalidAuthenticationToken"},
    [ERROR_FORBIDDEN] = {403, "Forbidden"},
    [ERROR_NOT_FOUND] = {404, "ResourceNotFound"},
    [ERROR_METHOD_NOT_ALLOWED] = {405, "MethodNotAllowed"},
    [ERROR_NOT_ACCEPTABLE] = {406, "NotAcceptable"},
    [ERROR_TIMEOUT] = {408, "RequestTimeout"},
    [ERROR_CONFLICT] = {409, "Conflict"},
    [ERROR_LENGTH_REQUIRED] = {411, "LengthRequired"},
    [ERROR_PRECONDITION_FAILED] = {412, "PreconditionFailed"},
    [ERROR_TOO_LARGE] = {413, "RequestEntityTooLarge"},
    [ERROR_URI_TOO_LONG] = {414, "UriTooLong"},
    [ERROR_UNSUPPORTED_MEDIA_TYPE] = {415, "UnsupportedMediaType"},
    [ERROR_FAILED_DEPENDENCY] = {424, "FailedDependency"},
    [ERROR_THROTTLED] = {429, "TooManyRequests"},
    [ERROR_HEADERS_TOO_LARGE] = {431, "RequestHeaderFieldsTooLarge"},
    [ERROR_INTERNAL] = {500, "InternalServerError"},
    [ERROR_NOT_IMPLEMENTED] = {501, "NotImplemented"},
    [ERROR_UNAVAILABLE] = {503, "ServiceUnavailable"},
};

int reply_status(enum error_code code) {
    return forms[code].status;
}

const char *reply_error_code(enum error_code code) {
    return forms[code].code;
}

static struct slice guid_text(struct exchange *exchange, const struct guid *guid) {
    char *text = arena_allocate(&exchange->arena, GUID_TEXT_SIZE);
    return slice_from_string(guid_format(guid, text));
}

void reply_begin(struct exchange *exchange) {
    struct response *response = &exchange->response;
    if (response_find_header(response, SLICE("request-id")).data != NULL)
        return;
    struct slice given = request_find_header(&exchange->request, SLICE("client-request-id"));
    struct slice request_id = guid_text(exchange, &exchange->request_id);
    struct slice client_request_id = request_id;
    exchange->client_request_id = exchange->request_id;
    if (given.data != NULL && guid_parse(given, &exchange->client_request_id))
        client_request_id = guid_text(exchange, &exchange->client_request_id);
    response_add_header(response, SLICE("request-id"), request_id);
    response_add_header(response, SLICE("client-request-id"), client_request_id);
    response_add_header(response, SLICE("Cache-Control"), SLICE("no-cache"));
}

/* Graph prints this one date without decimals and without a zone: "2024-07-07T21:59:24". */
static void write_inner_date(struct json_writer *writer, instant when) {
    char text[INSTANT_TEXT_SIZE];
    instant_format(when - when % INSTANT_TICKS_PER_SECOND, text);
    struct slice date = slice_from_string(text);
    date.length--;
    json_write_text(writer, date);
}

static void write_error_body(struct exchange *exchange, const char *code, struct slice message,
                             const char *target) {
    struct json_writer writer = json_writer_make(&exchange->response.body);
    json_open_object(&writer);
    json_write_name(&writer, "error");
    json_open_object(&writer);
    json_write_name(&writer, "code");
    json_write_string(&writer, code);
    json_write_name(&writer, "message");
    json_write_text(&writer, message);
    if (target[0] != '\0') {
        json_write_name(&writer, "target");
        json_write_string(&writer, target);
    }
    json_write_name(&writer, "innerError");
    json_open_object(&writer);
    json_write_name(&writer, "date");
    write_inner_date(&writer, exchange->received);
    json_write_name(&writer, "request-id");
    json_write_guid(&writer, &exchange->request_id);
    json_write_name(&writer, "client-request-id");
    json_write_guid(&writer, &exchange->client_request_id);
    json_close_object(&writer);
    json_close_object(&writer);
    json_close_object(&writer);
}

void reply_set_json(struct exchange *exchange, int status) {
    exchange->response.status = status;
    response_set_header(&exchange->response, SLICE("Content-Type"), SLICE("application/json"));
}

void reply_set_error_message(struct exchange *exchange, const struct error *error, const char *code,
                             struct slice message) {
    reply_begin(exchange);
    buffer_clear(&exchange->response.body);
    reply_set_json(exchange, reply_status(error->code));
    if (error->code == ERROR_UNAVAILABLE || error->code == ERROR_THROTTLED)
        response_set_header(&exchange->response, SLICE("Retry-After"), SLICE(RETRY_AFTER_SECONDS));
    /* RFC 9110 15.5.16 */
    if (error->code == ERROR_UNSUPPORTED_MEDIA_TYPE &&
        slice_equals_string(SLICE("Content-Encoding"), error->target))
        response_set_header(&exchange->response, SLICE("Accept-Encoding"), SLICE("identity"));
    write_error_body(exchange, code == NULL ? reply_error_code(error->code) : code, message,
                     error->target);
}

void reply_set_error(struct exchange *exchange, const struct error *error, const char *code) {
    reply_set_error_message(exchange, error, code, slice_from_string(error->message));
}

void reply_error(struct exchange *exchange, const struct error *error) {
    reply_set_error(exchange, error, NULL);
    exchange_finish(exchange);
}

void reply_no_content(struct exchange *exchange) {
    exchange->response.status = 204;
    exchange_finish(exchange);
}

void reply_set_method_not_allowed(struct exchange *exchange, unsigned allowed) {
    struct buffer names = {0};
    for (unsigned method = METHOD_GET; method < METHOD_OTHER; method++) {
        if ((allowed & METHOD_BIT(method)) == 0)
            continue;
        if (names.length > 0)
            buffer_append_string(&names, ", ");
        buffer_append_string(&names, request_method_name((enum request_method)method));
    }
    struct slice allow = arena_copy(&exchange->arena, buffer_slice(&names));
    buffer_free(&names);
    struct error error =
        error_make(ERROR_METHOD_NOT_ALLOWED,
                   "The method '%.*s' is not allowed for this resource. Allowed: %s.",
                   SLICE_PRINTF(exchange->request.method_name), allow.data);
    reply_set_error(exchange, &error, NULL);
    response_set_header(&exchange->response, SLICE("Allow"), allow);
}
