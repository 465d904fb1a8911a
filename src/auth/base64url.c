#include "auth/base64url.h"

#define BAD 0xFFU

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static unsigned value_of(char letter) {
    if (letter >= 'A' && letter <= 'Z')
        return (unsigned)(letter - 'A');
    if (letter >= 'a' && letter <= 'z')
        return (unsigned)(letter - 'a') + 26;
    if (letter >= '0' && letter <= '9')
        return (unsigned)(letter - '0') + 52;
    if (letter == '-')
        return 62;
    return letter == '_' ? 63 : BAD;
}

bool base64url_decode(struct slice text, uint8_t *bytes) {
    if (text.length % 4 == 1)
        return false;
    unsigned bits = 0;
    unsigned gathered = 0;
    for (size_t i = 0; i < text.length; i++) {
        unsigned value = value_of(text.data[i]);
        if (value == BAD)
            return false;
        gathered = (gathered << 6 | value) & 0xFFFFU;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            *bytes++ = (uint8_t)(gathered >> bits);
        }
    }
    return (gathered & ((1U << bits) - 1)) == 0;
}

void base64url_encode(const uint8_t *bytes, size_t size, char *text) {
    unsigned bits = 0;
    unsigned gathered = 0;
    for (size_t i = 0; i < size; i++) {
        gathered = (gathered << 8 | bytes[i]) & 0xFFFFU;
        for (bits += 8; bits >= 6; bits -= 6)
            *text++ = alphabet[gathered >> (bits - 6) & 0x3FU];
    }
    if (bits > 0)
        *text++ = alphabet[gathered << (6 - bits) & 0x3FU];
    *text = '\0';
}
