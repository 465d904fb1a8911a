/* The secrets that a webhook and its receiver share, and the signature made with them.
 *
 * The form is the one that payment services made known: over the time of the attempt and the body,
 * so that neither can be changed and an old request cannot be played again. One thread at a time.
 */
#ifndef MUSTER_WEBHOOK_WEBHOOK_SECRET_H
#define MUSTER_WEBHOOK_WEBHOOK_SECRET_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/slice.h"

#define WEBHOOK_SECRET_LENGTH_AT_LEAST 32
#define WEBHOOK_SECRET_LENGTH_AT_MOST 256
/* Two while one takes the place of the other. */
#define WEBHOOK_SECRETS_AT_MOST 2

struct webhook_secrets {
    char text[WEBHOOK_SECRETS_AT_MOST][WEBHOOK_SECRET_LENGTH_AT_MOST];
    size_t length[WEBHOOK_SECRETS_AT_MOST];
    size_t count;
};

/* Reads the file: one secret a line, of printable ASCII without blanks; nobody but the owner may
 * read it. ERROR_INVALID names the file, what is wrong and what to do. What secrets held stays on
 * an error. */
struct error webhook_secrets_read(const char *path, struct webhook_secrets *secrets) MUST_CHECK;

/* "t=1764000000,v1=<hex>" with a v1 for each secret: HMAC-SHA256 over the decimal digits of
 * unix_seconds, a full stop and the body. */
void webhook_secrets_sign(const struct webhook_secrets *secrets, int64_t unix_seconds,
                          struct slice body, struct buffer *out);

/* Wipes them. */
void webhook_secrets_clear(struct webhook_secrets *secrets);

#endif
