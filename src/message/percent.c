#include "message/percent.h"

#include "base/utf8.h"

static int hex_value(char letter) {
    if (letter >= '0' && letter <= '9')
        return letter - '0';
    char small = (char)(letter | 0x20);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

static bool is_encoded(struct slice text, bool plus_is_blank) {
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '%' || (plus_is_blank && text.data[i] == '+'))
            return true;
    }
    return false;
}

bool percent_decode(struct arena *arena, struct slice text, bool plus_is_blank,
                    struct slice *decoded) {
    if (!is_encoded(text, plus_is_blank)) {
        *decoded = text;
        return utf8_is_valid(text);
    }
    char *out = arena_allocate(arena, text.length);
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        char letter = text.data[i];
        if (letter == '%') {
            int high = i + 2 < text.length ? hex_value(text.data[i + 1]) : -1;
            int low = i + 2 < text.length ? hex_value(text.data[i + 2]) : -1;
            if (high < 0 || low < 0 || high + low == 0)
                return false;
            letter = (char)(high * 16 + low);
            i += 2;
        } else if (letter == '+' && plus_is_blank) {
            letter = ' ';
        }
        out[length++] = letter;
    }
    *decoded = (struct slice){.data = out, .length = length};
    return utf8_is_valid(*decoded);
}

/* RFC 3986 3.4, but for sub-delimiters that forms give a meaning. */
static bool may_stand(char letter) {
    bool is_alphanumeric = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                           (letter >= '0' && letter <= '9');
    return is_alphanumeric || (letter != '\0' && strchr("-._~!$'()*,;:@/?", letter) != NULL);
}

struct slice percent_encode(struct arena *arena, struct slice text) {
    static const char digits[] = "0123456789ABCDEF";
    char *out = arena_allocate(arena, 3 * text.length);
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (may_stand(text.data[i])) {
            out[length++] = text.data[i];
            continue;
        }
        out[length++] = '%';
        out[length++] = digits[(unsigned char)text.data[i] >> 4];
        out[length++] = digits[(unsigned char)text.data[i] & 0xFU];
    }
    return (struct slice){.data = out, .length = length};
}
