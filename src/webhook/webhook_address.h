/* Where a webhook's events are sent. The address may be a secret in itself (whoever knows it may
 * send), so that no log and no error repeats it. One thread at a time. */
#ifndef MUSTER_WEBHOOK_WEBHOOK_ADDRESS_H
#define MUSTER_WEBHOOK_WEBHOOK_ADDRESS_H

#include <stdbool.h>

#include "auth/fetch_address.h"
#include "base/error.h"
#include "webhook/webhook_settings.h"

struct webhook_address {
    char text[FETCH_ADDRESS_LENGTH_AT_MOST + 1];
};

/* Whether url is one to send to: https, or http to this machine with takes_plain_http.
 * ERROR_INVALID is the end of a sentence that begins with the address. */
struct error webhook_address_check(const char *url, bool takes_plain_http) MUST_CHECK;

/* The address that the settings hold, or the one line of the file that they name, checked; nobody
 * but the owner may read the file. ERROR_INVALID names the file, what is wrong and what to do. What
 * address held stays on an error. */
struct error webhook_address_read(const struct webhook_settings *settings,
                                  struct webhook_address *address) MUST_CHECK;

/* Wipes it. */
void webhook_address_clear(struct webhook_address *address);

#endif
