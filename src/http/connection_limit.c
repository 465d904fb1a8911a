#include "http/connection_limit.h"

bool http_connection_limit_take(struct http_connection_limit *limit) {
    if (atomic_fetch_add_explicit(&limit->open, 1, memory_order_relaxed) < limit->at_most)
        return true;
    http_connection_limit_give(limit);
    return false;
}

void http_connection_limit_give(struct http_connection_limit *limit) {
    (void)atomic_fetch_sub_explicit(&limit->open, 1, memory_order_relaxed);
}

bool http_connection_limit_begins_to_refuse(struct http_connection_limit *limit) {
    return !atomic_exchange_explicit(&limit->is_refusing, true, memory_order_relaxed);
}

void http_connection_limit_settle(struct http_connection_limit *limit) {
    size_t open = atomic_load_explicit(&limit->open, memory_order_relaxed);
    if (atomic_load_explicit(&limit->is_refusing, memory_order_relaxed) &&
        open * 4 <= limit->at_most * 3)
        atomic_store_explicit(&limit->is_refusing, false, memory_order_relaxed);
}
