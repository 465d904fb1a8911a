#include "message/media_type.h"

struct slice media_type_unquote(struct slice text) {
    if (text.length >= 2 && text.data[0] == '"' && text.data[text.length - 1] == '"')
        return (struct slice){.data = text.data + 1, .length = text.length - 2};
    return text;
}

bool media_type_next_parameter(struct slice *rest, struct slice *name, struct slice *value) {
    struct slice parameter = {0};
    if (!slice_cut(rest, ';', &parameter))
        return false;
    struct slice tail = slice_trim(parameter);
    if (tail.length == 0 || !slice_cut(&tail, '=', name)) {
        *name = (struct slice){0};
        *value = (struct slice){0};
        return true;
    }
    *name = slice_trim(*name);
    *value = media_type_unquote(slice_trim(tail));
    return true;
}

static struct error check_encoding(const struct request *request) {
    for (size_t i = 0; i < request->header_count; i++) {
        struct slice encoding = slice_trim(request->headers[i].value);
        if (slice_equals_ignoring_case(request->headers[i].name, SLICE("Content-Encoding")) &&
            encoding.length > 0 && !slice_equals_ignoring_case(encoding, SLICE("identity")))
            return error_make_for(ERROR_UNSUPPORTED_MEDIA_TYPE, "Content-Encoding",
                                  "The request body is compressed. Send it as it is, without "
                                  "Content-Encoding.");
    }
    return error_none();
}

struct error media_type_check_json_body(const struct request *request) {
    if (request->body.length == 0)
        return error_none();
    struct error error = check_encoding(request);
    if (error_is_set(&error))
        return error;
    struct slice rest = request_find_header(request, SLICE("Content-Type"));
    struct slice type = {0};
    bool is_json = slice_cut(&rest, ';', &type) &&
                   slice_equals_ignoring_case(slice_trim(type), SLICE("application/json"));
    struct slice name = {0};
    struct slice value = {0};
    while (is_json && media_type_next_parameter(&rest, &name, &value)) {
        if (slice_equals_ignoring_case(name, SLICE("charset")) &&
            !slice_equals_ignoring_case(value, SLICE("utf-8")))
            is_json = false;
    }
    if (is_json)
        return error_none();
    return error_make_for(ERROR_UNSUPPORTED_MEDIA_TYPE, "Content-Type",
                          "The request body must be JSON in UTF-8. Send Content-Type: "
                          "application/json.");
}
