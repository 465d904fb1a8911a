#include "auth/fetch_address.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

#include "base/network.h"
#include "base/slice.h"

static bool has_part(CURLU *parsed, CURLUPart part) {
    char *text = NULL;
    bool found = curl_url_get(parsed, part, &text, 0) == CURLUE_OK;
    curl_free(text);
    return found;
}

static struct error check_parsed(CURLU *parsed) {
    char *scheme = NULL;
    char *host = NULL;
    struct error error = error_none();
    if (curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
        curl_url_get(parsed, CURLUPART_HOST, &host, 0) != CURLUE_OK)
        error = error_make(ERROR_INVALID, "must be an absolute https address");
    else if (has_part(parsed, CURLUPART_USER) || has_part(parsed, CURLUPART_PASSWORD) ||
             has_part(parsed, CURLUPART_FRAGMENT))
        error = error_make(ERROR_INVALID, "must not hold a user, a password or a fragment");
    else if (strcmp(scheme, "http") == 0 && !network_host_is_loopback(slice_from_string(host)))
        error = error_make(
            ERROR_INVALID,
            "must be https: what goes by http can be read and forged on the way (http is "
            "fine for localhost only)");
    else if (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0)
        error = error_make(ERROR_INVALID, "must be an https address");
    curl_free(scheme);
    curl_free(host);
    return error;
}

struct error fetch_address_check(const char *url) {
    if (strlen(url) > FETCH_ADDRESS_LENGTH_AT_MOST)
        return error_make(ERROR_INVALID, "must not be longer than %d characters",
                          FETCH_ADDRESS_LENGTH_AT_MOST);
    CURLU *parsed = curl_url();
    bool is_address = parsed != NULL && curl_url_set(parsed, CURLUPART_URL, url,
                                                     CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK;
    struct error error = is_address
                             ? check_parsed(parsed)
                             : error_make(ERROR_INVALID, "must be an absolute https address");
    curl_url_cleanup(parsed);
    return error;
}

bool fetch_address_is_plain(const char *url) {
    return strncasecmp(url, "http:", 5) == 0;
}
