#include "config/config_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "base/slice.h"

#define PORT_DIGITS_AT_MOST 5
#define HOST_SIZE 256

struct host {
    char text[HOST_SIZE]; /* without brackets */
    bool is_bracketed;
};

static bool is_unix(struct slice address) {
    return slice_starts_with(address, SLICE("unix:"));
}

static bool split(const char *text, struct host *host) {
    const char *colon = strrchr(text, ':');
    if (colon == NULL)
        return false;
    struct slice port = slice_from_string(colon + 1);
    uint64_t number = 0;
    if (port.length > PORT_DIGITS_AT_MOST || !slice_parse_unsigned(port, UINT16_MAX, &number))
        return false;
    struct slice name = {.data = text, .length = (size_t)(colon - text)};
    host->is_bracketed = slice_starts_with(name, SLICE("[")) && slice_ends_with(name, SLICE("]"));
    if (host->is_bracketed)
        name = (struct slice){.data = name.data + 1, .length = name.length - 2};
    if (name.length == 0 || name.length >= sizeof host->text)
        return false;
    memcpy(host->text, name.data, name.length);
    host->text[name.length] = '\0';
    return strpbrk(host->text, host->is_bracketed ? " \t[]/" : " \t[]/:") == NULL;
}

bool config_address_is_valid(const char *text) {
    struct slice address = slice_from_string(text);
    struct host host;
    return is_unix(address) ? address.length > strlen("unix:") : split(text, &host);
}

bool config_address_is_loopback(const char *text) {
    struct host host;
    struct in_addr v4;
    struct in6_addr v6;
    if (is_unix(slice_from_string(text)))
        return true;
    if (!split(text, &host))
        return false;
    if (host.is_bracketed)
        return inet_pton(AF_INET6, host.text, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
    if (inet_pton(AF_INET, host.text, &v4) == 1)
        return ntohl(v4.s_addr) >> IN_CLASSA_NSHIFT == IN_LOOPBACKNET;
    return slice_equals_ignoring_case(slice_from_string(host.text), SLICE("localhost"));
}

bool config_address_has_next_port(const char *text) {
    const char *colon = strrchr(text, ':');
    uint64_t port = 0;
    return !is_unix(slice_from_string(text)) && colon != NULL &&
           slice_parse_unsigned(slice_from_string(colon + 1), UINT16_MAX - 1, &port);
}

/* In small letters, as browsers write them. */
static bool is_origin(struct slice text) {
    static const struct slice schemes[] = {{"https://", 8}, {"http://", 7}};
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-.:[]";
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (!slice_starts_with(text, schemes[i]))
            continue;
        struct slice host = slice_skip(text, schemes[i].length);
        size_t length = 0;
        while (length < host.length && memchr(allowed, host.data[length], sizeof allowed - 1))
            length++;
        return length > 0 && length == host.length;
    }
    return false;
}

bool config_address_are_origins(const char *text) {
    struct slice rest = slice_from_string(text);
    struct slice origin = {0};
    size_t count = 0;
    if (slice_equals(rest, SLICE("*")))
        return true;
    while (slice_cut(&rest, ' ', &origin)) {
        if (origin.length > 0 && !is_origin(origin))
            return false;
        count += origin.length > 0 ? 1 : 0;
    }
    return count > 0;
}
