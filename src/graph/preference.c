#include "graph/preference.h"

#include "message/media_type.h"

static void read_return(struct slice value, struct graph_preferences *preferences) {
    if (preferences->preferred_return != PREFERRED_RETURN_NONE)
        return;
    if (slice_equals_ignoring_case(value, SLICE("minimal")))
        preferences->preferred_return = PREFERRED_RETURN_MINIMAL;
    else if (slice_equals_ignoring_case(value, SLICE("representation")))
        preferences->preferred_return = PREFERRED_RETURN_REPRESENTATION;
}

static void read_max_page_size(struct slice value, struct graph_preferences *preferences) {
    uint64_t size = 0;
    if (preferences->max_page_size == 0 && slice_parse_unsigned(value, INT32_MAX, &size))
        preferences->max_page_size = (size_t)size;
}

/* OData 4.01 part 1 section 8.2.8.4; of its patterns those that name all of ours. */
static void read_annotations(struct slice value, struct graph_preferences *preferences) {
    if (slice_equals(value, SLICE("*")) || slice_equals(value, SLICE("muster.*")))
        preferences->wants_muster_annotations = true;
}

static void read_preference(struct slice preference, struct graph_preferences *preferences) {
    struct slice rest = preference;
    struct slice first = {0};
    struct slice name = {0};
    /* Parameters behind ';' belong to no preference that is known here. */
    if (!slice_cut(&rest, ';', &first))
        return;
    struct slice value = first;
    if (!slice_cut(&value, '=', &name))
        return;
    name = slice_trim(name);
    value = media_type_unquote(slice_trim(value));
    if (slice_equals_ignoring_case(name, SLICE("return")))
        read_return(value, preferences);
    else if (slice_equals_ignoring_case(name, SLICE("odata.maxpagesize")) ||
             slice_equals_ignoring_case(name, SLICE("maxpagesize")))
        read_max_page_size(value, preferences);
    else if (slice_equals_ignoring_case(name, SLICE("odata.include-annotations")) ||
             slice_equals_ignoring_case(name, SLICE("include-annotations")))
        read_annotations(value, preferences);
}

struct graph_preferences preference_read(const struct request *request) {
    struct graph_preferences preferences = {0};
    for (size_t i = 0; i < request->header_count; i++) {
        if (!slice_equals_ignoring_case(request->headers[i].name, SLICE("Prefer")))
            continue;
        struct slice rest = request->headers[i].value;
        struct slice preference = {0};
        while (slice_cut(&rest, ',', &preference))
            read_preference(preference, &preferences);
    }
    return preferences;
}
