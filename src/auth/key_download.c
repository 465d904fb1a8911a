#include "auth/key_download.h"

#include "auth/fetch_address.h"
#include "auth/keyset.h"

#define STATUS_OK 200L

static size_t receive(char *data, size_t size, size_t count, void *context) {
    struct key_download *download = context;
    size_t length = size * count;
    if (length > KEYSET_BYTES_AT_MOST - download->body.length) {
        download->too_large = true;
        return 0;
    }
    buffer_append(&download->body, data, length);
    return length;
}

/* curl_easy_setopt reports an option that this libcurl was built without. */
static bool set_options(struct key_download *download, const char *ca_file, void *owner) {
    CURL *easy = download->easy;
    return curl_easy_setopt(easy, CURLOPT_PRIVATE, owner) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, download->problem) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, download) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, KEY_DOWNLOAD_CONNECT_SECONDS) ==
               CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_TIMEOUT, KEY_DOWNLOAD_TOTAL_SECONDS) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_MAXREDIRS, KEY_DOWNLOAD_REDIRECTS_AT_MOST) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "https") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           /* A name server that does not answer must not hold up the end of the process. */
           curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_USERAGENT, "muster") == CURLE_OK &&
           (ca_file == NULL ||
            /* In place of the system's, not beside them. */
            (curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file) == CURLE_OK &&
             curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) == CURLE_OK));
}

struct error key_download_open(struct key_download *download, CURLM *multi, const char *ca_file,
                               void *owner) {
    *download = (struct key_download){.multi = multi, .easy = curl_easy_init()};
    if (download->easy == NULL || !set_options(download, ca_file, owner)) {
        key_download_close(download);
        return error_make(ERROR_INTERNAL, "libcurl cannot be set up: it is older than 7.87 or was "
                                          "built without TLS");
    }
    return error_none();
}

/* Plain http is for loopback, which a redirect could leave. */
struct error key_download_start(struct key_download *download, const char *url) {
    bool plain = fetch_address_is_plain(url);
    buffer_clear(&download->body);
    download->too_large = false;
    download->problem[0] = '\0';
    if (curl_easy_setopt(download->easy, CURLOPT_URL, url) != CURLE_OK ||
        curl_easy_setopt(download->easy, CURLOPT_PROTOCOLS_STR, plain ? "http" : "https") !=
            CURLE_OK ||
        curl_easy_setopt(download->easy, CURLOPT_FOLLOWLOCATION, plain ? 0L : 1L) != CURLE_OK ||
        curl_multi_add_handle(download->multi, download->easy) != CURLM_OK)
        return error_make(ERROR_UNAVAILABLE, "cannot be fetched: libcurl refuses it");
    download->running = true;
    return error_none();
}

static void stop(struct key_download *download) {
    if (download->running)
        (void)curl_multi_remove_handle(download->multi, download->easy);
    download->running = false;
}

struct error key_download_finish(struct key_download *download, CURLcode result) {
    long status = 0;
    stop(download);
    if (download->too_large)
        return error_make(ERROR_UNAVAILABLE, "answers with more than %u bytes",
                          KEYSET_BYTES_AT_MOST);
    if (result != CURLE_OK)
        return error_make(ERROR_UNAVAILABLE, "does not answer: %s",
                          download->problem[0] != '\0' ? download->problem
                                                       : curl_easy_strerror(result));
    (void)curl_easy_getinfo(download->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status != STATUS_OK)
        return error_make(ERROR_UNAVAILABLE, "answers with status %ld instead of 200", status);
    return error_none();
}

static bool read_max_age(struct slice value, uint64_t *seconds) {
    const struct slice name = SLICE("max-age=");
    struct slice directive = {0};
    while (slice_cut(&value, ',', &directive)) {
        directive = slice_trim(directive);
        struct slice begin = {.data = directive.data,
                              .length = directive.length < name.length ? 0 : name.length};
        if (slice_equals_ignoring_case(begin, name) &&
            slice_parse_unsigned(slice_skip(directive, name.length), UINT32_MAX, seconds))
            return true;
    }
    return false;
}

int64_t key_download_max_age(const struct key_download *download, int64_t fallback) {
    struct curl_header *header = NULL;
    uint64_t seconds = 0;
    if (curl_easy_header(download->easy, "Cache-Control", 0, CURLH_HEADER, -1, &header) !=
            CURLHE_OK ||
        !read_max_age(slice_from_string(header->value), &seconds))
        return fallback;
    return (int64_t)seconds;
}

void key_download_close(struct key_download *download) {
    stop(download);
    if (download->easy != NULL)
        curl_easy_cleanup(download->easy);
    buffer_free(&download->body);
    *download = (struct key_download){0};
}
