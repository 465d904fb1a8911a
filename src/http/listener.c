#include "http/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/memory.h"

#define UNIX_PREFIX "unix:"
#define LISTEN_BACKLOG 4096

union socket_address {
    struct sockaddr generic;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_storage storage;
};

static struct error cannot_listen(const char *address) {
    return error_make(ERROR_INVALID, "Cannot listen on %s: %s.", address, strerror(errno));
}

/* "host:port" or "[host]:port", cut into two strings in the caller's room. */
static bool split_address(const char *address, char *host, size_t host_size, char *port,
                          size_t port_size) {
    const char *colon = strrchr(address, ':');
    if (colon == NULL)
        return false;
    struct slice name = {.data = address, .length = (size_t)(colon - address)};
    struct slice number = slice_from_string(colon + 1);
    uint64_t value = 0;
    if (!slice_parse_unsigned(number, UINT16_MAX, &value) || number.length >= port_size)
        return false;
    if (name.length > 2 && name.data[0] == '[' && name.data[name.length - 1] == ']')
        name = (struct slice){.data = name.data + 1, .length = name.length - 2};
    else if (memchr(name.data, ':', name.length) != NULL)
        return false;
    if (name.length == 0 || name.length >= host_size)
        return false;
    memcpy(host, name.data, name.length);
    host[name.length] = '\0';
    memcpy(port, number.data, number.length);
    port[number.length] = '\0';
    return true;
}

static struct error resolve(const char *address, struct addrinfo **result) {
    char host[256];
    char port[8];
    if (!split_address(address, host, sizeof host, port, sizeof port))
        return error_make(ERROR_INVALID,
                          "\"%s\" is not an address to listen on; write HOST:PORT, [IPV6]:PORT or "
                          "unix:/PATH.",
                          address);
    struct addrinfo hints = {
        .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
        .ai_socktype = SOCK_STREAM,
    };
    int failure = getaddrinfo(host, port, &hints, result);
    if (failure != 0)
        return error_make(ERROR_INVALID, "The address %s cannot be resolved: %s.", address,
                          gai_strerror(failure));
    return error_none();
}

void http_listener_describe_own_end(int descriptor, char text[static HTTP_ADDRESS_TEXT_SIZE]) {
    union socket_address bound;
    socklen_t length = sizeof bound;
    char host[INET6_ADDRSTRLEN] = "";
    memset(&bound, 0, sizeof bound);
    (void)getsockname(descriptor, &bound.generic, &length);
    if (bound.generic.sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&bound.v6.sin6_addr)) {
        (void)inet_ntop(AF_INET, &bound.v6.sin6_addr.s6_addr[12], host, sizeof host);
        (void)snprintf(text, HTTP_ADDRESS_TEXT_SIZE, "%s:%u", host, ntohs(bound.v6.sin6_port));
    } else if (bound.generic.sa_family == AF_INET6) {
        (void)inet_ntop(AF_INET6, &bound.v6.sin6_addr, host, sizeof host);
        (void)snprintf(text, HTTP_ADDRESS_TEXT_SIZE, "[%s]:%u", host, ntohs(bound.v6.sin6_port));
    } else if (bound.generic.sa_family == AF_UNIX) {
        (void)snprintf(text, HTTP_ADDRESS_TEXT_SIZE, "localhost");
    } else {
        (void)inet_ntop(AF_INET, &bound.v4.sin_addr, host, sizeof host);
        (void)snprintf(text, HTTP_ADDRESS_TEXT_SIZE, "%s:%u", host, ntohs(bound.v4.sin_port));
    }
}

static struct error open_tcp(struct http_listener *listener,
                             char text[static HTTP_ADDRESS_TEXT_SIZE]) {
    struct addrinfo *found = NULL;
    struct error error = resolve(listener->address, &found);
    if (error_is_set(&error) || found == NULL)
        return error;
    int on = 1;
    listener->descriptor = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener->descriptor < 0 ||
        setsockopt(listener->descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(listener->descriptor, found->ai_addr, found->ai_addrlen) != 0 ||
        listen(listener->descriptor, LISTEN_BACKLOG) != 0)
        error = cannot_listen(listener->address);
    else
        http_listener_describe_own_end(listener->descriptor, text);
    freeaddrinfo(found);
    return error;
}

/* Removes a socket that nobody listens on any more, so that its path can be bound again. */
static struct error remove_stale(const struct sockaddr_un *name, const char *address) {
    struct stat status;
    if (lstat(name->sun_path, &status) != 0)
        return errno == ENOENT ? error_none() : cannot_listen(address);
    if (!S_ISSOCK(status.st_mode))
        return error_make(ERROR_INVALID, "Cannot listen on %s: the file is not a socket.", address);
    int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (probe < 0)
        return cannot_listen(address);
    int result = connect(probe, (const struct sockaddr *)name, sizeof *name);
    bool is_stale = result != 0 && errno == ECONNREFUSED;
    (void)close(probe);
    if (!is_stale)
        return error_make(ERROR_INVALID, "Cannot listen on %s: another process listens there.",
                          address);
    if (unlink(name->sun_path) != 0 && errno != ENOENT)
        return cannot_listen(address);
    return error_none();
}

/* Nobody can connect before listen(), so the mode is right from the first moment. */
static struct error open_unix(struct http_listener *listener,
                              char text[static HTTP_ADDRESS_TEXT_SIZE]) {
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    const char *path = listener->address + sizeof UNIX_PREFIX - 1;
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof name.sun_path ||
        strlen(listener->address) >= HTTP_ADDRESS_TEXT_SIZE)
        return error_make(ERROR_INVALID,
                          "Cannot listen on %s: the path of a socket has 1 to %zu bytes.",
                          listener->address, sizeof name.sun_path - 1);
    memcpy(name.sun_path, path, length + 1);
    struct error error = remove_stale(&name, listener->address);
    if (error_is_set(&error))
        return error;
    listener->descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener->descriptor < 0 ||
        bind(listener->descriptor, (const struct sockaddr *)&name, sizeof name) != 0)
        return cannot_listen(listener->address);
    listener->owns_path = true;
    if (chmod(path, (mode_t)(listener->options.unix_mode & 0777U)) != 0 ||
        listen(listener->descriptor, LISTEN_BACKLOG) != 0)
        return cannot_listen(listener->address);
    memcpy(text, listener->address, strlen(listener->address) + 1);
    return error_none();
}

struct error http_listener_open(struct http_listener *listener,
                                const struct http_listener_options *options,
                                char text[static HTTP_ADDRESS_TEXT_SIZE]) {
    *listener = (struct http_listener){
        .options = *options,
        .address = memory_copy_string(options->address),
        .descriptor = -1,
        .is_unix = strncmp(options->address, UNIX_PREFIX, sizeof UNIX_PREFIX - 1) == 0,
    };
    listener->options.address = listener->address;
    struct error error = listener->is_unix ? open_unix(listener, text) : open_tcp(listener, text);
    if (error_is_set(&error))
        http_listener_close(listener);
    return error;
}

static void describe_peer(const union socket_address *address,
                          char peer[static HTTP_PEER_TEXT_SIZE]) {
    peer[0] = '\0';
    if (address->generic.sa_family == AF_INET) {
        (void)inet_ntop(AF_INET, &address->v4.sin_addr, peer, HTTP_PEER_TEXT_SIZE);
    } else if (address->generic.sa_family == AF_INET6) {
        const struct in6_addr *v6 = &address->v6.sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(v6))
            (void)inet_ntop(AF_INET, &v6->s6_addr[12], peer, HTTP_PEER_TEXT_SIZE);
        else
            (void)inet_ntop(AF_INET6, v6, peer, HTTP_PEER_TEXT_SIZE);
    }
}

int http_listener_accept(const struct http_listener *listener,
                         char peer[static HTTP_PEER_TEXT_SIZE]) {
    union socket_address address = {.storage = {0}};
    socklen_t length = sizeof address;
    int descriptor =
        accept4(listener->descriptor, &address.generic, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0)
        return -1;
    if (listener->is_unix) {
        memcpy(peer, "local", sizeof "local");
        return descriptor;
    }
    int on = 1;
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    describe_peer(&address, peer);
    return descriptor;
}

void http_listener_stop(struct http_listener *listener) {
    if (listener->descriptor >= 0)
        (void)close(listener->descriptor);
    listener->descriptor = -1;
    if (listener->owns_path)
        (void)unlink(listener->address + sizeof UNIX_PREFIX - 1);
    listener->owns_path = false;
}

void http_listener_close(struct http_listener *listener) {
    http_listener_stop(listener);
    free(listener->address);
    listener->address = NULL;
}
