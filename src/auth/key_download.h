/* One document fetched over HTTP with bounds on everything: time, bytes, protocols, redirects. No
 * proxy is taken from the environment and no credentials from files. Keys thread only. */
#ifndef MUSTER_AUTH_KEY_DOWNLOAD_H
#define MUSTER_AUTH_KEY_DOWNLOAD_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/slice.h"

#define KEY_DOWNLOAD_CONNECT_SECONDS 5L
#define KEY_DOWNLOAD_TOTAL_SECONDS 10L
#define KEY_DOWNLOAD_REDIRECTS_AT_MOST 3L

struct key_download {
    CURL *easy;
    CURLM *multi;
    struct buffer body;
    bool too_large;
    bool running;
    char problem[CURL_ERROR_SIZE]; /* libcurl's own words */
};

/* owner is what libcurl gives back with a finished transfer (CURLOPT_PRIVATE). ca_file may be NULL.
 * ERROR_INTERNAL when libcurl cannot be used. */
struct error key_download_open(struct key_download *download, CURLM *multi, const char *ca_file,
                               void *owner) MUST_CHECK;

/* Begins to fetch a checked address (fetch_address_check). One at a time. */
struct error key_download_start(struct key_download *download, const char *url) MUST_CHECK;

/* Called once libcurl reported the transfer as done. Errors: ERROR_UNAVAILABLE, as the end of a
 * sentence that begins with the address. The body stays until the next start. */
struct error key_download_finish(struct key_download *download, CURLcode result) MUST_CHECK;

/* The max-age of the answer's Cache-Control (RFC 9111 section 5.2.2.1); fallback without one. */
int64_t key_download_max_age(const struct key_download *download, int64_t fallback);

/* Ends a transfer that is still running, too. */
void key_download_close(struct key_download *download);

#endif
