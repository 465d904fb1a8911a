#include "auth/token_payload.h"

#include "auth/refusal.h"
#include "auth/token_json.h"

/* Far enough from everything that happens, and sums of a few of them fit. */
#define SECONDS_AT_MOST (INT64_C(1) << 53)

static int64_t clamp(int64_t seconds) {
    if (seconds > SECONDS_AT_MOST)
        return SECONDS_AT_MOST;
    return seconds < -SECONDS_AT_MOST ? -SECONDS_AT_MOST : seconds;
}

enum rounding { ROUND_DOWN, ROUND_UP };

static int64_t clamp_real(double seconds, enum rounding rounding) {
    if (seconds >= (double)SECONDS_AT_MOST)
        return SECONDS_AT_MOST;
    if (seconds <= -(double)SECONDS_AT_MOST)
        return -SECONDS_AT_MOST;
    int64_t whole = (int64_t)seconds; /* towards zero */
    if (rounding == ROUND_DOWN && (double)whole > seconds)
        return whole - 1;
    return rounding == ROUND_UP && (double)whole < seconds ? whole + 1 : whole;
}

/* The claim's seconds; fallback when it is absent. A fraction is rounded so that the token is valid
 * for a shorter time, never longer. */
static bool read_seconds(const json_t *payload, const char *name, enum rounding rounding,
                         int64_t fallback, int64_t *seconds) {
    const json_t *value = json_object_get(payload, name);
    *seconds = fallback;
    if (json_is_integer(value))
        *seconds = clamp(json_integer_value(value));
    else if (json_is_real(value))
        *seconds = clamp_real(json_real_value(value), rounding);
    else
        return value == NULL;
    return true;
}

struct error token_payload_check_lifetime(const json_t *payload, int skew_seconds, int64_t now,
                                          struct token_lifetime *lifetime) {
    int64_t expires = 0;
    int64_t not_before = 0;
    int64_t issued = 0;
    if (json_object_get(payload, "exp") == NULL)
        return refusal_because("The token has no expiry.");
    if (!read_seconds(payload, "exp", ROUND_DOWN, 0, &expires) ||
        !read_seconds(payload, "nbf", ROUND_UP, -SECONDS_AT_MOST, &not_before) ||
        !read_seconds(payload, "iat", ROUND_DOWN, -SECONDS_AT_MOST, &issued))
        return refusal_because("exp, nbf and iat must be numbers.");
    lifetime->from = (issued > not_before ? issued : not_before) - skew_seconds;
    lifetime->until = expires + skew_seconds;
    if (now >= lifetime->until)
        return refusal_of_expired_token();
    return now < lifetime->from ? refusal_of_early_token() : error_none();
}

static bool is_audience(const json_t *value, const struct issuer_settings *issuer) {
    struct slice text = {0};
    if (!token_json_text(value, &text))
        return false;
    for (size_t i = 0; i < issuer->audience_count; i++) {
        if (slice_equals_string(text, issuer->audiences[i]))
            return true;
    }
    return false;
}

struct error token_payload_check_audience(const json_t *payload,
                                          const struct issuer_settings *issuer) {
    const json_t *audience = json_object_get(payload, "aud");
    bool found = is_audience(audience, issuer);
    for (size_t i = 0; !found && i < json_array_size(audience); i++)
        found = is_audience(json_array_get(audience, i), issuer);
    return found ? error_none() : refusal_because("Invalid audience.");
}
