#include "webhook/webhook_address.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

#include "base/slice.h"
#include "webhook/webhook_file.h"

#define BLANKS " \t\r\n"
/* With a line's end, and blanks that nobody sees. */
#define FILE_SIZE_AT_MOST (FETCH_ADDRESS_LENGTH_AT_MOST + 48)

struct error webhook_address_check(const char *url, bool takes_plain_http) {
    struct error error = fetch_address_check(url);
    if (!error_is_set(&error) && !takes_plain_http && fetch_address_is_plain(url))
        error = error_make(ERROR_INVALID, "must be https: http to this machine is for --dev only");
    return error;
}

/* text has room for a NUL byte behind its length. */
static struct error take_line(const struct webhook_settings *settings, char *text, size_t size,
                              struct webhook_address *address) {
    size_t length = size;
    while (length > 0 && text[length - 1] != '\0' && strchr(BLANKS, text[length - 1]) != NULL)
        length--;
    text[length] = '\0';
    /* Behind the last byte that was read there may be more. */
    bool is_whole = size < FILE_SIZE_AT_MOST || length == size;
    bool is_line = length > 0 && strcspn(text, BLANKS) == length && is_whole;
    struct error error = is_line
                             ? webhook_address_check(text, settings->takes_plain_http)
                             : error_make(ERROR_INVALID, "must be one line, without blanks in it");
    if (error_is_set(&error))
        return error_make(ERROR_INVALID, "%s: the webhook's address %s", settings->url_file,
                          error.message);
    memcpy(address->text, text, length + 1); /* the check bounds it */
    return error_none();
}

struct error webhook_address_read(const struct webhook_settings *settings,
                                  struct webhook_address *address) {
    char text[FILE_SIZE_AT_MOST + 1];
    size_t length = 0;
    if (settings->url_file == NULL) {
        (void)snprintf(address->text, sizeof address->text, "%s", settings->url);
        return error_none();
    }
    struct error error =
        webhook_file_read(settings->url_file, "address", text, FILE_SIZE_AT_MOST, &length);
    if (!error_is_set(&error))
        error = take_line(settings, text, length, address);
    OPENSSL_cleanse(text, sizeof text);
    return error;
}

void webhook_address_clear(struct webhook_address *address) {
    OPENSSL_cleanse(address, sizeof *address);
}
