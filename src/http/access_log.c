#include "http/access_log.h"

#include "http/loop.h"

void http_access_log_write(const struct http_transaction *transaction, bool was_delivered) {
    struct http_loop *loop = transaction->loop;
    struct log *log = loop->shared->options.log;
    if (!transaction->listener->options.access_log || !log_is_enabled(log, LOG_LEVEL_INFO))
        return;
    const struct exchange *exchange = &transaction->exchange;
    int64_t ticks = clock_now(loop->shared->options.clock) - exchange->received;
    struct log_field fields[10] = {
        log_guid("request_id", exchange->request_id),
        log_text("method", exchange->request.method_name),
        log_text("path", exchange->request.path),
    };
    size_t count = 3;
    /* The door of a request whose client has left early never saw it. */
    if (exchange->response.status != 0)
        fields[count++] = log_number("status", exchange->response.status);
    fields[count++] = log_number("bytes", (int64_t)transaction->written);
    fields[count++] = log_number("microseconds", ticks / (INSTANT_TICKS_PER_MILLISECOND / 1000));
    fields[count++] = log_text("peer", exchange->request.peer);
    if (!guid_is_zero(&exchange->tenant))
        fields[count++] = log_guid("tenant", exchange->tenant);
    if (exchange->log_outcome != NULL)
        fields[count++] = log_string("outcome", exchange->log_outcome);
    if (!was_delivered)
        fields[count++] = log_string("delivered", "false");
    log_write(log, LOG_LEVEL_INFO, "request", fields, count);
    loop->lines_logged++;
}
