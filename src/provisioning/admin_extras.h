/* What is handed to the device policy controller itself: the token and further extras. Only for
 * this folder. Any thread. */
#ifndef MUSTER_PROVISIONING_ADMIN_EXTRAS_H
#define MUSTER_PROVISIONING_ADMIN_EXTRAS_H

#include <jansson.h>

#include "base/error.h"
#include "base/json_writer.h"
#include "provisioning/settings.h"

struct admin_extras {
    json_t *further; /* the operator's, in their order; NULL: none */
};

/* Parses the resolved settings' admin_extras and checks that they are one JSON object whose values
 * are texts, whole numbers and booleans (what Android's PersistableBundle takes from a QR code),
 * with names of 1 to PROVISIONING_EXTRAS_KEY_AT_MOST bytes that do not clash with the names of
 * token, server address and pin. ERROR_INVALID otherwise, without quoting a value. End with
 * admin_extras_close, also after an error. */
struct error admin_extras_open(const struct provisioning_settings *settings,
                               struct admin_extras *extras) MUST_CHECK;
void admin_extras_close(struct admin_extras *extras);

/* Writes the object: the token first, server address and pin where the preset has names for them,
 * then the operator's own. The settings must have passed the check. */
void admin_extras_write(const struct admin_extras *extras,
                        const struct provisioning_settings *settings, struct slice token,
                        struct json_writer *writer);

#endif
