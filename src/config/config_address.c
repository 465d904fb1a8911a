#include "config/config_address.h"

#include "base/network.h"
#include "base/slice.h"

#define PORT_DIGITS_AT_MOST 5
#define HOST_SIZE 256

static bool is_unix(struct slice address) {
    return slice_starts_with(address, SLICE("unix:"));
}

/* The host as it stands before the last colon, an IPv6 address with its brackets. */
static bool split(const char *text, struct slice *host) {
    const char *colon = strrchr(text, ':');
    if (colon == NULL)
        return false;
    struct slice port = slice_from_string(colon + 1);
    uint64_t number = 0;
    if (port.length > PORT_DIGITS_AT_MOST || !slice_parse_unsigned(port, UINT16_MAX, &number))
        return false;
    *host = (struct slice){.data = text, .length = (size_t)(colon - text)};
    return true;
}

static bool is_host(struct slice host) {
    char name[HOST_SIZE];
    bool is_bracketed = slice_starts_with(host, SLICE("[")) && slice_ends_with(host, SLICE("]"));
    if (is_bracketed)
        host = (struct slice){.data = host.data + 1, .length = host.length - 2};
    if (host.length == 0 || host.length >= sizeof name)
        return false;
    memcpy(name, host.data, host.length);
    name[host.length] = '\0';
    return strpbrk(name, is_bracketed ? " \t[]/" : " \t[]/:") == NULL;
}

bool config_address_is_valid(const char *text) {
    struct slice address = slice_from_string(text);
    struct slice host = {0};
    return is_unix(address) ? address.length > strlen("unix:")
                            : split(text, &host) && is_host(host);
}

bool config_address_is_loopback(const char *text) {
    struct slice host = {0};
    return is_unix(slice_from_string(text)) ||
           (split(text, &host) && network_host_is_loopback(host));
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
