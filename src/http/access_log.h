/* The log's line for each request. */
#ifndef MUSTER_HTTP_ACCESS_LOG_H
#define MUSTER_HTTP_ACCESS_LOG_H

#include <stdbool.h>

#include "http/transaction.h"

/* Before the transaction goes back to the pool, whatever became of it: was_delivered says whether
 * all of the answer went to the client. Nothing where the listener keeps no access log. The loop's
 * thread. */
void http_access_log_write(const struct http_transaction *transaction, bool was_delivered);

#endif
