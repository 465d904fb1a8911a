/* How a client wants to read a collection: which records, in which order, and where a page begins
 * and ends. Plain data.
 *
 * A page goes on behind a position: the order's values of the last record that was handed out, and
 * its row. Records that come and go in the meantime therefore neither repeat nor hide others, and
 * the record of the position itself may be gone. */
#ifndef MUSTER_DOMAIN_LISTING_H
#define MUSTER_DOMAIN_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/filter.h"

#define LISTING_ORDERS_AT_MOST 8
/* Texts are ordered by so many code points at their beginning. */
#define LISTING_ORDER_TEXT_AT_MOST 200

struct listing_order {
    unsigned field;
    bool descending;
};

struct listing_position {
    struct filter_value keys[LISTING_ORDERS_AT_MOST]; /* one for each order */
    int64_t row;
};

struct listing {
    const struct filter *filter; /* NULL: all records */
    /* Null comes before every value, and after it when descending. Records that are equal in all
     * orders, and all records without any order, come in the order in which they were created;
     * audit events in the reverse of it, the newest first. */
    struct listing_order orders[LISTING_ORDERS_AT_MOST];
    size_t order_count;
    bool has_after;
    struct listing_position after;
    uint32_t skip;    /* records to leave out at the beginning */
    size_t limit;     /* at most so many, at least 1 */
    bool wants_total; /* count all records that the filter lets through */
};

/* What a page says beside its records. */
struct listing_end {
    bool has_more;
    struct listing_position position; /* of the last record, where there are more */
    int64_t total;                    /* where it was wanted */
};

#endif
