#include "webhook/webhook_backoff.h"

/* Doubled so often, the first wait is beyond the longest. */
#define DOUBLINGS_AT_MOST 9

int64_t webhook_backoff_ticks(unsigned failures, const struct random_source *random) {
    uint32_t chance = 0;
    unsigned doublings = failures > 0 ? failures - 1 : 0;
    if (doublings > DOUBLINGS_AT_MOST)
        doublings = DOUBLINGS_AT_MOST;
    int64_t seconds = INT64_C(1) * WEBHOOK_BACKOFF_FIRST_SECONDS << doublings;
    if (seconds > WEBHOOK_BACKOFF_SECONDS_AT_MOST)
        seconds = WEBHOOK_BACKOFF_SECONDS_AT_MOST;
    int64_t half = seconds * INSTANT_TICKS_PER_SECOND / 2;
    random_fill(random, &chance, sizeof chance);
    return half + (int64_t)((uint64_t)half * chance / UINT32_MAX);
}
