#include "http/connection.h"

#include <stdlib.h>

#include "base/memory.h"
#include "http/access_log.h"
#include "http/forwarding.h"

/* Steps in one pass of the loop, so that a client with many requests in its pipeline does not keep
 * the others waiting. */
#define STEPS_PER_PASS 256

static void on_event(evutil_socket_t descriptor, short what, void *context) {
    (void)descriptor;
    struct http_connection *connection = context;
    /* TLS may have to write before it can read on. */
    if ((what & (EV_READ | EV_CLOSED)) != 0 || connection->stream.ssl != NULL)
        connection->readable = true;
    if ((what & EV_CLOSED) != 0)
        connection->client_ended = true;
    http_connection_run(connection);
}

static void free_connection(struct http_connection *connection) {
    struct http_loop *loop = connection->loop;
    (void)event_del(&connection->event);
    http_deadline_stop(&connection->deadline);
    http_stream_close(&connection->stream);
    struct http_transaction *transaction = connection->transaction;
    if (transaction != NULL && transaction->at_door) {
        transaction->connection = NULL;
        transaction->input = connection->input;
    } else {
        if (transaction != NULL) {
            http_access_log_write(transaction, false);
            http_pool_give_transaction(&loop->pool, transaction);
        }
        http_pool_give_input(&loop->pool, &connection->input);
    }
    http_connection_limit_give(connection->listener->limit);
    (void)atomic_fetch_sub(&loop->connections, 1);
    free(connection);
}

void http_connection_open(struct http_loop *loop, const struct http_listener *listener,
                          int descriptor, const char *peer) {
    struct http_connection *connection = memory_allocate_zeroed(1, sizeof *connection);
    struct error error = http_stream_open(&connection->stream, descriptor, listener->options.tls);
    if (error_is_set(&error)) {
        LOG(loop->shared->options.log, LOG_LEVEL_ERROR, "connection refused",
            log_string("reason", error.message));
        http_count_up(&loop->counts.refused);
        http_connection_limit_give(listener->limit);
        free(connection);
        return;
    }
    (void)atomic_fetch_add(&loop->connections, 1);
    connection->loop = loop;
    connection->listener = listener;
    connection->deadline.connection = connection;
    memcpy(connection->peer, peer, strlen(peer) + 1);
    connection->is_proxy = http_proxies_have(listener->options.proxies, slice_from_string(peer));
    bool is_tls = listener->options.tls != NULL;
    connection->phase = is_tls ? HTTP_PHASE_HANDSHAKE : HTTP_PHASE_HEAD;
    http_deadline_start(&connection->deadline, is_tls ? &loop->handshakes : &loop->idle, loop->now);
    http_count_up(&loop->counts.accepted);
    (void)event_assign(&connection->event, loop->base, descriptor,
                       EV_READ | EV_WRITE | EV_CLOSED | EV_PERSIST | EV_ET, on_event, connection);
    if (event_add(&connection->event, NULL) != 0)
        free_connection(connection);
}

static enum http_step step_handshake(struct http_connection *connection) {
    switch (http_stream_handshake(&connection->stream)) {
    case HTTP_STREAM_DONE:
        connection->phase = HTTP_PHASE_HEAD;
        connection->readable = true;
        return HTTP_STEP_AGAIN;
    case HTTP_STREAM_WAIT:
        return HTTP_STEP_WAIT;
    default:
        return HTTP_STEP_CLOSE;
    }
}

static enum http_step step_door(struct http_connection *connection) {
    (void)connection;
    return HTTP_STEP_WAIT;
}

static enum http_step (*const steps[])(struct http_connection *connection) = {
    [HTTP_PHASE_HANDSHAKE] = step_handshake,
    [HTTP_PHASE_HEAD] = http_connection_step_head,
    [HTTP_PHASE_BODY] = http_connection_step_body,
    [HTTP_PHASE_CHUNKS] = http_connection_step_chunks,
    [HTTP_PHASE_TRAILERS] = http_connection_step_trailers,
    [HTTP_PHASE_DOOR] = step_door,
    [HTTP_PHASE_WRITE] = http_connection_step_write,
    [HTTP_PHASE_LINGER] = http_connection_step_linger,
};

void http_connection_run(struct http_connection *connection) {
    struct http_loop *loop = connection->loop;
    enum http_step step = HTTP_STEP_AGAIN;
    connection->running = true;
    for (int i = 0; i < STEPS_PER_PASS && step == HTTP_STEP_AGAIN; i++)
        step = steps[connection->phase](connection);
    connection->running = false;
    if (step == HTTP_STEP_CLOSE)
        free_connection(connection);
    else if (step == HTTP_STEP_AGAIN)
        http_deadline_start(&connection->deadline, &loop->deferred, loop->now);
}

/* Before a head is complete nothing points into the input, so it may move. */
static void make_room_for_head(struct http_connection *connection) {
    struct buffer *input = &connection->input;
    if (connection->start == input->length) {
        buffer_clear(input);
        connection->start = 0;
    }
    if (input->length < input->capacity)
        return;
    if (connection->start > 0) {
        buffer_consume(input, connection->start);
        connection->start = 0;
        return;
    }
    buffer_reserve(input, input->capacity);
}

enum http_step http_connection_fill(struct http_connection *connection) {
    struct buffer *input = &connection->input;
    if (!connection->readable)
        return HTTP_STEP_WAIT;
    http_pool_take_input(&connection->loop->pool, input);
    if (connection->transaction == NULL)
        make_room_for_head(connection);
    size_t room = input->capacity - input->length;
    size_t count = 0;
    switch (http_stream_read(&connection->stream, input->data + input->length, room, &count)) {
    case HTTP_STREAM_DONE:
        input->length += count;
        if (connection->stream.is_drained && !connection->client_ended)
            connection->readable = false;
        return HTTP_STEP_AGAIN;
    case HTTP_STREAM_WAIT:
        connection->readable = false;
        return HTTP_STEP_WAIT;
    default:
        return HTTP_STEP_CLOSE;
    }
}

void http_connection_expire(struct http_connection *connection) {
    const struct http_loop *loop = connection->loop;
    const struct http_deadline_queue *queue = connection->deadline.queue;
    if (queue != &loop->heads && queue != &loop->bodies) {
        free_connection(connection);
        return;
    }
    struct error error = error_make(ERROR_TIMEOUT, "The request did not arrive in time.");
    (void)http_connection_refuse(connection, &error);
    http_connection_run(connection);
}

void http_connection_stop(struct http_connection *connection) {
    struct http_loop *loop = connection->loop;
    if (connection->phase == HTTP_PHASE_HANDSHAKE) {
        free_connection(connection);
        return;
    }
    http_deadline_start(&connection->deadline, &loop->waiting, loop->now);
    connection->readable = true;
    http_connection_run(connection);
}

void http_connection_resume(struct http_connection *connection) {
    struct http_loop *loop = connection->loop;
    http_deadline_start(&connection->deadline, &loop->waiting, loop->now);
    http_connection_run(connection);
}

void http_connection_abandon(struct http_connection *connection) {
    free_connection(connection);
}
