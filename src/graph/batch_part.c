#include "graph/batch_part.h"

#include <openssl/crypto.h>
#include <stdlib.h>

#include "provisioning/base64.h"

/* Headers that are about the connection, or about who asks: the batch's own count. */
static const struct {
    struct slice name;
    bool must_agree; /* with the batch's; the others are left out */
} foreign_headers[] = {
    {{"Authorization", 13}, true},    {{"Host", 4}, true},
    {{"Accept-Encoding", 15}, false}, {{"Connection", 10}, false},
    {{"Content-Length", 14}, false},  {{"Transfer-Encoding", 17}, false},
    {{"Expect", 6}, false},
};

static bool is_foreign(struct slice name, bool *must_agree) {
    for (size_t i = 0; i < sizeof foreign_headers / sizeof foreign_headers[0]; i++) {
        if (slice_equals_ignoring_case(name, foreign_headers[i].name)) {
            *must_agree = foreign_headers[i].must_agree;
            return true;
        }
    }
    return false;
}

static void add_header(struct request *request, struct header *headers, struct slice name,
                       struct slice value) {
    headers[request->header_count++] = (struct header){.name = name, .value = value};
}

static struct error fill_headers(struct exchange *part, const struct exchange *batch,
                                 const struct batch_request *request) {
    static const struct slice correlation = {"client-request-id", 17};
    struct header *headers =
        arena_allocate(&part->arena, (json_object_size(request->headers) + 1) * sizeof *headers);
    part->request.headers = headers;
    if (batch_request_find_header(request, correlation).data == NULL) {
        char *text = arena_allocate(&part->arena, GUID_TEXT_SIZE);
        add_header(&part->request, headers, correlation,
                   slice_from_string(guid_format(&batch->client_request_id, text)));
    }
    const char *name = NULL;
    const json_t *value = NULL;
    json_object_foreach((json_t *)request->headers, name, value) {
        bool must_agree = false;
        struct slice key = slice_from_string(name);
        struct slice text =
            slice_trim((struct slice){json_string_value(value), json_string_length(value)});
        if (!is_foreign(key, &must_agree))
            add_header(&part->request, headers, key, text);
        else if (must_agree && !slice_equals(text, request_find_header(&batch->request, key)))
            return error_make_for(ERROR_INVALID, name,
                                  "The header '%s' of a request of a batch is not the batch's own, "
                                  "which counts for all. Leave it out.",
                                  name);
    }
    return error_none();
}

/* Clients write blanks and letters of all languages into these addresses as they are. */
static struct slice encode(struct arena *arena, struct slice url) {
    static const char digits[] = "0123456789ABCDEF";
    char *out = arena_allocate(arena, 3 * url.length);
    size_t length = 0;
    for (size_t i = 0; i < url.length; i++) {
        unsigned char byte = (unsigned char)url.data[i];
        if (byte > ' ' && byte < 0x7F) {
            out[length++] = (char)byte;
            continue;
        }
        out[length++] = '%';
        out[length++] = digits[byte >> 4];
        out[length++] = digits[byte & 0xFU];
    }
    return (struct slice){.data = out, .length = length};
}

/* "https://…" and everything else with a scheme, and "//host/…". */
static bool is_absolute(struct slice url) {
    if (slice_starts_with(url, SLICE("//")))
        return true;
    for (size_t i = 0; i < url.length && url.data[i] != '/' && url.data[i] != '?'; i++) {
        if (url.data[i] == ':')
            return true;
    }
    return false;
}

static struct error fill_address(struct exchange *part, struct slice root_segment,
                                 struct slice url) {
    if (is_absolute(url) || memchr(url.data, '#', url.length) != NULL)
        return error_make_for(ERROR_INVALID, "url",
                              "The url of a request of a batch must be relative to the version, "
                              "such as /deviceManagement/managedDevices, and have no fragment.");
    if (slice_starts_with(url, SLICE("/")))
        url = slice_skip(url, 1);
    struct slice rest = encode(&part->arena, url);
    if (rest.length > BATCH_URL_BYTES_AT_MOST)
        return error_make_for(ERROR_URI_TOO_LONG, "url", "The url is longer than %d bytes.",
                              BATCH_URL_BYTES_AT_MOST);
    struct slice path = {0};
    bool has_path = slice_cut(&rest, '?', &path);
    part->request.path = arena_format(&part->arena, "/%.*s/%.*s", SLICE_PRINTF(root_segment),
                                      SLICE_PRINTF(has_path ? path : SLICE("")));
    part->request.query = rest;
    return error_none();
}

/* The text may hold a Wi-Fi password. It stays where the batch's own body and the arena hold it
 * until the answer; this third copy need not lie about in freed memory. */
static void fill_body(struct exchange *part, const json_t *body) {
    if (body == NULL)
        return;
    char *text = json_dumps(body, JSON_COMPACT | JSON_ENCODE_ANY);
    part->request.has_body = true;
    part->request.body = arena_copy(&part->arena, slice_from_string(text));
    if (text != NULL)
        OPENSSL_cleanse(text, strlen(text));
    free(text);
}

static struct slice to_upper_case(struct arena *arena, struct slice text) {
    char *out = arena_allocate(arena, text.length);
    for (size_t i = 0; i < text.length; i++) {
        bool is_small = text.data[i] >= 'a' && text.data[i] <= 'z';
        out[i] = is_small ? (char)(text.data[i] - 'a' + 'A') : text.data[i];
    }
    return (struct slice){.data = out, .length = text.length};
}

struct error batch_part_fill(struct exchange *part, const struct exchange *batch,
                             struct slice root_segment, const struct batch_request *request) {
    struct slice method = to_upper_case(&part->arena, request->method);
    part->request = (struct request){
        .method = request_method_parse(method),
        .method_name = method,
        .path = SLICE("/"),
        .secure = batch->request.secure,
        .host = batch->request.host,
        .peer = batch->request.peer,
    };
    struct error error = fill_headers(part, batch, request);
    if (!error_is_set(&error))
        error = fill_address(part, root_segment, request->url);
    if (!error_is_set(&error))
        fill_body(part, request->body);
    return error;
}

static void write_body(const struct exchange *part, struct json_writer *writer) {
    const struct response *response = &part->response;
    struct slice body = buffer_slice(&response->body);
    struct slice type = response_find_header(response, SLICE("Content-Type"));
    if (body.length == 0 || part->request.method == METHOD_HEAD) {
        json_write_null(writer);
    } else if (slice_starts_with(type, SLICE("application/json"))) {
        json_write_raw(writer, body);
    } else if (slice_starts_with(type, SLICE("text/"))) {
        json_write_text(writer, body);
    } else {
        struct buffer encoded = {0};
        base64_append(body, &encoded);
        json_write_text(writer, buffer_slice(&encoded));
        buffer_free(&encoded);
    }
}

void batch_part_write(const struct exchange *part, struct slice id, struct json_writer *writer) {
    const struct response *response = &part->response;
    json_open_object(writer);
    json_write_name(writer, "id");
    json_write_text(writer, id);
    json_write_name(writer, "status");
    json_write_integer(writer, response->status);
    json_write_name(writer, "headers");
    json_open_object(writer);
    for (size_t i = 0; i < response->header_count; i++) {
        json_write_text_name(writer, response->headers[i].name);
        json_write_text(writer, response->headers[i].value);
    }
    json_close_object(writer);
    json_write_name(writer, "body");
    write_body(part, writer);
    json_close_object(writer);
}
