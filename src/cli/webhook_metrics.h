/* What /metrics says of webhooks. */
#ifndef MUSTER_CLI_WEBHOOK_METRICS_H
#define MUSTER_CLI_WEBHOOK_METRICS_H

#include <stddef.h>

#include "base/buffer.h"
#include "webhook/webhook_thread.h"

/* count of them, as the thread was started with; nothing for none. Any thread. */
void webhook_metrics_write(struct webhook_thread *webhooks, size_t count, struct buffer *out);

#endif
