/* The catalogue of events that webhooks are told, and how they follow from the audit.
 *
 * The audit is what the events are taken from: each change and each refusal has written its row
 * there in its own transaction, so no event can be lost or made up. One row gives none, one or two
 * events. Any thread. */
#ifndef MUSTER_WEBHOOK_WEBHOOK_EVENT_H
#define MUSTER_WEBHOOK_WEBHOOK_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/guid.h"
#include "base/slice.h"
#include "service/store_port.h"

/* The numbers are stored, as bits of a follower's place: append only. */
enum webhook_event_kind {
    WEBHOOK_TOKEN_REPLACED, /* before the creation of the token that replaced it */
    WEBHOOK_TOKEN_CREATED,
    WEBHOOK_TOKEN_REVOKED,
    WEBHOOK_TOKEN_EXPIRING,
    WEBHOOK_TOKEN_EXPIRED,
    WEBHOOK_DEVICE_ENROLLED,
    WEBHOOK_DEVICE_REFUSED,
    WEBHOOK_DEVICE_RETIRED,
    WEBHOOK_DEVICE_LEFT,
    WEBHOOK_DEVICE_DELETED,
    WEBHOOK_EVENT_COUNT,
};

#define WEBHOOK_EVENTS_ALL ((1U << WEBHOOK_EVENT_COUNT) - 1)
#define WEBHOOK_EVENTS_OF_ROW_AT_MOST 2

/* "token.created" and so on. */
const char *webhook_event_name(enum webhook_event_kind kind);
bool webhook_event_find(struct slice name, enum webhook_event_kind *kind) MUST_CHECK;

/* The audit's activities from which the events of the set follow, as STORE_AUDIT_FOLLOW takes them.
 */
uint64_t webhook_event_activities(unsigned events);

/* Which of the wanted events the row gives, in the order in which they are told. Returns how many.
 */
size_t webhook_event_of_row(const struct store_event *event, unsigned wanted,
                            enum webhook_event_kind kinds[static WEBHOOK_EVENTS_OF_ROW_AT_MOST]);

/* The same for the same event, however often it is sent; that of the audit event, but for
 * WEBHOOK_TOKEN_REPLACED, which is the second of its row. */
struct guid webhook_event_id(enum webhook_event_kind kind, const struct store_event *event);

#endif
