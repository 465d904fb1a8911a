#include "http/request_target.h"

static bool is_visible_ascii(struct slice text) {
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte <= ' ' || byte >= 0x7F)
            return false;
    }
    return true;
}

/* Without looking at which of them it is: nobody here resolves it. */
bool http_request_host_is_valid(struct slice host) {
    static const char marks[] = "-._~:[]%!$&'()*+,;=";
    for (size_t i = 0; i < host.length; i++) {
        char byte = host.data[i];
        bool is_letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        bool is_digit = byte >= '0' && byte <= '9';
        if (!is_letter && !is_digit && memchr(marks, byte, sizeof marks - 1) == NULL)
            return false;
    }
    return true;
}

static void split_query(struct slice target, struct request *request) {
    (void)slice_cut(&target, '?', &request->path);
    request->query = target;
}

/* Skips "http://" or "https://", whatever its case. */
static bool skip_scheme(struct slice *target) {
    static const struct slice schemes[] = {
        {.data = "http://", .length = 7},
        {.data = "https://", .length = 8},
    };
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        struct slice start = {.data = target->data, .length = schemes[i].length};
        if (target->length >= start.length && slice_equals_ignoring_case(start, schemes[i])) {
            *target = slice_skip(*target, start.length);
            return true;
        }
    }
    return false;
}

static struct error read_whole_address(struct slice target, struct request *request) {
    size_t length = 0;
    while (length < target.length && target.data[length] != '/' && target.data[length] != '?')
        length++;
    request->host = (struct slice){.data = target.data, .length = length};
    if (length == 0 || !http_request_host_is_valid(request->host))
        return error_make(ERROR_INVALID, "The address in the request line names no valid host.");
    split_query(slice_skip(target, length), request);
    if (request->path.length == 0)
        request->path = SLICE("/");
    return error_none();
}

struct error http_request_target_read(struct slice target, struct request *request) {
    if (!is_visible_ascii(target))
        return error_make(ERROR_INVALID, "The address in the request line holds bytes that must "
                                         "be percent-encoded.");
    if (memchr(target.data, '#', target.length) != NULL)
        return error_make(ERROR_INVALID, "The address in the request line holds a fragment ('#').");
    if (target.length > 0 && target.data[0] == '/') {
        split_query(target, request);
        return error_none();
    }
    if (request->method == METHOD_OPTIONS && slice_equals(target, SLICE("*"))) {
        request->path = target;
        return error_none();
    }
    if (skip_scheme(&target))
        return read_whole_address(target, request);
    return error_make(ERROR_INVALID, "The address in the request line must begin with '/'.");
}

struct error http_request_host_read(struct request *request, bool required) {
    size_t count = 0;
    struct slice host = {.data = NULL, .length = 0};
    for (size_t i = 0; i < request->header_count; i++) {
        const struct header *header = &request->headers[i];
        if (header->name.length == 4 && slice_equals_ignoring_case(header->name, SLICE("Host"))) {
            count++;
            host = header->value;
        }
    }
    if (count == 0 && required)
        return error_make_for(ERROR_INVALID, "Host", "The request has no Host header.");
    if (count > 1)
        return error_make_for(ERROR_INVALID, "Host", "The request has more than one Host header.");
    if (!http_request_host_is_valid(host))
        return error_make_for(ERROR_INVALID, "Host", "The Host header is not a host and port.");
    if (request->host.data == NULL)
        request->host = host;
    return error_none();
}
