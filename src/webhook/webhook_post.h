/* One HTTPS POST with bounds on everything: time, bytes of the answer, protocols. Redirects are not
 * followed, and no proxy and no credentials are taken from environment or files. The webhooks'
 * thread only. */
#ifndef MUSTER_WEBHOOK_WEBHOOK_POST_H
#define MUSTER_WEBHOOK_WEBHOOK_POST_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/slice.h"
#include "webhook/webhook_settings.h"

/* Of the answer's body, which nobody reads. */
#define WEBHOOK_ANSWER_BYTES_AT_MOST 65536
/* Room for a date; a longer header is passed over. */
#define WEBHOOK_RETRY_AFTER_SIZE 64

struct webhook_post {
    CURL *easy;
    CURLM *multi;
    struct curl_slist *headers;
    size_t received;
    char retry_after[WEBHOOK_RETRY_AFTER_SIZE]; /* of the answer to what was not taken; may be empty
                                                 */
    bool is_running;
};

/* owner is what libcurl gives back with a finished transfer (CURLOPT_PRIVATE). ERROR_INTERNAL when
 * libcurl cannot be used. */
struct error webhook_post_open(struct webhook_post *post, CURLM *multi,
                               const struct webhook_settings *settings, void *owner) MUST_CHECK;

/* Begins to send. body stays as it is until the end; the checked address and the header lines, NULL
 * behind the last, are copied. */
struct error webhook_post_start(struct webhook_post *post, const char *url, struct slice body,
                                const char *const *headers) MUST_CHECK;

/* Called once libcurl reported the transfer as done. No error: the receiver took it (2xx). Else
 * ERROR_UNAVAILABLE, as the end of a sentence that begins with the receiver, and retry_after has
 * what a whole answer said in that header. */
struct error webhook_post_finish(struct webhook_post *post, CURLcode result) MUST_CHECK;

/* Ends a transfer that is running; what the receiver makes of it stays unknown. */
void webhook_post_break_off(struct webhook_post *post);

/* Breaks off a transfer that is still running, too. */
void webhook_post_close(struct webhook_post *post);

#endif
