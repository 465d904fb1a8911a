#include "http/transaction.h"

#include <stdlib.h>

#include "base/memory.h"

/* A buffer that one large message has blown up is not kept for the small ones that follow, but for
 * one in the pool: growing it step by step for each page of a list would have the kernel map and
 * clear the same memory again and again. */
#define KEPT_BUFFER_AT_MOST 16384
#define KEPT_LARGE_BODY_AT_MOST 524288

static void clear_buffer(struct buffer *buffer) {
    if (buffer->capacity > KEPT_BUFFER_AT_MOST)
        buffer_free(buffer);
    else
        buffer_clear(buffer);
}

static void keep_large_body(struct http_pool *pool, struct buffer *body) {
    if (body->capacity <= KEPT_BUFFER_AT_MOST || body->capacity > KEPT_LARGE_BODY_AT_MOST ||
        pool->large_body.data != NULL)
        return;
    buffer_clear(body);
    pool->large_body = *body;
    *body = (struct buffer){.data = NULL};
}

static void clear_exchange(struct exchange *exchange) {
    arena_reset(&exchange->arena);
    exchange->response.status = 0;
    exchange->response.header_count = 0;
    clear_buffer(&exchange->response.body);
    exchange->request = (struct request){.method = METHOD_OTHER};
    exchange->client_request_id = (struct guid){{0}};
    exchange->tenant = (struct guid){{0}};
    exchange->log_outcome = NULL;
    exchange->abandon = NULL;
    exchange->door_state = NULL;
}

struct http_transaction *http_pool_take_transaction(struct http_pool *pool) {
    struct http_transaction *transaction = pool->transactions;
    if (transaction == NULL) {
        transaction = memory_allocate_zeroed(1, sizeof *transaction);
        transaction->exchange.request.method = METHOD_OTHER;
        return transaction;
    }
    pool->transactions = transaction->next;
    pool->transaction_count--;
    transaction->next = NULL;
    struct buffer *body = &transaction->exchange.response.body;
    if (body->data == NULL) {
        *body = pool->large_body;
        pool->large_body = (struct buffer){.data = NULL};
    }
    return transaction;
}

static void free_transaction(struct http_transaction *transaction) {
    arena_free(&transaction->exchange.arena);
    response_free(&transaction->exchange.response);
    buffer_free(&transaction->body);
    buffer_free(&transaction->output);
    free(transaction);
}

void http_pool_give_transaction(struct http_pool *pool, struct http_transaction *transaction) {
    buffer_free(&transaction->input);
    keep_large_body(pool, &transaction->exchange.response.body);
    if (pool->transaction_count == HTTP_POOLED_AT_MOST) {
        free_transaction(transaction);
        return;
    }
    clear_exchange(&transaction->exchange);
    clear_buffer(&transaction->body);
    clear_buffer(&transaction->output);
    transaction->connection = NULL;
    transaction->written = 0;
    transaction->body_bytes = 0;
    transaction->at_door = false;
    transaction->previous = NULL;
    transaction->next = pool->transactions;
    pool->transactions = transaction;
    pool->transaction_count++;
}

void http_pool_take_input(struct http_pool *pool, struct buffer *input) {
    if (input->data != NULL)
        return;
    if (pool->input_count > 0)
        input->data = pool->inputs[--pool->input_count];
    else
        input->data = memory_allocate(HTTP_INPUT_SIZE);
    input->capacity = HTTP_INPUT_SIZE;
    input->length = 0;
}

void http_pool_give_input(struct http_pool *pool, struct buffer *input) {
    if (input->capacity == HTTP_INPUT_SIZE && pool->input_count < HTTP_POOLED_AT_MOST) {
        pool->inputs[pool->input_count++] = input->data;
        *input = (struct buffer){.data = NULL};
        return;
    }
    buffer_free(input);
}

void http_pool_close(struct http_pool *pool) {
    while (pool->transactions != NULL) {
        struct http_transaction *next = pool->transactions->next;
        free_transaction(pool->transactions);
        pool->transactions = next;
    }
    pool->transaction_count = 0;
    buffer_free(&pool->large_body);
    while (pool->input_count > 0)
        free(pool->inputs[--pool->input_count]);
}
