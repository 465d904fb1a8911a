#include "http/content_coding.h"

#include "message/media_type.h"

#define NOT_NAMED (-1)

/* In thousandths; -1: not named. */
struct weights {
    int gzip;
    int identity;
    int others;
};

/* "0.5" -> 500; 0 for what is no weight (RFC 9110 12.4.2). */
static int parse_weight(struct slice text) {
    static const int units[] = {100, 10, 1};
    if (text.length == 0 || text.length > 5 || (text.data[0] != '0' && text.data[0] != '1') ||
        (text.length > 1 && text.data[1] != '.'))
        return 0;
    int weight = (text.data[0] - '0') * 1000;
    for (size_t i = 2; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return 0;
        weight += (text.data[i] - '0') * units[i - 2];
    }
    return weight > 1000 ? 0 : weight;
}

static void read_member(struct slice member, struct weights *weights) {
    struct slice coding = {0};
    struct slice name = {0};
    struct slice value = {0};
    int weight = 1000;
    if (!slice_cut(&member, ';', &coding))
        return;
    coding = slice_trim(coding);
    while (media_type_next_parameter(&member, &name, &value))
        weight = slice_equals_ignoring_case(name, SLICE("q")) ? parse_weight(value) : 0;
    if (slice_equals_ignoring_case(coding, SLICE("gzip")) ||
        slice_equals_ignoring_case(coding, SLICE("x-gzip")))
        weights->gzip = weight;
    else if (slice_equals_ignoring_case(coding, SLICE("identity")))
        weights->identity = weight;
    else if (slice_equals(coding, SLICE("*")))
        weights->others = weight;
}

bool http_content_coding_takes_gzip(const struct request *request) {
    struct weights weights = {NOT_NAMED, NOT_NAMED, NOT_NAMED};
    for (size_t i = 0; i < request->header_count; i++) {
        if (!slice_equals_ignoring_case(request->headers[i].name, SLICE("Accept-Encoding")))
            continue;
        struct slice rest = request->headers[i].value;
        struct slice member = {0};
        while (slice_cut(&rest, ',', &member))
            read_member(member, &weights);
    }
    int gzip = weights.gzip == NOT_NAMED ? weights.others : weights.gzip;
    return gzip > 0 && gzip >= weights.identity;
}
