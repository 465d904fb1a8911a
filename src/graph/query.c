#include "graph/query.h"

#include "message/percent.h"

static struct error read_top(struct slice value, struct graph_query *query) {
    uint64_t top = 0;
    if (!slice_parse_unsigned(value, QUERY_TOP_AT_MOST, &top) || top == 0)
        return error_make_for(ERROR_INVALID, "$top",
                              "The query option '$top' must be a whole number from 1 to %d.",
                              QUERY_TOP_AT_MOST);
    query->has_top = true;
    query->top = (size_t)top;
    return error_none();
}

static struct error read_skip_token(struct slice value, struct graph_query *query) {
    uint64_t row = 0;
    if (!slice_parse_unsigned(value, INT64_MAX, &row))
        return error_make_for(ERROR_INVALID, "$skiptoken",
                              "The query option '$skiptoken' is not one that this server gave. "
                              "Follow @odata.nextLink as it stands.");
    query->after_row = (int64_t)row;
    return error_none();
}

static const struct {
    const char *name;
    struct error (*read)(struct slice value, struct graph_query *query);
} options[] = {
    {"top", read_top},
    {"skiptoken", read_skip_token},
};

static struct error read_option(struct slice name, struct slice value, bool is_collection,
                                struct graph_query *query) {
    bool has_sign = slice_starts_with(name, SLICE("$"));
    struct slice bare = has_sign ? slice_skip(name, 1) : name;
    for (size_t i = 0; is_collection && i < sizeof options / sizeof options[0]; i++) {
        if (slice_equals_string(bare, options[i].name))
            return options[i].read(value, query);
    }
    if (!has_sign)
        return error_none();
    return error_make_for(ERROR_INVALID, "$query",
                          "The query option '%.*s' is not supported for this resource.",
                          SLICE_PRINTF(name));
}

struct error graph_query_parse(struct arena *arena, struct slice text, bool is_collection,
                               struct graph_query *query) {
    *query = (struct graph_query){0};
    struct slice rest = text.length == 0 ? (struct slice){0} : text;
    struct slice pair = {0};
    while (slice_cut(&rest, '&', &pair)) {
        struct slice encoded_name = {0};
        struct slice name = {0};
        struct slice value = {0};
        if (pair.length == 0 || !slice_cut(&pair, '=', &encoded_name))
            continue;
        if (!percent_decode(arena, encoded_name, true, &name) ||
            !percent_decode(arena, pair, true, &value))
            return error_make(ERROR_INVALID,
                              "The query of the address is not percent-encoded UTF-8.");
        struct error error = read_option(name, value, is_collection, query);
        if (error_is_set(&error))
            return error;
    }
    return error_none();
}
