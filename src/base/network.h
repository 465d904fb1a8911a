/* IP addresses and networks of them. IPv4 addresses are kept as IPv6 maps them, ::ffff:192.0.2.7,
 * so that there is one kind. Pure; any thread. */
#ifndef MUSTER_BASE_NETWORK_H
#define MUSTER_BASE_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/slice.h"

struct network_address {
    uint8_t bytes[16];
};

/* All addresses that begin with the same bits. */
struct network {
    struct network_address address;
    unsigned prefix_bits; /* 0 to 128 */
};

/* Room for the longest address and a NUL byte. */
#define NETWORK_ADDRESS_TEXT_SIZE 46

/* "192.0.2.7" or "2001:db8::1", without brackets, port or zone; false when it is not that. */
bool network_address_parse(struct slice text, struct network_address *address) MUST_CHECK;

/* Returns text. */
char *network_address_format(const struct network_address *address,
                             char text[static NETWORK_ADDRESS_TEXT_SIZE]);

/* "192.0.2.0/24", "2001:db8::/32", or one address. False when it is not that, or has bits behind
 * its prefix. */
bool network_parse(struct slice text, struct network *network) MUST_CHECK;

/* Whether an address's host is this machine alone: 127.0.0.0/8, "[::1]", or "localhost" in any
 * case. IPv6 addresses are in brackets, as RFC 3986 3.2.2 has them. No name is looked up. */
bool network_host_is_loopback(struct slice host);

bool network_has(const struct network *network, const struct network_address *address);

#endif
