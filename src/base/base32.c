#include "base/base32.h"

#include <string.h>

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void base32_encode(const uint8_t *bytes, size_t size, char *text) {
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < size; i++) {
        bits = (bits << 8) | bytes[i];
        held += 8;
        while (held >= 5) {
            held -= 5;
            *text++ = alphabet[(bits >> held) & 0x1FU];
        }
    }
    if (held > 0)
        *text++ = alphabet[(bits << (5 - held)) & 0x1FU];
    *text = '\0';
}

static int symbol_value(char letter) {
    if (letter >= 'a' && letter <= 'z')
        letter = (char)(letter - ('a' - 'A'));
    if (letter == 'I' || letter == 'L')
        return 1;
    if (letter == 'O')
        return 0;
    const char *found = letter == '\0' ? NULL : strchr(alphabet, letter);
    return found == NULL ? -1 : (int)(found - alphabet);
}

bool base32_decode(struct slice text, uint8_t *bytes, size_t size) {
    if (text.length != BASE32_LENGTH(size))
        return false;
    uint32_t bits = 0;
    unsigned held = 0;
    size_t written = 0;
    for (size_t i = 0; i < text.length; i++) {
        int value = symbol_value(text.data[i]);
        if (value < 0)
            return false;
        bits = (bits << 5) | (uint32_t)value;
        held += 5;
        if (held >= 8) {
            held -= 8;
            bytes[written++] = (uint8_t)(bits >> held);
        }
    }
    return (bits & ((1U << held) - 1)) == 0;
}
