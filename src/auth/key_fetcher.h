/* The keys thread: fetches the keys of every issuer in the background and publishes them. All
 * transfers run side by side, so that an issuer that does not answer holds up no other. */
#ifndef MUSTER_AUTH_KEY_FETCHER_H
#define MUSTER_AUTH_KEY_FETCHER_H

#include <stddef.h>

#include "auth/issuer.h"
#include "auth/published_keys.h"
#include "base/error.h"
#include "base/instant.h"
#include "base/log.h"

struct key_fetcher;

/* Reads the files among the sources at once, then starts the thread for the rest. issuers,
 * published (one an issuer), clock and log outlive it. To be called before other threads use
 * libcurl. Errors: ERROR_INTERNAL. */
struct error key_fetcher_open(const struct issuer_settings *issuers,
                              struct published_keys *published, size_t issuer_count,
                              const struct clock *clock, struct log *log,
                              struct key_fetcher **fetcher) MUST_CHECK;

/* A token named a key of that issuer that is not known: has its keys fetched again, unless that
 * happened for the same reason within the last minute. Any thread; does not wait. */
void key_fetcher_want(struct key_fetcher *fetcher, size_t issuer, instant now);

/* Has the keys of every issuer fetched now. Any thread; does not wait. */
void key_fetcher_refresh(struct key_fetcher *fetcher);

/* Breaks off what is running and ends the thread. fetcher may be NULL. */
void key_fetcher_close(struct key_fetcher *fetcher);

#endif
