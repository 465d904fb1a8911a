#include "graph/etag.h"

#include <inttypes.h>
#include <stdio.h>

/* One header, from the first of its lines to the last. */
struct scan {
    const struct request *request;
    struct slice name;
    size_t next_header;
    struct slice rest; /* of the present line */
    size_t tags;
    bool is_given;
    bool is_any;
};

static struct scan begin_scan(const struct request *request, struct slice name) {
    return (struct scan){.request = request, .name = name};
}

struct slice etag_format(struct arena *arena, const struct revision *revision,
                         const struct etag_mark *mark) {
    static const char letters[2][2] = {{'d', 'l'}, {'D', 'L'}};
    return arena_format(arena, "W/\"%" PRIx64 "-%" PRIx64 "-%" PRIx32 "%c\"",
                        (uint64_t)revision->number, (uint64_t)revision->last_modified, mark->run,
                        letters[mark->shows_secrets][mark->is_live]);
}

static struct error malformed(const struct scan *scan) {
    char name[32];
    (void)snprintf(name, sizeof name, "%.*s", SLICE_PRINTF(scan->name));
    return error_make_for(ERROR_INVALID, name,
                          "The header '%s' must be * or a list of entity tags such as W/\"5\", at "
                          "most %d.",
                          name, ETAG_LISTED_AT_MOST);
}

/* Moves on to the next line of the header; false when there is none. */
static bool next_line(struct scan *scan) {
    while (scan->next_header < scan->request->header_count) {
        const struct header *header = &scan->request->headers[scan->next_header++];
        if (!slice_equals_ignoring_case(header->name, scan->name))
            continue;
        scan->is_given = true;
        scan->rest = header->value;
        return true;
    }
    return false;
}

/* RFC 9110 8.8.3: what may stand between the quotes. */
static size_t measure_opaque(struct slice text) {
    size_t length = 0;
    while (length < text.length && text.data[length] != '"' &&
           (unsigned char)text.data[length] > ' ' && text.data[length] != 0x7F)
        length++;
    return length;
}

static void skip_separators(struct slice *rest) {
    while (rest->length > 0 &&
           (rest->data[0] == ' ' || rest->data[0] == '\t' || rest->data[0] == ','))
        *rest = slice_skip(*rest, 1);
}

/* Cuts one tag off the line; the text between its quotes. */
static bool cut_tag(struct slice *rest, struct slice *opaque) {
    if (slice_starts_with(*rest, SLICE("W/")))
        *rest = slice_skip(*rest, 2);
    if (!slice_starts_with(*rest, SLICE("\"")))
        return false;
    *rest = slice_skip(*rest, 1);
    *opaque = (struct slice){.data = rest->data, .length = measure_opaque(*rest)};
    *rest = slice_skip(*rest, opaque->length);
    if (!slice_starts_with(*rest, SLICE("\"")))
        return false;
    *rest = slice_trim(slice_skip(*rest, 1));
    return rest->length == 0 || rest->data[0] == ',';
}

/* The next tag's text; an empty slice with a NULL pointer at the end. "*" stands alone. */
static struct error next_tag(struct scan *scan, struct slice *opaque) {
    *opaque = (struct slice){0};
    skip_separators(&scan->rest);
    while (scan->rest.length == 0) {
        if (!next_line(scan))
            return scan->is_given && !scan->is_any && scan->tags == 0 ? malformed(scan)
                                                                      : error_none();
        skip_separators(&scan->rest);
    }
    if (slice_equals(slice_trim(scan->rest), SLICE("*")) && !scan->is_any && scan->tags == 0) {
        scan->is_any = true;
        scan->rest = SLICE("");
        return next_tag(scan, opaque);
    }
    if (scan->is_any || scan->tags == ETAG_LISTED_AT_MOST || !cut_tag(&scan->rest, opaque))
        return malformed(scan);
    scan->tags++;
    return error_none();
}

static bool read_hexadecimal(struct slice text, int64_t *value) {
    uint64_t number = 0;
    if (text.length == 0 || text.length > 16)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        char digit = text.data[i];
        bool is_decimal = digit >= '0' && digit <= '9';
        if (!is_decimal && (digit < 'a' || digit > 'f'))
            return false;
        number = number * 16 + (uint64_t)(is_decimal ? digit - '0' : digit - 'a' + 10);
    }
    *value = (int64_t)number;
    return number <= INT64_MAX;
}

/* The revision that a tag of ours begins with. */
static bool read_revision(struct slice opaque, struct revision *revision) {
    struct slice number = {0};
    struct slice last_modified = {0};
    return slice_cut(&opaque, '-', &number) && slice_cut(&opaque, '-', &last_modified) &&
           opaque.data != NULL && read_hexadecimal(number, &revision->number) &&
           read_hexadecimal(last_modified, &revision->last_modified);
}

static struct error read_set(struct arena *arena, const struct request *request, struct slice name,
                             struct revision_set *set) {
    *set = (struct revision_set){0};
    if (request_find_header(request, name).data == NULL)
        return error_none();
    struct revision *items = arena_allocate(arena, ETAG_LISTED_AT_MOST * sizeof *items);
    struct scan scan = begin_scan(request, name);
    struct slice opaque = {0};
    struct error error = next_tag(&scan, &opaque);
    while (!error_is_set(&error) && opaque.data != NULL) {
        if (read_revision(opaque, &items[set->count]))
            set->count++;
        error = next_tag(&scan, &opaque);
    }
    set->items = items;
    set->is_given = scan.is_given;
    set->is_any = scan.is_any;
    return error;
}

struct error etag_read_precondition(struct arena *arena, const struct request *request,
                                    struct precondition *precondition) {
    struct error error = read_set(arena, request, SLICE("If-Match"), &precondition->one_of);
    return error_is_set(&error)
               ? error
               : read_set(arena, request, SLICE("If-None-Match"), &precondition->none_of);
}

/* Whether one of the header's tags is this one or, where a revision is given, names that. */
static struct error find(struct scan *scan, struct slice tag, const struct revision *revision,
                         bool *found) {
    struct slice opaque = {0};
    struct slice own = {.data = tag.data + 3, .length = tag.length - 4}; /* W/"own" */
    *found = false;
    struct error error = next_tag(scan, &opaque);
    while (!error_is_set(&error) && opaque.data != NULL) {
        struct revision named;
        *found = *found || (revision == NULL ? slice_equals(opaque, own)
                                             : read_revision(opaque, &named) &&
                                                   named.number == revision->number &&
                                                   named.last_modified == revision->last_modified);
        error = next_tag(scan, &opaque);
    }
    *found = *found || scan->is_any;
    return error;
}

struct error etag_judge_get(const struct request *request, struct slice tag,
                            const struct revision *revision, enum etag_outcome *outcome) {
    struct scan one_of = begin_scan(request, SLICE("If-Match"));
    struct scan none_of = begin_scan(request, SLICE("If-None-Match"));
    bool is_one = false;
    bool is_known = false;
    *outcome = ETAG_SEND;
    struct error error = find(&one_of, tag, revision, &is_one);
    if (!error_is_set(&error))
        error = find(&none_of, tag, NULL, &is_known);
    if (error_is_set(&error))
        return error;
    if (one_of.is_given && !is_one)
        *outcome = ETAG_FAILED;
    else if (is_known)
        *outcome = ETAG_NOT_MODIFIED;
    return error_none();
}
