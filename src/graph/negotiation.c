#include "graph/negotiation.h"

#include "message/media_type.h"

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
    while (media_type_next_parameter(&rest, &name, &value)) {
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
