#include "base/guid.h"

#include <string.h>

struct guid guid_make_random(const struct random_source *random) {
    struct guid guid;
    random_fill(random, guid.bytes, sizeof guid.bytes);
    guid.bytes[6] = (uint8_t)((guid.bytes[6] & 0x0FU) | 0x40U);
    guid.bytes[8] = (uint8_t)((guid.bytes[8] & 0x3FU) | 0x80U);
    return guid;
}

struct guid guid_make_ordered(const struct random_source *random, instant now) {
    struct guid guid;
    random_fill(random, guid.bytes, sizeof guid.bytes);
    int64_t since_epoch = now > INSTANT_UNIX_EPOCH ? now - INSTANT_UNIX_EPOCH : 0;
    uint64_t milliseconds = (uint64_t)(since_epoch / INSTANT_TICKS_PER_MILLISECOND);
    for (int i = 0; i < 6; i++)
        guid.bytes[i] = (uint8_t)(milliseconds >> (40 - 8 * i));
    guid.bytes[6] = (uint8_t)((guid.bytes[6] & 0x0FU) | 0x70U);
    guid.bytes[8] = (uint8_t)((guid.bytes[8] & 0x3FU) | 0x80U);
    return guid;
}

static bool has_dash_before(size_t byte) {
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

char *guid_format(const struct guid *guid, char text[static GUID_TEXT_SIZE]) {
    static const char digits[] = "0123456789abcdef";
    char *at = text;
    for (size_t i = 0; i < sizeof guid->bytes; i++) {
        if (has_dash_before(i))
            *at++ = '-';
        *at++ = digits[guid->bytes[i] >> 4];
        *at++ = digits[guid->bytes[i] & 0x0FU];
    }
    *at = '\0';
    return text;
}

static int hex_value(char letter) {
    if (letter >= '0' && letter <= '9')
        return letter - '0';
    char small = (char)(letter | 0x20);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

bool guid_parse(struct slice text, struct guid *guid) {
    if (text.length != GUID_TEXT_SIZE - 1)
        return false;
    const char *at = text.data;
    struct guid result;
    for (size_t i = 0; i < sizeof result.bytes; i++) {
        if (has_dash_before(i) && *at++ != '-')
            return false;
        int high = hex_value(at[0]);
        int low = hex_value(at[1]);
        if (high < 0 || low < 0)
            return false;
        result.bytes[i] = (uint8_t)(high * 16 + low);
        at += 2;
    }
    *guid = result;
    return true;
}

bool guid_equals(const struct guid *a, const struct guid *b) {
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

bool guid_is_zero(const struct guid *guid) {
    static const struct guid zero;
    return guid_equals(guid, &zero);
}
