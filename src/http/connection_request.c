/* The first half of a connection's life: from bytes to a request at the door. */
#include "http/connection.h"

#include "http/access_log.h"
#include "http/forwarding.h"
#include "http/parser.h"

/* Behind a head, so that a body can be read at all without moving what the request points to. */
#define BODY_ROOM_AT_LEAST 2048
/* Method, version and blanks beside the target in the request line. */
#define REQUEST_LINE_EXTRA 64

static void finish_exchange(struct exchange *exchange) {
    struct http_transaction *transaction = exchange->owner;
    struct http_connection *connection = transaction->connection;
    struct http_loop *loop = transaction->loop;
    if (transaction->previous == NULL)
        loop->at_door = transaction->next;
    else
        transaction->previous->next = transaction->next;
    if (transaction->next != NULL)
        transaction->next->previous = transaction->previous;
    transaction->at_door = false;
    if (connection == NULL) {
        http_access_log_write(transaction, false);
        http_pool_give_transaction(&loop->pool, transaction);
        return;
    }
    connection->phase = HTTP_PHASE_WRITE;
    /* Inside handle the run that called it goes on by itself. */
    if (!connection->running)
        http_connection_run(connection);
}

static struct http_transaction *begin_transaction(struct http_connection *connection) {
    struct http_loop *loop = connection->loop;
    const struct http_server_options *options = &loop->shared->options;
    struct http_transaction *transaction = http_pool_take_transaction(&loop->pool);
    struct exchange *exchange = &transaction->exchange;
    transaction->connection = connection;
    transaction->loop = loop;
    transaction->listener = connection->listener;
    exchange->loop = loop->index;
    exchange->owner = transaction;
    exchange->finish = finish_exchange;
    exchange->received = clock_now(options->clock);
    exchange->request_id = guid_make_random(&loop->random.source);
    exchange->request.secure = connection->stream.ssl != NULL;
    memcpy(transaction->peer, connection->peer, sizeof transaction->peer);
    exchange->request.peer = slice_from_string(transaction->peer);
    http_date_update(&loop->date, exchange->received);
    http_count_up(&loop->counts.requests);
    connection->transaction = transaction;
    return transaction;
}

enum http_step http_connection_refuse(struct http_connection *connection,
                                      const struct error *error) {
    if (connection->transaction == NULL)
        (void)begin_transaction(connection);
    struct exchange *exchange = &connection->transaction->exchange;
    struct door *door = connection->listener->options.door;
    exchange->log_outcome = "refused";
    door->refuse(door, exchange, error);
    connection->closes = true;
    connection->lingers = true;
    connection->phase = HTTP_PHASE_WRITE;
    return HTTP_STEP_AGAIN;
}

static enum http_step hand_over(struct http_connection *connection, struct slice body) {
    struct http_loop *loop = connection->loop;
    struct http_transaction *transaction = connection->transaction;
    struct door *door = connection->listener->options.door;
    transaction->exchange.request.body = body;
    /* A body may take its time, and what happens meanwhile happens before this request. */
    transaction->exchange.received = clock_now(loop->shared->options.clock);
    transaction->at_door = true;
    transaction->previous = NULL;
    transaction->next = loop->at_door;
    if (loop->at_door != NULL)
        loop->at_door->previous = transaction;
    loop->at_door = transaction;
    connection->scan = (struct http_line_scan){0};
    connection->phase = HTTP_PHASE_DOOR;
    door->handle(door, &transaction->exchange);
    if (connection->phase == HTTP_PHASE_DOOR)
        http_deadline_start(&connection->deadline, &loop->waiting, loop->now);
    return HTTP_STEP_AGAIN;
}

static enum http_step fill_by(struct http_connection *connection,
                              struct http_deadline_queue *queue) {
    if (connection->deadline.queue != queue)
        http_deadline_start(&connection->deadline, queue, connection->loop->now);
    return http_connection_fill(connection);
}

static size_t find_body_limit(const struct http_connection *connection) {
    size_t own = connection->listener->options.body_bytes;
    return own > 0 ? own : connection->loop->shared->options.limits.body_bytes;
}

/* The client waits for this before it sends the body. The socket has taken nothing since the last
 * answer, so there is room for these few bytes, or something is wrong. */
static bool send_continue(struct http_connection *connection) {
    static char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    const struct iovec parts[2] = {{.iov_base = text, .iov_len = sizeof text - 1}};
    size_t count = 0;
    return http_stream_write(&connection->stream, parts, &count) == HTTP_STREAM_DONE &&
           count == sizeof text - 1;
}

static enum http_step begin_body(struct http_connection *connection) {
    const struct http_head *head = &connection->transaction->head;
    size_t limit = find_body_limit(connection);
    if (head->framing == HTTP_FRAMING_LENGTH && head->content_length > limit) {
        struct error error =
            error_make(ERROR_TOO_LARGE, "The body is larger than %zu bytes.", limit);
        return http_connection_refuse(connection, &error);
    }
    if (head->framing == HTTP_FRAMING_NONE) {
        connection->start = connection->body_start;
        return hand_over(connection, SLICE(""));
    }
    connection->body_in_place =
        head->content_length <= connection->input.capacity - connection->body_start;
    connection->phase = head->framing == HTTP_FRAMING_LENGTH ? HTTP_PHASE_BODY : HTTP_PHASE_CHUNKS;
    if (head->expects_continue && connection->input.length == connection->body_start &&
        !send_continue(connection))
        return HTTP_STEP_CLOSE;
    return HTTP_STEP_AGAIN;
}

/* Whom the client asks and who it is, as far as the head alone does not say. */
static void complete_request(struct http_connection *connection) {
    struct http_transaction *transaction = connection->transaction;
    struct request *request = &transaction->exchange.request;
    if (connection->is_proxy)
        http_forwarding_apply(connection->listener->options.proxies, request, transaction->peer);
    if (request->host.length > 0)
        return;
    char address[HTTP_ADDRESS_TEXT_SIZE];
    http_listener_describe_own_end(connection->stream.descriptor, address);
    request->host = arena_copy(&transaction->exchange.arena, slice_from_string(address));
}

/* What has been answered goes first: a pipeline that never pauses would otherwise have the input
 * grow with all that it sends. */
static void make_room_for_body(struct http_connection *connection, size_t head_length) {
    struct buffer *input = &connection->input;
    size_t needed = head_length + BODY_ROOM_AT_LEAST;
    if (input->capacity - connection->start >= needed)
        return;
    buffer_consume(input, connection->start);
    connection->start = 0;
    if (input->capacity < needed)
        buffer_reserve(input, needed - input->length);
}

static enum http_step begin_request(struct http_connection *connection) {
    const struct http_limits *limits = &connection->loop->shared->options.limits;
    const struct http_parser_limits parser_limits = {
        .target_bytes = limits->target_bytes,
        .header_count = limits->header_count,
    };
    struct buffer *input = &connection->input;
    size_t length = connection->scan.scanned;
    make_room_for_body(connection, length);
    connection->body_start = connection->start + length;
    struct http_transaction *transaction = begin_transaction(connection);
    struct slice head = {.data = input->data + connection->start, .length = length};
    struct error error = http_parser_read_head(
        &transaction->parser, head, connection->scan.first_line, &parser_limits,
        &transaction->exchange.arena, &transaction->exchange.request, &transaction->head);
    connection->scan = (struct http_line_scan){0};
    connection->passed_line = false;
    if (!error_is_set(&error) && length > limits->head_bytes)
        error = error_make(ERROR_HEADERS_TOO_LARGE, "The request's headers exceed %zu bytes.",
                           limits->head_bytes);
    if (error_is_set(&error))
        return http_connection_refuse(connection, &error);
    complete_request(connection);
    connection->closes = !transaction->head.keep_alive;
    return begin_body(connection);
}

/* No request is being read: the connection gives its memory back and waits. */
static enum http_step rest(struct http_connection *connection) {
    struct http_loop *loop = connection->loop;
    if (loop->stopping)
        return HTTP_STEP_CLOSE;
    http_pool_give_input(&loop->pool, &connection->input);
    connection->start = 0;
    /* After a request its time is running already, and an empty line must not prolong it. One that
     * came in pieces does, but only once: a second is refused. */
    if (connection->deadline.queue != &loop->idle)
        http_deadline_start(&connection->deadline, &loop->idle, loop->now);
    return HTTP_STEP_WAIT;
}

static struct error check_partial_head(const struct http_connection *connection, size_t length) {
    const struct http_limits *limits = &connection->loop->shared->options.limits;
    if (connection->scan.first_line == 0 && length > limits->target_bytes + REQUEST_LINE_EXTRA)
        return error_make(ERROR_URI_TOO_LONG, "The address is longer than %zu bytes.",
                          limits->target_bytes);
    if (length > limits->head_bytes)
        return error_make(ERROR_HEADERS_TOO_LARGE, "The request's headers exceed %zu bytes.",
                          limits->head_bytes);
    return error_none();
}

/* A request begins with a letter of its method; something else (TLS on a plain port, for one) is
 * not worth waiting for the rest of. CR may begin the empty line before a request. */
static bool may_begin_request(char first) {
    return (first > ' ' && first < 0x7F) || first == '\r';
}

/* RFC 9112 2.2: some clients send an empty line behind a body. More than one before a request is
 * nothing that a client has to say. */
static enum http_step pass_empty_line(struct http_connection *connection) {
    if (connection->passed_line) {
        struct error error =
            error_make(ERROR_INVALID, "There is more than one empty line before the request.");
        return http_connection_refuse(connection, &error);
    }
    connection->passed_line = true;
    connection->start += connection->scan.scanned;
    connection->scan = (struct http_line_scan){0};
    return HTTP_STEP_AGAIN;
}

static enum http_step read_head(struct http_connection *connection) {
    struct slice bytes = {
        .data = connection->input.data + connection->start,
        .length = connection->input.length - connection->start,
    };
    struct error error = error_none();
    if (!may_begin_request(bytes.data[0])) {
        error = error_make(ERROR_INVALID, "This is not an HTTP request.");
        return http_connection_refuse(connection, &error);
    }
    switch (http_line_scan_run(&connection->scan, bytes)) {
    case HTTP_LINE_SCAN_COMPLETE:
        return connection->scan.first_line > 0 ? begin_request(connection)
                                               : pass_empty_line(connection);
    case HTTP_LINE_SCAN_MORE:
        error = check_partial_head(connection, bytes.length);
        break;
    case HTTP_LINE_SCAN_BROKEN:
        error = error_make(ERROR_INVALID, "A line of the request's head does not end in CR LF, or "
                                          "continues the one before.");
        break;
    }
    if (error_is_set(&error))
        return http_connection_refuse(connection, &error);
    return HTTP_STEP_AGAIN;
}

enum http_step http_connection_step_head(struct http_connection *connection) {
    size_t known = connection->start + connection->scan.scanned;
    if (known < connection->input.length)
        return read_head(connection);
    if (connection->start < connection->input.length)
        return fill_by(connection, &connection->loop->heads);
    enum http_step step = http_connection_fill(connection);
    return step == HTTP_STEP_WAIT ? rest(connection) : step;
}

enum http_step http_connection_step_body(struct http_connection *connection) {
    struct http_transaction *transaction = connection->transaction;
    struct buffer *input = &connection->input;
    size_t length = (size_t)transaction->head.content_length;
    const char *bytes = input->data + connection->body_start;
    size_t there = input->length - connection->body_start;
    if (connection->body_in_place) {
        if (there < length)
            return fill_by(connection, &connection->loop->bodies);
        connection->start = connection->body_start + length;
        return hand_over(connection, (struct slice){.data = bytes, .length = length});
    }
    size_t missing = length - transaction->body.length;
    size_t taken = there < missing ? there : missing;
    buffer_append(&transaction->body, bytes, taken);
    if (taken < missing) {
        input->length = connection->body_start;
        return fill_by(connection, &connection->loop->bodies);
    }
    connection->start = connection->body_start + taken;
    return hand_over(connection, buffer_slice(&transaction->body));
}

enum http_step http_connection_step_chunks(struct http_connection *connection) {
    struct http_transaction *transaction = connection->transaction;
    struct buffer *input = &connection->input;
    struct slice bytes = {
        .data = input->data + connection->body_start,
        .length = input->length - connection->body_start,
    };
    if (bytes.length == 0)
        return fill_by(connection, &connection->loop->bodies);
    size_t consumed = 0;
    bool last = false;
    struct error error = http_parser_read_chunks(&transaction->parser, bytes, &transaction->body,
                                                 find_body_limit(connection), &consumed, &last);
    if (error_is_set(&error))
        return http_connection_refuse(connection, &error);
    size_t left = bytes.length - consumed;
    memmove(input->data + connection->body_start, bytes.data + consumed, left);
    input->length = connection->body_start + left;
    if (last)
        connection->phase = HTTP_PHASE_TRAILERS;
    return HTTP_STEP_AGAIN;
}

/* Trailers say nothing that a door would want to know; they are read over. */
enum http_step http_connection_step_trailers(struct http_connection *connection) {
    struct buffer *input = &connection->input;
    struct slice bytes = {
        .data = input->data + connection->body_start,
        .length = input->length - connection->body_start,
    };
    struct error error = error_none();
    switch (http_line_scan_run(&connection->scan, bytes)) {
    case HTTP_LINE_SCAN_COMPLETE:
        connection->start = connection->body_start + connection->scan.scanned;
        return hand_over(connection, buffer_slice(&connection->transaction->body));
    case HTTP_LINE_SCAN_MORE:
        if (input->length < input->capacity)
            return fill_by(connection, &connection->loop->bodies);
        error = error_make(ERROR_HEADERS_TOO_LARGE, "The trailers behind the body are too large.");
        break;
    case HTTP_LINE_SCAN_BROKEN:
        error = error_make(ERROR_INVALID, "The trailers behind the body are malformed.");
        break;
    }
    return http_connection_refuse(connection, &error);
}
