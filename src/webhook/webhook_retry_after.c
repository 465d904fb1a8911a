#include "webhook/webhook_retry_after.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <string.h>

#include "base/slice.h"

#define DIGITS "0123456789"

static int64_t bound(int64_t ticks) {
    const int64_t most = WEBHOOK_RETRY_AFTER_SECONDS_AT_MOST * INSTANT_TICKS_PER_SECOND;
    if (ticks < 0)
        return 0;
    return ticks < most ? ticks : most;
}

/* Of digits alone. */
static int64_t read_seconds(const char *value) {
    uint64_t seconds = 0;
    /* More than that, however many digits it has, is as good as that. */
    if (!slice_parse_unsigned(slice_from_string(value), WEBHOOK_RETRY_AFTER_SECONDS_AT_MOST,
                              &seconds))
        seconds = WEBHOOK_RETRY_AFTER_SECONDS_AT_MOST;
    return (int64_t)seconds * INSTANT_TICKS_PER_SECOND;
}

int64_t webhook_retry_after_ticks(const char *value, instant now) {
    size_t digits = strspn(value, DIGITS);
    if (digits > 0)
        return value[digits] == '\0' ? bound(read_seconds(value)) : 0;
    /* All three forms of RFC 9110 5.6.7; -1 for everything else. */
    time_t date = curl_getdate(value, NULL);
    return date < 0 ? 0 : bound(instant_from_unix((int64_t)date) - now);
}
