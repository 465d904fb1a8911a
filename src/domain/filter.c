#include "domain/filter.h"

static int folded(char letter) {
    unsigned char byte = (unsigned char)letter;
    return byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte;
}

int filter_compare_texts(struct slice a, struct slice b) {
    for (size_t i = 0; i < a.length && i < b.length; i++) {
        if (folded(a.data[i]) != folded(b.data[i]))
            return folded(a.data[i]) - folded(b.data[i]);
    }
    return (a.length > b.length) - (a.length < b.length);
}

static bool is_at(struct slice text, struct slice part, size_t offset) {
    return slice_equals_ignoring_case(
        (struct slice){.data = text.data + offset, .length = part.length}, part);
}

bool filter_matches_text(enum filter_match match, struct slice text, struct slice part) {
    if (part.length > text.length)
        return false;
    size_t last = text.length - part.length;
    if (match == FILTER_STARTS_WITH)
        return is_at(text, part, 0);
    if (match == FILTER_ENDS_WITH)
        return is_at(text, part, last);
    for (size_t i = 0; i <= last; i++) {
        if (is_at(text, part, i))
            return true;
    }
    return false;
}
