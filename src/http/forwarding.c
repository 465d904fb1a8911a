#include "http/forwarding.h"

#include "http/request_target.h"

static bool is_proxy(const struct http_proxies *proxies, const struct network_address *address) {
    for (size_t i = 0; i < proxies->count; i++) {
        if (network_has(&proxies->networks[i], address))
            return true;
    }
    return false;
}

bool http_proxies_have(const struct http_proxies *proxies, struct slice peer) {
    struct network_address address;
    if (proxies == NULL)
        return false;
    if (!network_address_parse(peer, &address))
        return proxies->local && slice_equals(peer, SLICE("local"));
    return is_proxy(proxies, &address);
}

/* Cuts what stands behind the last comma off a list; false once nothing is left. */
static bool cut_last(struct slice *list, struct slice *member) {
    if (list->data == NULL)
        return false;
    const char *comma = list->length == 0 ? NULL : memrchr(list->data, ',', list->length);
    size_t start = comma == NULL ? 0 : (size_t)(comma - list->data) + 1;
    *member = slice_trim(slice_skip(*list, start));
    if (comma == NULL)
        *list = (struct slice){.data = NULL};
    else
        list->length = start - 1;
    return true;
}

/* "192.0.2.7", "192.0.2.7:4711", "2001:db8::1" or "[2001:db8::1]:4711". */
static bool parse_member(struct slice text, struct network_address *address) {
    if (slice_starts_with(text, SLICE("["))) {
        struct slice inside = {0};
        text = slice_skip(text, 1);
        return slice_cut(&text, ']', &inside) && text.data != NULL &&
               network_address_parse(inside, address);
    }
    const char *colon = text.length == 0 ? NULL : memchr(text.data, ':', text.length);
    bool has_port = colon != NULL && memrchr(text.data, ':', text.length) == (const void *)colon;
    if (has_port)
        text.length = (size_t)(colon - text.data);
    return network_address_parse(text, address);
}

/* From the proxy's side: the last member of the last header first. */
static bool find_client(const struct http_proxies *proxies, const struct request *request,
                        struct network_address *client) {
    bool is_found = false;
    for (size_t i = request->header_count; i > 0; i--) {
        const struct header *header = &request->headers[i - 1];
        if (!slice_equals_ignoring_case(header->name, SLICE("X-Forwarded-For")))
            continue;
        struct slice list = header->value;
        struct slice member = {0};
        while (cut_last(&list, &member)) {
            struct network_address address;
            /* Further left there may be anything: nobody who is trusted has vouched for it. */
            if (!parse_member(member, &address))
                return is_found;
            *client = address;
            is_found = true;
            if (!is_proxy(proxies, client))
                return true;
        }
    }
    return is_found;
}

static struct slice find_last(const struct request *request, struct slice name) {
    struct slice last = {0};
    for (size_t i = request->header_count; i > 0 && last.data == NULL; i--) {
        struct slice value = request->headers[i - 1].value;
        if (slice_equals_ignoring_case(request->headers[i - 1].name, name))
            (void)cut_last(&value, &last);
    }
    return last;
}

void http_forwarding_apply(const struct http_proxies *proxies, struct request *request,
                           char peer[static NETWORK_ADDRESS_TEXT_SIZE]) {
    struct network_address client;
    if (find_client(proxies, request, &client))
        request->peer = slice_from_string(network_address_format(&client, peer));
    struct slice scheme = find_last(request, SLICE("X-Forwarded-Proto"));
    if (slice_equals_ignoring_case(scheme, SLICE("https")))
        request->secure = true;
    else if (slice_equals_ignoring_case(scheme, SLICE("http")))
        request->secure = false;
    struct slice host = find_last(request, SLICE("X-Forwarded-Host"));
    if (host.length > 0 && http_request_host_is_valid(host))
        request->host = host;
}
