/* Addresses to listen on, as a configuration writes them: HOST:PORT, [IPV6]:PORT or unix:/PATH.
 * Pure: no name is looked up. Shared by the files of this folder only. */
#ifndef MUSTER_CONFIG_CONFIG_ADDRESS_H
#define MUSTER_CONFIG_CONFIG_ADDRESS_H

#include <stdbool.h>

/* Whether the text has one of the three forms, with a port from 0 (any free one) to 65535. */
bool config_address_is_valid(const char *text);

/* Whether only this machine can reach a valid address: 127.0.0.0/8, [::1], localhost or a Unix
 * socket. A name that merely begins like one of them ("127.example.org") is not. */
bool config_address_is_loopback(const char *text);

/* Whether the port above it can be listened on as well: not with a Unix socket, nor at 65535. */
bool config_address_has_next_port(const char *text);

/* Whether the text is a list of a browser's origins such as "https://portal.example.com" parted by
 * blanks (RFC 6454 6.1), or "*". */
bool config_address_are_origins(const char *text);

#endif
