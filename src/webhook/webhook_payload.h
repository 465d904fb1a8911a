/* The body of a webhook's request: one event as JSON.
 *
 * It says what happened to what, and names it so that the receiver can ask for the rest over Graph.
 * What it is made from is the audit's row, which never holds a token's value, a credential or
 * another secret; network addresses are left out. Any thread. */
#ifndef MUSTER_WEBHOOK_WEBHOOK_PAYLOAD_H
#define MUSTER_WEBHOOK_WEBHOOK_PAYLOAD_H

#include "base/buffer.h"
#include "webhook/webhook_event.h"

void webhook_payload_write(struct buffer *out, enum webhook_event_kind kind,
                           const struct store_event *event);

#endif
