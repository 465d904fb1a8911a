#include "graph/address.h"

#include "message/percent.h"

static bool parse_version(struct slice segment, enum graph_version *version) {
    if (slice_equals_ignoring_case(segment, SLICE("v1.0")))
        *version = GRAPH_V1_0;
    else if (slice_equals_ignoring_case(segment, SLICE("beta")))
        *version = GRAPH_BETA;
    else
        return false;
    return true;
}

static struct error refuse_segment(void) {
    return error_make(ERROR_INVALID,
                      "The address has a segment that is empty, '.' or '..', holds an encoded "
                      "slash, or is not percent-encoded UTF-8. Correct the address.");
}

static struct error add_segment(struct graph_address *address, struct slice segment) {
    if (address->segment_count == ADDRESS_SEGMENTS_AT_MOST)
        return error_make(ERROR_INVALID, "The address has more than %d segments.",
                          ADDRESS_SEGMENTS_AT_MOST);
    address->segments[address->segment_count++] = segment;
    return error_none();
}

/* The text inside quotes, with "''" for one quote as OData has it. */
static bool unquote(struct arena *arena, struct slice literal, struct slice *text) {
    if (literal.length < 2 || literal.data[0] != '\'' || literal.data[literal.length - 1] != '\'')
        return false;
    struct slice inner = {.data = literal.data + 1, .length = literal.length - 2};
    char *out = arena_allocate(arena, inner.length);
    size_t length = 0;
    for (size_t i = 0; i < inner.length; i++) {
        if (inner.data[i] == '\'' && (++i == inner.length || inner.data[i] != '\''))
            return false;
        out[length++] = inner.data[i];
    }
    *text = (struct slice){.data = out, .length = length};
    return true;
}

/* "Profiles('key')" or "Profiles(id='key')" are two segments; anything else is one. */
static struct error add_with_key(struct arena *arena, struct graph_address *address,
                                 struct slice segment) {
    const char *open = memchr(segment.data, '(', segment.length);
    if (open == NULL || segment.data[segment.length - 1] != ')')
        return add_segment(address, segment);
    struct slice name = {.data = segment.data, .length = (size_t)(open - segment.data)};
    struct slice literal = {.data = open + 1, .length = segment.length - name.length - 2};
    if (slice_starts_with(literal, SLICE("id=")))
        literal = slice_skip(literal, 3);
    struct slice key = {0};
    if (name.length == 0 || !unquote(arena, literal, &key))
        return error_make_for(ERROR_INVALID, "id",
                              "The key in parentheses of '%.*s' must be a quoted text, as in "
                              "%.*s('00000000-0000-0000-0000-000000000000').",
                              SLICE_PRINTF(segment), SLICE_PRINTF(name));
    struct error error = add_segment(address, name);
    if (!error_is_set(&error))
        error = add_segment(address, key);
    if (!error_is_set(&error))
        address->keys |= 1U << (address->segment_count - 1);
    return error;
}

static bool is_refused(struct slice decoded) {
    return decoded.length == 0 || slice_equals(decoded, SLICE(".")) ||
           slice_equals(decoded, SLICE("..")) ||
           memchr(decoded.data, '/', decoded.length) != NULL ||
           memchr(decoded.data, '\\', decoded.length) != NULL;
}

struct error graph_address_parse(struct arena *arena, struct slice path,
                                 struct graph_address *address) {
    *address = (struct graph_address){0};
    struct slice rest = slice_skip(path, 1);
    if (slice_ends_with(rest, SLICE("/")))
        rest.length--;
    struct slice encoded = {0};
    bool first = true;
    while (slice_cut(&rest, '/', &encoded)) {
        struct slice segment = {0};
        if (!percent_decode(arena, encoded, false, &segment) || is_refused(segment))
            return refuse_segment();
        if (first) {
            if (!parse_version(segment, &address->version))
                return error_make(ERROR_INVALID, "Invalid version: %.*s. Use v1.0 or beta.",
                                  SLICE_PRINTF(segment));
            address->root_segment = segment;
            first = false;
            continue;
        }
        struct error error = add_with_key(arena, address, segment);
        if (error_is_set(&error))
            return error;
    }
    return error_none();
}

bool graph_address_is_graph(struct slice path) {
    struct slice rest = slice_skip(path, 1);
    struct slice first = {0};
    enum graph_version version = GRAPH_V1_0;
    return slice_cut(&rest, '/', &first) && parse_version(first, &version);
}
