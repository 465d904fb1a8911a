#include "http/parser.h"

#include "http/request_target.h"

/* What chunk sizes, extensions and line ends may add to a body: enough for the smallest chunks,
 * not enough to keep a loop busy with extensions that nobody reads. */
#define FRAMING_BYTES_AT_MOST 4096
#define FRAMING_BYTES_PER_CHUNK 64

static struct http_parser *parser_of(llhttp_t *state) {
    return state->data;
}

static int take_target(llhttp_t *state, const char *at, size_t length) {
    parser_of(state)->target = (struct slice){.data = at, .length = length};
    return HPE_OK;
}

static int take_version(llhttp_t *state, const char *at, size_t length) {
    parser_of(state)->version = (struct slice){.data = at, .length = length};
    return HPE_OK;
}

static int take_name(llhttp_t *state, const char *at, size_t length) {
    struct http_parser *parser = parser_of(state);
    if (parser->header_count == parser->headers_at_most) {
        parser->limit_reached = true;
        return HPE_USER;
    }
    if (length == 0)
        return HPE_USER;
    parser->headers[parser->header_count++] = (struct header){
        .name = {.data = at, .length = length},
        .value = SLICE(""),
    };
    return HPE_OK;
}

static int take_value(llhttp_t *state, const char *at, size_t length) {
    struct http_parser *parser = parser_of(state);
    parser->headers[parser->header_count - 1].value =
        slice_trim((struct slice){.data = at, .length = length});
    return HPE_OK;
}

/* Nothing here speaks another protocol, so "Upgrade" is a header like any other. What the head says
 * about the connection is asked for now, since llhttp forgets it at the end of the request. */
static int end_head(llhttp_t *state) {
    state->upgrade = 0;
    parser_of(state)->keep_alive = llhttp_should_keep_alive(state) != 0;
    return HPE_OK;
}

static int take_chunk_size(llhttp_t *state) {
    struct http_parser *parser = parser_of(state);
    parser->chunks++;
    parser->last_chunk = state->content_length == 0;
    return parser->last_chunk ? HPE_PAUSED : HPE_OK;
}

static int take_body(llhttp_t *state, const char *at, size_t length) {
    struct http_parser *parser = parser_of(state);
    if (!parser->reading_body)
        return HPE_USER;
    if (length > parser->body_at_most - parser->body->length) {
        parser->limit_reached = true;
        return HPE_USER;
    }
    buffer_append(parser->body, at, length);
    return HPE_OK;
}

static const llhttp_settings_t callbacks = {
    .on_url = take_target,
    .on_version = take_version,
    .on_header_field = take_name,
    .on_header_value = take_value,
    .on_headers_complete = end_head,
    .on_chunk_header = take_chunk_size,
    .on_body = take_body,
};

static bool is_token(struct slice text) {
    static const char marks[] = "!#$%&'*+-.^_`|~";
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.data[i];
        bool is_letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        bool is_digit = byte >= '0' && byte <= '9';
        if (!is_letter && !is_digit && memchr(marks, byte, sizeof marks - 1) == NULL)
            return false;
    }
    return text.length > 0;
}

static struct error malformed_request_line(void) {
    return error_make(ERROR_INVALID, "The request line is malformed: it must be a method, an "
                                     "address and HTTP/1.1 or HTTP/1.0, parted by one blank each.");
}

/* llhttp knows a fixed list of methods and treats some of them in ways of their own. None of that
 * is wanted here, so it reads every request as a POST. */
static llhttp_errno_t run_over_head(struct http_parser *parser, struct slice head,
                                    size_t method_length) {
    static const char stand_in[] = "POST";
    llhttp_init(&parser->state, HTTP_REQUEST, &callbacks);
    parser->state.data = parser;
    llhttp_errno_t result = llhttp_execute(&parser->state, stand_in, sizeof stand_in - 1);
    if (result != HPE_OK)
        return result;
    struct slice rest = slice_skip(head, method_length);
    return llhttp_execute(&parser->state, rest.data, rest.length);
}

static struct error explain_head(const struct http_parser *parser, llhttp_errno_t reason) {
    switch (reason) {
    case HPE_OK:
        return error_none();
    case HPE_INVALID_METHOD:
    case HPE_INVALID_URL:
    case HPE_INVALID_VERSION:
    case HPE_INVALID_CONSTANT:
        return malformed_request_line();
    case HPE_INVALID_TRANSFER_ENCODING:
        return error_make_for(ERROR_NOT_IMPLEMENTED, "Transfer-Encoding",
                              "Of all transfer codings only \"chunked\" is known here.");
    case HPE_INVALID_CONTENT_LENGTH:
        return error_make_for(ERROR_INVALID, "Content-Length",
                              "Content-Length must be one decimal number.");
    case HPE_UNEXPECTED_CONTENT_LENGTH:
        return error_make_for(ERROR_INVALID, "Content-Length",
                              "The request says more than once how long its body is.");
    default:
        if (parser->limit_reached)
            return error_make(ERROR_HEADERS_TOO_LARGE, "The request has more than %zu headers.",
                              parser->headers_at_most);
        return error_make(ERROR_INVALID, "A header of the request is malformed.");
    }
}

/* One blank between the parts and nothing behind the version: what other servers might read in
 * another way is refused. */
static bool is_strict_request_line(const struct http_parser *parser, struct slice head,
                                   size_t method_length, size_t first_line) {
    static const size_t version_distance = sizeof " HTTP/" - 1;
    return parser->target.data == head.data + method_length + 1 &&
           parser->version.data == parser->target.data + parser->target.length + version_distance &&
           parser->version.data + parser->version.length == head.data + first_line;
}

static struct error read_framing(struct http_parser *parser, const struct request *request,
                                 struct http_head *head) {
    struct slice coding = {.data = NULL, .length = 0};
    size_t codings = 0;
    bool has_length = false;
    for (size_t i = 0; i < request->header_count; i++) {
        const struct header *header = &request->headers[i];
        if (header->name.length == 17 &&
            slice_equals_ignoring_case(header->name, SLICE("Transfer-Encoding"))) {
            coding = header->value;
            codings++;
        } else if (header->name.length == 14 &&
                   slice_equals_ignoring_case(header->name, SLICE("Content-Length"))) {
            has_length = true;
        }
    }
    if (codings > 0 && (has_length || head->is_1_0))
        return explain_head(parser, HPE_UNEXPECTED_CONTENT_LENGTH);
    if (codings > 1 || (codings == 1 && !slice_equals_ignoring_case(coding, SLICE("chunked"))))
        return explain_head(parser, HPE_INVALID_TRANSFER_ENCODING);
    if (codings == 1)
        head->framing = HTTP_FRAMING_CHUNKED;
    else if (has_length)
        head->framing = HTTP_FRAMING_LENGTH;
    head->content_length = has_length ? parser->state.content_length : 0;
    return error_none();
}

static struct error read_expectation(const struct request *request, struct http_head *head) {
    struct slice expect = request_find_header(request, SLICE("Expect"));
    if (expect.data == NULL || head->is_1_0)
        return error_none();
    if (!slice_equals_ignoring_case(expect, SLICE("100-continue")))
        return error_make_for(ERROR_INVALID, "Expect",
                              "The only expectation that can be met is \"100-continue\".");
    head->expects_continue = head->framing != HTTP_FRAMING_NONE;
    return error_none();
}

static struct error read_request_line(struct slice head, size_t first_line, size_t target_bytes,
                                      struct request *request) {
    struct slice line = {.data = head.data, .length = first_line};
    struct slice rest = line;
    (void)slice_cut(&rest, ' ', &request->method_name);
    if (!is_token(request->method_name)) {
        request->method_name = SLICE("");
        return malformed_request_line();
    }
    request->method = request_method_parse(request->method_name);
    const char *blank = memrchr(rest.data == NULL ? "" : rest.data, ' ', rest.length);
    if (blank != NULL && (size_t)(blank - rest.data) > target_bytes)
        return error_make(ERROR_URI_TOO_LONG, "The address is longer than %zu bytes.",
                          target_bytes);
    return error_none();
}

static struct error read_details(struct http_parser *parser, struct request *request,
                                 struct http_head *result) {
    struct error error = http_request_target_read(parser->target, request);
    if (error_is_set(&error))
        return error;
    error = http_request_host_read(request, !result->is_1_0);
    if (error_is_set(&error))
        return error;
    error = read_framing(parser, request, result);
    if (error_is_set(&error))
        return error;
    request->has_body = result->framing != HTTP_FRAMING_NONE;
    return read_expectation(request, result);
}

/* No more headers than lines, so that a usual request takes little of its arena. */
static size_t count_lines(struct slice head, size_t at_most) {
    size_t count = 0;
    const char *end = head.data + head.length;
    for (const char *at = head.data; at < end && count < at_most; count++) {
        at = memchr(at, '\n', (size_t)(end - at));
        if (at == NULL)
            break;
        at++;
    }
    return count;
}

struct error http_parser_read_head(struct http_parser *parser, struct slice head, size_t first_line,
                                   const struct http_parser_limits *limits, struct arena *arena,
                                   struct request *request, struct http_head *result) {
    *result = (struct http_head){.framing = HTTP_FRAMING_NONE};
    struct error error = read_request_line(head, first_line, limits->target_bytes, request);
    if (error_is_set(&error))
        return error;
    parser->headers_at_most = count_lines(head, limits->header_count);
    parser->headers = arena_allocate(arena, parser->headers_at_most * sizeof *parser->headers);
    parser->header_count = 0;
    parser->target = (struct slice){.data = NULL, .length = 0};
    parser->version = (struct slice){.data = NULL, .length = 0};
    parser->reading_body = false;
    parser->limit_reached = false;
    size_t method_length = request->method_name.length;
    error = explain_head(parser, run_over_head(parser, head, method_length));
    if (error_is_set(&error))
        return error;
    bool is_1_1 = slice_equals(parser->version, SLICE("1.1"));
    if ((!is_1_1 && !slice_equals(parser->version, SLICE("1.0"))) ||
        !is_strict_request_line(parser, head, method_length, first_line))
        return malformed_request_line();
    result->is_1_0 = !is_1_1;
    result->keep_alive = parser->keep_alive;
    request->headers = parser->headers;
    request->header_count = parser->header_count;
    return read_details(parser, request, result);
}

struct error http_parser_read_chunks(struct http_parser *parser, struct slice input,
                                     struct buffer *body, size_t body_bytes, size_t *consumed,
                                     bool *last) {
    if (!parser->reading_body) {
        parser->reading_body = true;
        parser->last_chunk = false;
        parser->framing_bytes = 0;
        parser->chunks = 0;
    }
    parser->body = body;
    parser->body_at_most = body_bytes;
    size_t before = body->length;
    llhttp_errno_t result = llhttp_execute(&parser->state, input.data, input.length);
    *last = result == HPE_PAUSED && parser->last_chunk;
    *consumed = *last ? (size_t)(llhttp_get_error_pos(&parser->state) - input.data) : input.length;
    if (parser->limit_reached)
        return error_make(ERROR_TOO_LARGE, "The body is larger than %zu bytes.", body_bytes);
    parser->framing_bytes += *consumed - (body->length - before);
    if (result != HPE_OK && !*last)
        return error_make(ERROR_INVALID, "The chunked body is malformed.");
    if (parser->framing_bytes > FRAMING_BYTES_AT_MOST + FRAMING_BYTES_PER_CHUNK * parser->chunks)
        return error_make(ERROR_INVALID, "The chunked body holds too little content for its "
                                         "chunks' extensions.");
    return error_none();
}
