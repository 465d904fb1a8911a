#include "base/utf8.h"

#include <stdint.h>

/* Length of the sequence that a lead byte begins, and the range of its second byte: RFC 3629 4. */
static size_t sequence_length(unsigned char lead, unsigned char *low, unsigned char *high) {
    *low = 0x80;
    *high = 0xBF;
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF) {
        *low = lead == 0xE0 ? 0xA0 : 0x80;
        *high = lead == 0xED ? 0x9F : 0xBF;
        return 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        *low = lead == 0xF0 ? 0x90 : 0x80;
        *high = lead == 0xF4 ? 0x8F : 0xBF;
        return 4;
    }
    return 0;
}

/* How many of the bytes from at on are ASCII; most texts are nothing else. */
static size_t count_ascii(struct slice text, size_t at) {
    size_t start = at;
    uint64_t word = 0;
    while (text.length - at >= sizeof word) {
        memcpy(&word, text.data + at, sizeof word);
        if ((word & UINT64_C(0x8080808080808080)) != 0)
            break;
        at += sizeof word;
    }
    while (at < text.length && (unsigned char)text.data[at] < 0x80)
        at++;
    return at - start;
}

bool utf8_is_ascii(struct slice text) {
    return count_ascii(text, 0) == text.length;
}

bool utf8_is_valid(struct slice text) {
    for (size_t at = count_ascii(text, 0); at < text.length; at += count_ascii(text, at)) {
        unsigned char low = 0;
        unsigned char high = 0;
        size_t length = sequence_length((unsigned char)text.data[at], &low, &high);
        if (length == 0 || length > text.length - at)
            return false;
        for (size_t i = 1; i < length; i++) {
            unsigned char byte = (unsigned char)text.data[at + i];
            if (byte < low || byte > high)
                return false;
            low = 0x80;
            high = 0xBF;
        }
        at += length;
    }
    return true;
}
