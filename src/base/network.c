#include "base/network.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static const uint8_t mapped[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

static bool is_mapped(const struct network_address *address) {
    return memcmp(address->bytes, mapped, sizeof mapped) == 0;
}

bool network_address_parse(struct slice text, struct network_address *address) {
    char copy[NETWORK_ADDRESS_TEXT_SIZE];
    if (text.length == 0 || text.length >= sizeof copy ||
        memchr(text.data, '\0', text.length) != NULL)
        return false;
    memcpy(copy, text.data, text.length);
    copy[text.length] = '\0';
    memcpy(address->bytes, mapped, sizeof mapped);
    return inet_pton(AF_INET, copy, address->bytes + sizeof mapped) == 1 ||
           inet_pton(AF_INET6, copy, address->bytes) == 1;
}

char *network_address_format(const struct network_address *address,
                             char text[static NETWORK_ADDRESS_TEXT_SIZE]) {
    if (is_mapped(address))
        (void)inet_ntop(AF_INET, address->bytes + sizeof mapped, text, NETWORK_ADDRESS_TEXT_SIZE);
    else
        (void)inet_ntop(AF_INET6, address->bytes, text, NETWORK_ADDRESS_TEXT_SIZE);
    return text;
}

static bool bit_is_set(const struct network_address *address, unsigned bit) {
    return (address->bytes[bit / 8] & 0x80U >> bit % 8) != 0;
}

static bool has_bits_behind_prefix(const struct network *network) {
    for (unsigned bit = network->prefix_bits; bit < 128; bit++) {
        if (bit_is_set(&network->address, bit))
            return true;
    }
    return false;
}

bool network_parse(struct slice text, struct network *network) {
    struct slice address = {0};
    uint64_t bits = 0;
    if (!slice_cut(&text, '/', &address) || !network_address_parse(address, &network->address))
        return false;
    network->prefix_bits = 128;
    if (text.data == NULL)
        return true;
    bool is_v4 = memchr(address.data, ':', address.length) == NULL;
    if (!slice_parse_unsigned(text, is_v4 ? 32 : 128, &bits))
        return false;
    network->prefix_bits = (unsigned)bits + (is_v4 ? 96 : 0);
    return !has_bits_behind_prefix(network);
}

bool network_has(const struct network *network, const struct network_address *address) {
    unsigned bytes = network->prefix_bits / 8;
    if (memcmp(network->address.bytes, address->bytes, bytes) != 0)
        return false;
    for (unsigned bit = bytes * 8; bit < network->prefix_bits; bit++) {
        if (bit_is_set(&network->address, bit) != bit_is_set(address, bit))
            return false;
    }
    return true;
}

bool network_host_is_loopback(struct slice host) {
    static const struct network v4 = {{{[10] = 0xFF, [11] = 0xFF, [12] = 127}}, 96 + 8};
    static const struct network v6 = {{{[15] = 1}}, 128};
    struct network_address address;
    bool is_bracketed = slice_starts_with(host, SLICE("[")) && slice_ends_with(host, SLICE("]"));
    if (slice_equals_ignoring_case(host, SLICE("localhost")))
        return true;
    if (is_bracketed)
        host = (struct slice){.data = host.data + 1, .length = host.length - 2};
    return network_address_parse(host, &address) && network_has(is_bracketed ? &v6 : &v4, &address);
}
