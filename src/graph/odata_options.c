#include "graph/odata_options.h"

#include "graph/odata_expand.h"
#include "graph/odata_filter.h"
#include "graph/odata_lexer.h"
#include "graph/odata_orderby.h"
#include "graph/odata_search.h"
#include "graph/odata_skiptoken.h"
#include "message/percent.h"

/* In the order in which they are read: a position is of an order. */
enum option {
    OPTION_EXPAND,
    OPTION_SELECT,
    OPTION_FILTER,
    OPTION_SEARCH,
    OPTION_ORDERBY,
    OPTION_TOP,
    OPTION_SKIP,
    OPTION_COUNT,
    OPTION_SKIPTOKEN,
    OPTIONS,
};

struct reader {
    struct arena *arena;
    const struct odata_target *target;
    struct odata_options *options;
    struct slice values[OPTIONS]; /* decoded */
    bool is_given[OPTIONS];
    size_t top;       /* 0: not given */
    size_t page_size; /* of the position; 0: there is none */
};

/* An option that is one word. */
static struct error expected(struct reader *reader, const char *option, struct slice value,
                             const char *expectation) {
    const struct odata_lexer lexer = {
        .option = option,
        .text = value,
        .arena = reader->arena,
        .token = {.kind = value.length == 0 ? ODATA_TOKEN_END : ODATA_TOKEN_WORD, .text = value},
    };
    return odata_lexer_unexpected(&lexer, expectation);
}

static struct error read_expand(struct reader *reader, struct slice value) {
    return odata_expand_refuse(reader->target->type, value);
}

static struct error read_select(struct reader *reader, struct slice value) {
    return odata_select_parse(reader->arena, reader->target->type, value,
                              &reader->options->selection);
}

static struct error read_filter(struct reader *reader, struct slice value) {
    return odata_filter_parse(reader->arena, reader->target->type, value,
                              &reader->options->listing.filter);
}

/* A search is one more condition. */
static struct error read_search(struct reader *reader, struct slice value) {
    const struct filter *search = NULL;
    struct listing *listing = &reader->options->listing;
    struct error error = odata_search_parse(reader->arena, reader->target->type, value, &search);
    if (error_is_set(&error) || listing->filter == NULL) {
        listing->filter = error_is_set(&error) ? NULL : search;
        return error;
    }
    struct filter *both = arena_allocate_zeroed(reader->arena, sizeof *both);
    both->kind = FILTER_AND;
    both->pair.left = listing->filter;
    both->pair.right = search;
    listing->filter = both;
    return error;
}

static struct error read_orderby(struct reader *reader, struct slice value) {
    return odata_orderby_parse(reader->arena, reader->target->type, value,
                               &reader->options->listing);
}

static struct error read_top(struct reader *reader, struct slice value) {
    uint64_t top = 0;
    if (!slice_parse_unsigned(value, ODATA_TOP_AT_MOST, &top) || top == 0)
        return expected(reader, "$top", value, "a whole number from 1 to 999");
    reader->top = (size_t)top;
    return error_none();
}
_Static_assert(ODATA_TOP_AT_MOST == 999, "the message above names the number");

static struct error read_skip(struct reader *reader, struct slice value) {
    uint64_t skip = 0;
    if (!slice_parse_unsigned(value, INT32_MAX, &skip))
        return expected(reader, "$skip", value, "a whole number from 0 to 2147483647");
    reader->options->listing.skip = (uint32_t)skip;
    return error_none();
}

static struct error read_count(struct reader *reader, struct slice value) {
    bool is_true = slice_equals_ignoring_case(value, SLICE("true"));
    if (!is_true && !slice_equals_ignoring_case(value, SLICE("false")))
        return expected(reader, "$count", value, "true or false");
    reader->options->listing.wants_total = is_true;
    return error_none();
}

static struct error read_skiptoken(struct reader *reader, struct slice value) {
    struct odata_options *options = reader->options;
    struct error error =
        odata_skiptoken_read(reader->arena, value, options->fingerprint, reader->target->type,
                             &options->listing, &reader->page_size);
    if (!error_is_set(&error) && reader->page_size > ODATA_TOP_AT_MOST)
        reader->page_size = ODATA_TOP_AT_MOST;
    /* What was skipped lies before the position. */
    options->listing.skip = 0;
    return error;
}

static const struct {
    const char *name;       /* with its sign */
    enum odata_scope scope; /* the smallest answer that it makes sense for */
    bool is_kept;           /* on the way to the next page */
    struct error (*read)(struct reader *reader, struct slice value);
} known[OPTIONS] = {
    [OPTION_EXPAND] = {"$expand", ODATA_SCOPE_ENTITY, true, read_expand},
    [OPTION_SELECT] = {"$select", ODATA_SCOPE_ENTITY, true, read_select},
    [OPTION_FILTER] = {"$filter", ODATA_SCOPE_COUNT, true, read_filter},
    [OPTION_SEARCH] = {"$search", ODATA_SCOPE_COUNT, true, read_search},
    [OPTION_ORDERBY] = {"$orderby", ODATA_SCOPE_COLLECTION, true, read_orderby},
    [OPTION_TOP] = {"$top", ODATA_SCOPE_COLLECTION, true, read_top},
    [OPTION_SKIP] = {"$skip", ODATA_SCOPE_COLLECTION, false, read_skip},
    [OPTION_COUNT] = {"$count", ODATA_SCOPE_COLLECTION, true, read_count},
    [OPTION_SKIPTOKEN] = {"$skiptoken", ODATA_SCOPE_COLLECTION, false, read_skiptoken},
};

static struct error refuse_option(struct reader *reader, struct slice name) {
    return error_make_for(ERROR_INVALID, arena_copy(reader->arena, name).data,
                          "The query option '%.*s' is not supported for this resource.",
                          SLICE_PRINTF(name));
}

static struct error refuse_length(const char *name) {
    return error_make_for(ERROR_INVALID, name,
                          "The query option '%s' is too long: the options may have %d bytes "
                          "together, as they stand in the address.",
                          name, ODATA_OPTIONS_BYTES_AT_MOST);
}

static struct error keep(struct reader *reader, enum option option) {
    struct slice *kept = &reader->options->kept;
    *kept = arena_format(reader->arena, "%.*s%s=%.*s&", SLICE_PRINTF(*kept), known[option].name,
                         SLICE_PRINTF(percent_encode(reader->arena, reader->values[option])));
    return kept->length > ODATA_OPTIONS_BYTES_AT_MOST ? refuse_length(known[option].name)
                                                      : error_none();
}

static struct error take_known(struct reader *reader, enum option option, struct slice encoded) {
    const char *name = known[option].name;
    if (reader->target->scope < known[option].scope)
        return refuse_option(reader, slice_from_string(name));
    if (reader->is_given[option])
        return error_make_for(ERROR_INVALID, name,
                              "The query option '%s' is given more than once. Give it once.", name);
    if (encoded.length > ODATA_OPTIONS_BYTES_AT_MOST)
        return refuse_length(name);
    if (!percent_decode(reader->arena, encoded, true, &reader->values[option]))
        return error_make_for(ERROR_INVALID, name,
                              "The query option '%s' is not percent-encoded UTF-8.", name);
    reader->is_given[option] = true;
    return known[option].is_kept ? keep(reader, option) : error_none();
}

static struct error take_pair(struct reader *reader, struct slice pair) {
    struct slice encoded_name = {0};
    struct slice name = {0};
    if (pair.length == 0 || !slice_cut(&pair, '=', &encoded_name))
        return error_none();
    if (!percent_decode(reader->arena, encoded_name, true, &name))
        return error_make(ERROR_INVALID,
                          "The query of the address has a name that is not percent-encoded UTF-8.");
    bool has_sign = slice_starts_with(name, SLICE("$"));
    struct slice bare = has_sign ? slice_skip(name, 1) : name;
    for (size_t i = 0; i < OPTIONS; i++) {
        if (slice_equals_ignoring_case(bare, slice_from_string(known[i].name + 1)))
            return take_known(reader, (enum option)i, pair);
    }
    return has_sign ? refuse_option(reader, name) : error_none();
}

static uint64_t make_fingerprint(const struct reader *reader) {
    static const enum option parts[] = {OPTION_FILTER, OPTION_SEARCH, OPTION_ORDERBY};
    uint64_t fingerprint =
        odata_fingerprint_add(ODATA_FINGERPRINT_START, slice_from_string(reader->target->set_path));
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        fingerprint = odata_fingerprint_add(fingerprint, reader->values[parts[i]]);
    return fingerprint;
}

static bool names_heavy_property(const struct reader *reader) {
    const struct entity_type *type = reader->target->type;
    for (size_t i = 0; i < type->property_count; i++) {
        if (type->properties[i].is_heavy && odata_select_names(&reader->options->selection, i))
            return true;
    }
    return false;
}

/* What the client prefers bounds what it asks for; behind a first page, that page's size goes on
 * unless the client says something new. */
static size_t choose_page_size(struct reader *reader) {
    size_t preferred = reader->target->max_page_size;
    size_t most = reader->top > 0 ? reader->top : ODATA_TOP_AT_MOST;
    if (preferred > 0) {
        reader->options->has_max_page_size = true;
        return preferred < most ? preferred : most;
    }
    /* The PowerShell module writes a smaller $top into the link to the last page. */
    if (reader->page_size > 0)
        return reader->page_size < most ? reader->page_size : most;
    return reader->top > 0 ? reader->top : ODATA_PAGE_SIZE;
}

struct error odata_options_parse(struct arena *arena, const struct odata_target *target,
                                 struct slice query, struct odata_options *options) {
    *options = (struct odata_options){.scope = target->scope};
    struct reader reader = {.arena = arena, .target = target, .options = options};
    struct slice rest = query.length == 0 ? (struct slice){0} : query;
    struct slice pair = {0};
    struct error error = error_none();
    while (!error_is_set(&error) && slice_cut(&rest, '&', &pair))
        error = take_pair(&reader, pair);
    if (target->scope == ODATA_SCOPE_COLLECTION)
        options->fingerprint = make_fingerprint(&reader);
    for (size_t i = 0; i < OPTIONS && !error_is_set(&error); i++) {
        if (reader.is_given[i])
            error = known[i].read(&reader, reader.values[i]);
    }
    if (target->scope == ODATA_SCOPE_COUNT) {
        options->listing.wants_total = true;
        options->listing.limit = 1;
    }
    if (error_is_set(&error) || target->scope != ODATA_SCOPE_COLLECTION)
        return error;
    options->listing.limit = choose_page_size(&reader);
    if (options->listing.limit > ODATA_HEAVY_PAGE_SIZE && names_heavy_property(&reader))
        options->listing.limit = ODATA_HEAVY_PAGE_SIZE;
    return error;
}
