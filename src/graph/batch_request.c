#include "graph/batch_request.h"

#include <stdio.h>

#include "message/json_body.h"

static struct slice text_of(const json_t *value) {
    return (struct slice){.data = json_string_value(value), .length = json_string_length(value)};
}

static struct error refuse_member(size_t index, const char *member, const char *expected,
                                  const json_t *value) {
    char target[ERROR_TARGET_SIZE];
    (void)snprintf(target, sizeof target, "requests/%zu/%s", index, member);
    return error_make_for(ERROR_INVALID, target,
                          "Invalid batch payload format. The member '%s' of request %zu must be "
                          "%s; %s was given.",
                          member, index, expected,
                          value == NULL ? "nothing" : json_body_type_name(value));
}

static struct error read_text(const json_t *item, size_t index, const char *member,
                              struct slice *text) {
    const json_t *value = json_object_get(item, member);
    if (json_string_length(value) == 0)
        return refuse_member(index, member, "a string that is not empty", value);
    *text = text_of(value);
    return error_none();
}

static struct error read_headers(const json_t *item, size_t index, struct batch_request *request) {
    json_t *headers = json_object_get(item, "headers");
    if (headers == NULL || json_is_null(headers))
        return error_none();
    if (!json_is_object(headers))
        return refuse_member(index, "headers", "an object", headers);
    const char *name = NULL;
    const json_t *value = NULL;
    json_object_foreach(headers, name, value) {
        if (!json_is_string(value))
            return refuse_member(index, "headers", "an object of strings", value);
    }
    request->headers = headers;
    return error_none();
}

/* The request of that id among those read so far, or their count. */
static size_t find(const struct batch_requests *requests, struct slice id) {
    size_t index = 0;
    while (index < requests->count && !slice_equals_ignoring_case(requests->items[index].id, id))
        index++;
    return index;
}

static struct error read_dependencies(const json_t *item, const struct batch_requests *requests,
                                      struct batch_request *request) {
    const json_t *ids = json_object_get(item, "dependsOn");
    if (ids == NULL || json_is_null(ids))
        return error_none();
    if (!json_is_array(ids))
        return refuse_member(requests->count, "dependsOn", "an array of strings", ids);
    size_t index = 0;
    const json_t *id = NULL;
    json_array_foreach(ids, index, id) {
        if (!json_is_string(id))
            return refuse_member(requests->count, "dependsOn", "an array of strings", id);
        size_t found = find(requests, text_of(id));
        if (found == requests->count)
            return error_make_for(ERROR_INVALID, "dependsOn",
                                  "The request with id '%.*s' depends on '%.*s', which is not the "
                                  "id of a request before it.",
                                  SLICE_PRINTF(request->id), SLICE_PRINTF(text_of(id)));
        request->depends_on |= UINT32_C(1) << found;
    }
    return error_none();
}

/* Graph refuses the batch as a whole; the sentences are Graph's. */
static struct error check_content(const struct batch_request *request) {
    bool writes = slice_equals_ignoring_case(request->method, SLICE("POST")) ||
                  slice_equals_ignoring_case(request->method, SLICE("PUT")) ||
                  slice_equals_ignoring_case(request->method, SLICE("PATCH"));
    if ((writes || request->body != NULL) &&
        batch_request_find_header(request, SLICE("Content-Type")).data == NULL)
        return error_make_for(ERROR_INVALID, "Content-Type",
                              "Write request with id '%.*s' does not contain a Content-Type "
                              "header.",
                              SLICE_PRINTF(request->id));
    if (writes && request->body == NULL)
        return error_make_for(ERROR_INVALID, "body",
                              "Write request id : %.*s does not contain Content-Type header or "
                              "body. Where there is nothing to say, send the body {}.",
                              SLICE_PRINTF(request->id));
    return error_none();
}

static struct error read_item(const json_t *item, struct batch_requests *requests) {
    size_t index = requests->count;
    struct batch_request *request = &requests->items[index];
    *request = (struct batch_request){.depends_on = 0};
    if (!json_is_object(item))
        return error_make_for(ERROR_INVALID, "requests",
                              "Invalid batch payload format. Request %zu must be an object; %s was "
                              "given.",
                              index, json_body_type_name(item));
    if (json_object_get(item, "atomicityGroup") != NULL)
        return error_make_for(ERROR_INVALID, "atomicityGroup",
                              "Groups of requests that succeed or fail together are not served. "
                              "Leave 'atomicityGroup' out; 'dependsOn' keeps an order.");
    struct error error = read_text(item, index, "id", &request->id);
    if (!error_is_set(&error) && find(requests, request->id) < index)
        error = error_make_for(ERROR_INVALID, "id",
                               "The request id '%.*s' is there twice. Each request of a batch "
                               "needs an id of its own, whatever the case of its letters.",
                               SLICE_PRINTF(request->id));
    if (!error_is_set(&error))
        error = read_text(item, index, "method", &request->method);
    if (!error_is_set(&error))
        error = read_text(item, index, "url", &request->url);
    if (!error_is_set(&error))
        error = read_headers(item, index, request);
    if (!error_is_set(&error))
        error = read_dependencies(item, requests, request);
    const json_t *body = json_object_get(item, "body");
    request->body = json_is_null(body) ? NULL : body;
    return error_is_set(&error) ? error : check_content(request);
}

struct error batch_requests_read(const json_t *body, struct batch_requests *requests) {
    requests->count = 0;
    const json_t *items = json_object_get(body, "requests");
    if (json_array_size(items) == 0)
        return error_make_for(ERROR_INVALID, "requests",
                              "Invalid batch payload format. The body must be an object with an "
                              "array 'requests' of 1 to %d requests.",
                              BATCH_REQUESTS_AT_MOST);
    if (json_array_size(items) > BATCH_REQUESTS_AT_MOST)
        return error_make_for(ERROR_INVALID, "requests",
                              "Number of batch request steps exceeds the maximum value of %d; %zu "
                              "were sent. Send several batches.",
                              BATCH_REQUESTS_AT_MOST, json_array_size(items));
    size_t index = 0;
    const json_t *item = NULL;
    json_array_foreach(items, index, item) {
        struct error error = read_item(item, requests);
        if (error_is_set(&error))
            return error;
        requests->count++;
    }
    return error_none();
}

struct slice batch_request_find_header(const struct batch_request *request, struct slice name) {
    const char *key = NULL;
    const json_t *value = NULL;
    json_object_foreach((json_t *)request->headers, key, value) {
        if (slice_equals_ignoring_case(slice_from_string(key), name))
            return text_of(value);
    }
    return (struct slice){.data = NULL, .length = 0};
}
