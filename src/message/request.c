#include "message/request.h"

static const char *const method_names[] = {"GET",   "HEAD",   "POST",    "PUT",
                                           "PATCH", "DELETE", "OPTIONS", "OTHER"};

struct slice request_find_header(const struct request *request, struct slice name) {
    for (size_t i = 0; i < request->header_count; i++) {
        if (slice_equals_ignoring_case(request->headers[i].name, name))
            return request->headers[i].value.data == NULL ? SLICE("") : request->headers[i].value;
    }
    return (struct slice){.data = NULL, .length = 0};
}

size_t request_count_headers(const struct request *request, struct slice name) {
    size_t count = 0;
    for (size_t i = 0; i < request->header_count; i++) {
        if (slice_equals_ignoring_case(request->headers[i].name, name))
            count++;
    }
    return count;
}

enum request_method request_method_parse(struct slice name) {
    for (size_t i = 0; i < METHOD_OTHER; i++) {
        if (slice_equals_string(name, method_names[i]))
            return (enum request_method)i;
    }
    return METHOD_OTHER;
}

const char *request_method_name(enum request_method method) {
    return method_names[method];
}
