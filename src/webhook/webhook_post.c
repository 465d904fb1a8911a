#include "webhook/webhook_post.h"

#include <string.h>

#include "auth/fetch_address.h"

/* libcurl's type of it has no const. */
// NOLINTNEXTLINE(readability-non-const-parameter)
static size_t pass_over(char *data, size_t size, size_t count, void *context) {
    struct webhook_post *post = context;
    (void)data;
    post->received += size * count;
    return post->received > WEBHOOK_ANSWER_BYTES_AT_MOST ? 0 : size * count;
}

static bool set_receiver(CURL *easy, const struct webhook_settings *settings) {
    return curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, settings->timeout_seconds) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_TIMEOUT, settings->timeout_seconds) == CURLE_OK &&
           (settings->ca_file == NULL ||
            /* In place of the system's, not beside them. */
            (curl_easy_setopt(easy, CURLOPT_CAINFO, settings->ca_file) == CURLE_OK &&
             curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) == CURLE_OK));
}

/* curl_easy_setopt reports an option that this libcurl was built without. */
static bool set_options(struct webhook_post *post, void *owner) {
    CURL *easy = post->easy;
    return curl_easy_setopt(easy, CURLOPT_PRIVATE, owner) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, pass_over) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, post) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           /* A name server that does not answer must not hold up the end of the process. */
           curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_USERAGENT, "muster") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POST, 1L) == CURLE_OK;
}

struct error webhook_post_open(struct webhook_post *post, CURLM *multi,
                               const struct webhook_settings *settings, void *owner) {
    *post = (struct webhook_post){.multi = multi, .easy = curl_easy_init()};
    if (post->easy == NULL || !set_options(post, owner) || !set_receiver(post->easy, settings)) {
        webhook_post_close(post);
        return error_make(ERROR_INTERNAL, "libcurl cannot be set up: it is older than 7.87 or was "
                                          "built without TLS");
    }
    return error_none();
}

static bool copy_headers(struct webhook_post *post, const char *const *headers) {
    curl_slist_free_all(post->headers);
    post->headers = NULL;
    for (; *headers != NULL; headers++) {
        struct curl_slist *longer = curl_slist_append(post->headers, *headers);
        if (longer == NULL)
            return false;
        post->headers = longer;
    }
    return true;
}

struct error webhook_post_start(struct webhook_post *post, const char *url, struct slice body,
                                const char *const *headers) {
    const char *protocols = fetch_address_is_plain(url) ? "http" : "https";
    post->received = 0;
    if (!copy_headers(post, headers) ||
        curl_easy_setopt(post->easy, CURLOPT_URL, url) != CURLE_OK ||
        curl_easy_setopt(post->easy, CURLOPT_PROTOCOLS_STR, protocols) != CURLE_OK ||
        curl_easy_setopt(post->easy, CURLOPT_HTTPHEADER, post->headers) != CURLE_OK ||
        curl_easy_setopt(post->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.length) !=
            CURLE_OK ||
        curl_easy_setopt(post->easy, CURLOPT_POSTFIELDS, body.data) != CURLE_OK ||
        curl_multi_add_handle(post->multi, post->easy) != CURLM_OK)
        return error_make(ERROR_UNAVAILABLE, "cannot be sent to: libcurl refuses it");
    post->is_running = true;
    return error_none();
}

void webhook_post_break_off(struct webhook_post *post) {
    if (post->is_running)
        (void)curl_multi_remove_handle(post->multi, post->easy);
    post->is_running = false;
}

static void keep_retry_after(struct webhook_post *post) {
    struct curl_header *header = NULL;
    if (curl_easy_header(post->easy, "Retry-After", 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
        return;
    size_t length = strlen(header->value);
    if (length < sizeof post->retry_after)
        memcpy(post->retry_after, header->value, length + 1);
}

struct error webhook_post_finish(struct webhook_post *post, CURLcode result) {
    long status = 0;
    webhook_post_break_off(post);
    post->retry_after[0] = '\0';
    if (post->received > WEBHOOK_ANSWER_BYTES_AT_MOST)
        return error_make(ERROR_UNAVAILABLE, "answers with more than %d bytes",
                          WEBHOOK_ANSWER_BYTES_AT_MOST);
    /* What CURLOPT_ERRORBUFFER says repeats the address, which may be a secret. */
    if (result != CURLE_OK)
        return error_make(ERROR_UNAVAILABLE, "does not answer: %s", curl_easy_strerror(result));
    (void)curl_easy_getinfo(post->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status >= 200 && status < 300)
        return error_none();
    keep_retry_after(post);
    if (status >= 300 && status < 400)
        return error_make(ERROR_UNAVAILABLE,
                          "answers with a redirect (status %ld), which is not followed: name the "
                          "final address",
                          status);
    return error_make(ERROR_UNAVAILABLE, "answers with status %ld instead of 2xx", status);
}

void webhook_post_close(struct webhook_post *post) {
    webhook_post_break_off(post);
    if (post->easy != NULL)
        curl_easy_cleanup(post->easy);
    curl_slist_free_all(post->headers);
    *post = (struct webhook_post){0};
}
