#include "domain/token.h"

struct error token_validity_check(int64_t seconds) {
    if (seconds < TOKEN_VALIDITY_SECONDS_AT_LEAST || seconds > TOKEN_VALIDITY_SECONDS_AT_MOST)
        return error_make_for(ERROR_INVALID, "tokenValidityInSeconds",
                              "The parameter 'tokenValidityInSeconds' must be an Int32 from %d to "
                              "%d (seconds until the token expires); %lld was given.",
                              TOKEN_VALIDITY_SECONDS_AT_LEAST, TOKEN_VALIDITY_SECONDS_AT_MOST,
                              (long long)seconds);
    return error_none();
}

instant token_expiry(instant now, int32_t validity_seconds) {
    return instant_add_seconds(now, validity_seconds);
}

instant token_effective_expiry(const struct token *token) {
    if (token->end != TOKEN_NOT_ENDED && token->ended < token->expires)
        return token->ended;
    return token->expires;
}

/* A revocation that has been answered holds whatever the clocks say; only a replaced token may live
 * on for a while. */
bool token_is_live_at(const struct token *token, instant now) {
    return token->id != 0 && token->end != TOKEN_REVOKED && now < token_effective_expiry(token);
}

instant token_warning_instant(instant created, instant expires, int64_t warning_seconds) {
    instant warned = instant_add_seconds(expires, -warning_seconds);
    return warned > created && warned < expires ? warned : INSTANT_NEVER;
}

enum token_state token_state_at(const struct token *token, instant now) {
    if (token_is_live_at(token, now))
        return TOKEN_STATE_ACTIVE;
    if (token->end == TOKEN_NOT_ENDED || token->ended >= token->expires)
        return TOKEN_STATE_EXPIRED;
    return token->end == TOKEN_REPLACED ? TOKEN_STATE_REPLACED : TOKEN_STATE_REVOKED;
}
