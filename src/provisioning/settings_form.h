/* The forms that texts of the settings must have: questions with yes or no for an answer. Any
 * thread. */
#ifndef MUSTER_PROVISIONING_SETTINGS_FORM_H
#define MUSTER_PROVISIONING_SETTINGS_FORM_H

#include <stdbool.h>

#include "base/slice.h"

/* Whether there is a byte below U+0020, or U+007F. */
bool settings_form_has_control(struct slice text);

/* package/class as ComponentName.unflattenFromString reads it: a package of two or more Java names,
 * and a class that is full (has a dot) or short (begins with one). */
bool settings_form_is_component(struct slice text);

/* 32 bytes in URL-safe Base64 (RFC 4648 section 5) without padding, as resolving leaves them. */
bool settings_form_is_digest(struct slice text);

/* http:// or https:// in lower case, a host, and nothing but visible ASCII (RFC 3986: other
 * characters are percent-encoded). */
bool settings_form_is_url(struct slice text);
bool settings_form_is_https_url(struct slice text);

/* An http address on localhost, 127.0.0.1 or [::1]. */
bool settings_form_is_loopback_url(struct slice text);

/* A host's name or address: letters, digits, '-', '.', ':' and square brackets. */
bool settings_form_is_host(struct slice text);

/* ll, ll_RR or ll_Ssss_RR: language (ISO 639), script (ISO 15924), region (ISO 3166, UN M.49). */
bool settings_form_is_locale(struct slice text);

/* The form of a name in the time zone database: Area/Location, Area/Location/Place or one word.
 * Whether the device knows the name only the device can say. */
bool settings_form_is_time_zone(struct slice text);

/* The key itself in place of a passphrase: 64 hexadecimal digits. */
bool settings_form_is_wpa_key(struct slice text);

/* 5, 13 or 16 characters, or 10 or 26 hexadecimal digits. */
bool settings_form_is_wep_key(struct slice text);

#endif
