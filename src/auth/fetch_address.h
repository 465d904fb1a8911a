/* Where keys may be fetched from: keys that came over a line that anybody can change are worth
 * nothing, so https everywhere, and plain http only where there is no line. Any thread. */
#ifndef MUSTER_AUTH_FETCH_ADDRESS_H
#define MUSTER_AUTH_FETCH_ADDRESS_H

#include <stdbool.h>

#include "base/error.h"

#define FETCH_ADDRESS_LENGTH_AT_MOST 2000

/* Whether url is https with a host, or http with a loopback host (127.0.0.0/8, ::1, localhost);
 * without user, password or fragment. ERROR_INVALID says what is wrong, as the end of a sentence
 * that begins with the setting's name. */
struct error fetch_address_check(const char *url) MUST_CHECK;

/* Whether a checked address is plain http. */
bool fetch_address_is_plain(const char *url);

#endif
