/* What a receiver that did not take an event says of the next attempt: the header Retry-After, RFC
 * 9110 10.2.3. Pure; any thread. */
#ifndef MUSTER_WEBHOOK_WEBHOOK_RETRY_AFTER_H
#define MUSTER_WEBHOOK_WEBHOOK_RETRY_AFTER_H

#include <stdint.h>

#include "base/instant.h"

/* A receiver that asks for more is asked again after so long. */
#define WEBHOOK_RETRY_AFTER_SECONDS_AT_MOST 3600

/* Ticks that the header's value, seconds or a date, asks to wait from now on; 0 when it says
 * nothing that can be understood, or a date that has passed. */
int64_t webhook_retry_after_ticks(const char *value, instant now);

#endif
