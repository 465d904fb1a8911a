/* What proxies in front of the server say of the client: X-Forwarded-For, -Proto and -Host. They
 * count when the connection comes from a proxy that the operator trusts; anybody else could write
 * what he likes there, and is not listened to. Any thread. */
#ifndef MUSTER_HTTP_FORWARDING_H
#define MUSTER_HTTP_FORWARDING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/network.h"
#include "message/request.h"

struct http_proxies {
    const struct network *networks;
    size_t count;
    bool local; /* whoever connects over a Unix socket */
};

/* Whether the other end of a connection, as the listener names it, is one of them. proxies may be
 * NULL: nobody is. */
bool http_proxies_have(const struct http_proxies *proxies, struct slice peer);

/* Takes over what a trusted proxy says: who is there first when the addresses are read from the
 * proxy's side and its like are passed over becomes the peer, whose text is put into peer; proto
 * and host, each as the last proxy wrote it, become secure and host. What is missing or malformed
 * leaves the request as it is. */
void http_forwarding_apply(const struct http_proxies *proxies, struct request *request,
                           char peer[static NETWORK_ADDRESS_TEXT_SIZE]);

#endif
