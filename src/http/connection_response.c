/* The second half of a connection's life: from the door's response to the next request. */
#include "http/connection.h"

#include "http/access_log.h"
#include "http/response_head.h"

/* A body of this size at most is copied behind the head: one piece to write, one TLS record. */
#define COPIED_BODY_AT_MOST 4096
/* What a client may still send while it is told that its request was refused. */
#define DRAIN_PER_STEP 65536
#define DRAIN_AT_MOST 1048576

static void prepare(struct http_connection *connection) {
    struct http_transaction *transaction = connection->transaction;
    struct exchange *exchange = &transaction->exchange;
    struct response *response = &exchange->response;
    if (response->status < 200 || response->status > 599) {
        response_reset(response);
        response->status = 500;
    }
    http_count_up(&connection->loop->counts.responses_by_class[response->status / 100]);
    connection->closes = connection->closes || connection->loop->stopping;
    const struct http_limits *limits = &connection->loop->shared->options.limits;
    const struct http_compression_limits compression = {.at_least = limits->compressed_at_least,
                                                        .at_most = limits->compressed_at_most};
    http_compressor_apply(&connection->loop->compressor, &compression, &exchange->request,
                          response);
    const struct http_response_frame frame = {
        .closes = connection->closes,
        .keeps_1_0 = transaction->head.is_1_0,
        .secure = exchange->request.secure,
        .date_line = {.data = connection->loop->date.line, .length = connection->loop->date.length},
    };
    http_response_head_write(&transaction->output, response, &frame);
    size_t length = response->body.length;
    if (exchange->request.method == METHOD_HEAD || !http_response_may_have_body(response->status))
        length = 0;
    if (length <= COPIED_BODY_AT_MOST)
        buffer_append(&transaction->output, response->body.data, length);
    else
        transaction->body_bytes = length;
}

static enum http_step begin_linger(struct http_connection *connection) {
    struct http_loop *loop = connection->loop;
    bool has_unread = connection->input.length > connection->start;
    if (!connection->lingers && !has_unread && !loop->stopping)
        return HTTP_STEP_CLOSE;
    http_stream_end(&connection->stream);
    http_pool_give_input(&loop->pool, &connection->input);
    connection->start = 0;
    connection->phase = HTTP_PHASE_LINGER;
    http_deadline_start(&connection->deadline, &loop->lingering, loop->now);
    return HTTP_STEP_AGAIN;
}

static enum http_step complete(struct http_connection *connection) {
    struct http_loop *loop = connection->loop;
    struct http_transaction *transaction = connection->transaction;
    http_access_log_write(transaction, true);
    http_pool_give_transaction(&loop->pool, transaction);
    connection->transaction = NULL;
    if (connection->closes)
        return begin_linger(connection);
    /* A request that is in the pipeline already has its own time, not what this one left. */
    http_deadline_start(&connection->deadline, &loop->idle, loop->now);
    connection->phase = HTTP_PHASE_HEAD;
    return HTTP_STEP_AGAIN;
}

static void find_rest(const struct http_transaction *transaction, struct iovec parts[2]) {
    const struct buffer *output = &transaction->output;
    size_t head = transaction->written < output->length ? transaction->written : output->length;
    size_t body = transaction->written - head;
    parts[0] = (struct iovec){.iov_base = output->data + head, .iov_len = output->length - head};
    parts[1] = (struct iovec){.iov_base = NULL, .iov_len = transaction->body_bytes - body};
    if (parts[1].iov_len > 0)
        parts[1].iov_base = transaction->exchange.response.body.data + body;
}

enum http_step http_connection_step_write(struct http_connection *connection) {
    struct http_transaction *transaction = connection->transaction;
    struct http_loop *loop = connection->loop;
    if (transaction->output.length == 0)
        prepare(connection);
    struct iovec parts[2];
    find_rest(transaction, parts);
    size_t count = 0;
    switch (http_stream_write(&connection->stream, parts, &count)) {
    case HTTP_STREAM_DONE:
        transaction->written += count;
        if (transaction->written == transaction->output.length + transaction->body_bytes)
            return complete(connection);
        http_deadline_start(&connection->deadline, &loop->writes, loop->now);
        return HTTP_STEP_AGAIN;
    case HTTP_STREAM_WAIT:
        if (connection->deadline.queue != &loop->writes)
            http_deadline_start(&connection->deadline, &loop->writes, loop->now);
        return HTTP_STEP_WAIT;
    default:
        return HTTP_STEP_CLOSE;
    }
}

enum http_step http_connection_step_linger(struct http_connection *connection) {
    struct http_loop *loop = connection->loop;
    size_t count = 0;
    switch (http_stream_drain(&connection->stream, DRAIN_PER_STEP, &count)) {
    case HTTP_STREAM_DONE:
        connection->drained += count;
        return connection->drained < DRAIN_AT_MOST ? HTTP_STEP_AGAIN : HTTP_STEP_CLOSE;
    case HTTP_STREAM_WAIT:
        /* It may come from a pass in which it had its share, and there is no limit there. */
        if (connection->deadline.queue != &loop->lingering)
            http_deadline_start(&connection->deadline, &loop->lingering, loop->now);
        return HTTP_STEP_WAIT;
    default:
        return HTTP_STEP_CLOSE;
    }
}
