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

static bool is_any_of(struct slice type, const char *const *types) {
    for (; *types != NULL; types++) {
        if (slice_equals_ignoring_case(type, slice_from_string(*types)))
            return true;
    }
    return false;
}

/* Whether one range of the Accept list is of the types and wanted. */
static bool range_takes(struct slice range, const char *const *types,
                        enum odata_metadata *metadata) {
    struct slice rest = range;
    struct slice type = {0};
    if (!slice_cut(&rest, ';', &type) || !is_any_of(slice_trim(type), types))
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

/* Several lines are one list, RFC 9110 5.3; an empty one asks for nothing. */
static bool accepts(const struct request *request, const char *const *types,
                    enum odata_metadata *metadata) {
    bool is_asked = false;
    for (size_t i = 0; i < request->header_count; i++) {
        struct slice rest = slice_trim(request->headers[i].value);
        if (!slice_equals_ignoring_case(request->headers[i].name, SLICE("Accept")) ||
            rest.length == 0)
            continue;
        is_asked = true;
        struct slice range = {0};
        while (slice_cut(&rest, ',', &range)) {
            if (range_takes(range, types, metadata))
                return true;
        }
    }
    return !is_asked;
}

static struct error refuse(const char *type) {
    return error_make_for(ERROR_NOT_ACCEPTABLE, "Accept",
                          "None of the media types in 'Accept' can be served. Send Accept: %s.",
                          type);
}

struct error negotiation_read_accept(const struct request *request, enum odata_metadata *metadata) {
    static const char *const json[] = {"application/json", "application/*", "*/*", NULL};
    *metadata = ODATA_METADATA_MINIMAL;
    return accepts(request, json, metadata) ? error_none() : refuse("application/json");
}

struct error negotiation_check_plain_text(const struct request *request) {
    static const char *const text[] = {"text/plain",    "text/*", "application/json",
                                       "application/*", "*/*",    NULL};
    enum odata_metadata ignored = ODATA_METADATA_MINIMAL;
    return accepts(request, text, &ignored) ? error_none() : refuse("text/plain");
}

/* The value of $format, which counts before Accept (OData 4.01 part 2, section 5.1.8). */
static struct slice find_format(struct slice query) {
    struct slice rest = query;
    struct slice pair = {0};
    while (slice_cut(&rest, '&', &pair)) {
        struct slice name = {0};
        if (slice_cut(&pair, '=', &name) && (slice_equals_ignoring_case(name, SLICE("$format")) ||
                                             slice_equals_ignoring_case(name, SLICE("%24format"))))
            return pair;
    }
    return (struct slice){.data = NULL, .length = 0};
}

struct error negotiation_check_xml(const struct request *request) {
    static const char *const xml[] = {"application/xml", "application/*", "*/*", NULL};
    static const char *const formats[] = {"xml", "application/xml", "application%2Fxml", NULL};
    enum odata_metadata ignored = ODATA_METADATA_MINIMAL;
    struct slice format = find_format(request->query);
    bool is_taken =
        format.data == NULL ? accepts(request, xml, &ignored) : is_any_of(format, formats);
    return is_taken ? error_none() : refuse("application/xml");
}
