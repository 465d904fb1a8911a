/* A payload with the token left out, for settings that many profiles share: putting a token in is
 * two copies instead of a document written anew. Constant once made; any thread. */
#ifndef MUSTER_PROVISIONING_PAYLOAD_TEMPLATE_H
#define MUSTER_PROVISIONING_PAYLOAD_TEMPLATE_H

#include <stdbool.h>

#include "provisioning/payload.h"

/* All zero is a template of nothing, which takes no token. */
struct payload_template {
    struct buffer text;
    size_t token_at; /* offset in text */
};

/* settings as for provisioning_payload_write(), whose errors these are, too. End with
 * payload_template_free, which also wipes it. */
struct error payload_template_make(const struct provisioning_settings *settings,
                                   enum provisioning_format format,
                                   struct payload_template *made) MUST_CHECK;

/* Appends what provisioning_payload_write() would. False, and nothing appended, for a template of
 * nothing, and for a token that is more than ASCII letters and digits, which JSON might escape. */
bool payload_template_write(const struct payload_template *made, struct slice token,
                            struct buffer *out) MUST_CHECK;

void payload_template_free(struct payload_template *made);

#endif
