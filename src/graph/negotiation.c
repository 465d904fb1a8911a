#include "graph/negotiation.h"

static struct slice unquoted(struct slice text) {
    if (text.length >= 2 && text.data[0] == '"' && text.data[text.length - 1] == '"')
        return (struct slice){.data = text.data + 1, .length = text.length - 2};
    return text;
}

/* Cuts "name=value" off a list of parameters parted by semicolons. */
static bool next_parameter(struct slice *rest, struct slice *name, struct slice *value) {
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
    *value = unquoted(slice_trim(tail));
    return true;
}

/* "0", "0.0", "0.00", "0.000": the client does not want it. */
static bool is_zero_weight(struct slice value) {
    if (value.length == 0 || value.data[0] != '0')
        return false;
    for (size_t i = 1; i < value.length; i++) {
        if (value.data[i] != '.' && value.data[i] != '0')
            return false;
    }
    return true;
}

static void read_metadata(struct slice value, enum odata_metadata *metadata) {
    if (slice_equals_ignoring_case(value, SLICE("none")))
        *metadata = ODATA_METADATA_NONE;
    else if (slice_equals_ignoring_case(value, SLICE("full")))
        *metadata = ODATA_METADATA_FULL;
    else if (slice_equals_ignoring_case(value, SLICE("minimal")))
        *metadata = ODATA_METADATA_MINIMAL;
}

/* Whether one range of the Accept list takes our JSON. */
static bool range_takes_json(struct slice range, enum odata_metadata *metadata) {
    struct slice rest = range;
    struct slice type = {0};
    if (!slice_cut(&rest, ';', &type))
        return false;
    type = slice_trim(type);
    if (!slice_equals_ignoring_case(type, SLICE("application/json")) &&
        !slice_equals(type, SLICE("*/*")) &&
        !slice_equals_ignoring_case(type, SLICE("application/*")))
        return false;
    struct slice name = {0};
    struct slice value = {0};
    while (next_parameter(&rest, &name, &value)) {
        if (slice_equals_ignoring_case(name, SLICE("q")) && is_zero_weight(value))
            return false;
        if (slice_equals_ignoring_case(name, SLICE("odata.metadata")) ||
            slice_equals_ignoring_case(name, SLICE("odata")))
            read_metadata(value, metadata);
    }
    return true;
}

struct error negotiation_read_accept(const struct request *request, enum odata_metadata *metadata) {
    *metadata = ODATA_METADATA_MINIMAL;
    struct slice rest = request_find_header(request, SLICE("Accept"));
    if (slice_trim(rest).length == 0)
        return error_none();
    struct slice range = {0};
    while (slice_cut(&rest, ',', &range)) {
        if (range_takes_json(range, metadata))
            return error_none();
    }
    return error_make_for(ERROR_NOT_ACCEPTABLE, "Accept",
                          "None of the media types in 'Accept' can be served. Send Accept: "
                          "application/json.");
}

struct error negotiation_check_content_type(const struct request *request) {
    if (request->body.length == 0)
        return error_none();
    struct slice rest = request_find_header(request, SLICE("Content-Type"));
    struct slice type = {0};
    bool is_json = slice_cut(&rest, ';', &type) &&
                   slice_equals_ignoring_case(slice_trim(type), SLICE("application/json"));
    struct slice name = {0};
    struct slice value = {0};
    while (is_json && next_parameter(&rest, &name, &value)) {
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
