/* Provisioning settings as JSON: what a client writes into a profile, and what is shown of it. */
#ifndef MUSTER_PROVISIONING_SETTINGS_JSON_H
#define MUSTER_PROVISIONING_SETTINGS_JSON_H

#include <jansson.h>

#include "base/arena.h"
#include "base/error.h"
#include "provisioning/settings.h"

/* Reads a text, as it is stored: an object whose members are named as in
 * provisioning_settings_set(): texts, booleans, a whole number for the port, an object for
 * adminExtras; null leaves a member unset. Texts are copied into the arena. ERROR_INVALID for what
 * is no object, an unknown member or a wrong type; the target is its name. Nothing is checked
 * beyond that. */
struct error provisioning_settings_parse_json(struct slice text, struct arena *arena,
                                              struct provisioning_settings *settings) MUST_CHECK;

/* The stored text without what must not be shown again: the Wi-Fi password. NULL pointer when it
 * is not JSON. */
struct slice provisioning_settings_show_json(struct slice text, struct arena *arena);

#endif
