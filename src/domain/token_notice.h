/* What becomes of a profile's current token by time alone: it is about to expire, and it expires.
 * Plain data; no I/O. */
#ifndef MUSTER_DOMAIN_TOKEN_NOTICE_H
#define MUSTER_DOMAIN_TOKEN_NOTICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/guid.h"
#include "base/instant.h"
#include "base/slice.h"

enum token_notice_kind {
    TOKEN_NOTICE_EXPIRING,
    TOKEN_NOTICE_EXPIRED,
};

/* When something becomes of a token. */
struct token_timing {
    int64_t token_id;
    instant created;
    instant expires;
    bool is_warned; /* it was told already that it is about to expire */
};

/* One thing to be told. */
struct token_notice {
    int64_t token_id;
    enum token_notice_kind kind;

    /* Whether it was told just now: false when it had been before, or when the token is not its
     * profile's current one any more or was ended. The rest is only filled in when it was. */
    bool is_given;
    bool was_warned; /* before */
    struct guid tenant;
    struct guid profile_id;
    struct slice profile_name;
    instant expires;
};

#endif
