#include "message/response.h"

#include <stdbool.h>

static bool breaks_header_line(struct slice value) {
    for (size_t i = 0; i < value.length; i++) {
        if (value.data[i] == '\r' || value.data[i] == '\n' || value.data[i] == '\0')
            return true;
    }
    return false;
}

void response_add_header(struct response *response, struct slice name, struct slice value) {
    if (response->header_count == RESPONSE_HEADERS_AT_MOST || breaks_header_line(value))
        return;
    response->headers[response->header_count++] = (struct header){.name = name, .value = value};
}

static struct header *find(const struct response *response, struct slice name) {
    for (size_t i = 0; i < response->header_count; i++) {
        if (slice_equals_ignoring_case(response->headers[i].name, name))
            return (struct header *)&response->headers[i];
    }
    return NULL;
}

void response_set_header(struct response *response, struct slice name, struct slice value) {
    struct header *header = find(response, name);
    if (header == NULL)
        response_add_header(response, name, value);
    else if (!breaks_header_line(value))
        header->value = value;
}

struct slice response_find_header(const struct response *response, struct slice name) {
    const struct header *header = find(response, name);
    return header == NULL ? (struct slice){.data = NULL, .length = 0} : header->value;
}

void response_reset(struct response *response) {
    response->status = 0;
    response->header_count = 0;
    buffer_clear(&response->body);
}

void response_free(struct response *response) {
    buffer_free(&response->body);
    response_reset(response);
}

static const struct {
    int status;
    const char *reason;
} reasons[] = {
    {100, "Continue"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {424, "Failed Dependency"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
};

const char *response_reason(int status) {
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].status == status)
            return reasons[i].reason;
    }
    return "Unknown";
}
