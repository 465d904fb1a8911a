/* How long a webhook waits after attempts that failed. Pure but for the randomness passed in. */
#ifndef MUSTER_WEBHOOK_WEBHOOK_BACKOFF_H
#define MUSTER_WEBHOOK_WEBHOOK_BACKOFF_H

#include <stdint.h>

#include "base/instant.h"
#include "base/random.h"

#define WEBHOOK_BACKOFF_FIRST_SECONDS 1
#define WEBHOOK_BACKOFF_SECONDS_AT_MOST 300

/* Ticks to wait after so many failures in a row, from 1: a second, doubled with each, 300 at most;
 * of that a random part between the half and the whole, so that many servers do not come back to a
 * receiver at once. */
int64_t webhook_backoff_ticks(unsigned failures, const struct random_source *random);

#endif
