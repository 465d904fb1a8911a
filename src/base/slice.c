#include "base/slice.h"

static unsigned char lower(unsigned char letter) {
    return letter >= 'A' && letter <= 'Z' ? (unsigned char)(letter + ('a' - 'A')) : letter;
}

bool slice_equals_ignoring_case(struct slice a, struct slice b) {
    if (a.length != b.length)
        return false;
    /* Nearly all that are equal are so with their case. */
    if (a.length == 0 || memcmp(a.data, b.data, a.length) == 0)
        return true;
    for (size_t i = 0; i < a.length; i++) {
        if (lower((unsigned char)a.data[i]) != lower((unsigned char)b.data[i]))
            return false;
    }
    return true;
}

bool slice_starts_with(struct slice slice, struct slice prefix) {
    return slice.length >= prefix.length &&
           (prefix.length == 0 || memcmp(slice.data, prefix.data, prefix.length) == 0);
}

bool slice_ends_with(struct slice slice, struct slice suffix) {
    return slice.length >= suffix.length &&
           (suffix.length == 0 ||
            memcmp(slice.data + (slice.length - suffix.length), suffix.data, suffix.length) == 0);
}

struct slice slice_skip(struct slice slice, size_t count) {
    if (count >= slice.length)
        return (struct slice){.data = NULL, .length = 0};
    return (struct slice){.data = slice.data + count, .length = slice.length - count};
}

struct slice slice_trim(struct slice slice) {
    while (slice.length > 0 && (slice.data[0] == ' ' || slice.data[0] == '\t')) {
        slice.data++;
        slice.length--;
    }
    while (slice.length > 0 &&
           (slice.data[slice.length - 1] == ' ' || slice.data[slice.length - 1] == '\t'))
        slice.length--;
    return slice;
}

bool slice_cut(struct slice *rest, char separator, struct slice *head) {
    if (rest->data == NULL)
        return false;
    const char *found = rest->length == 0 ? NULL : memchr(rest->data, separator, rest->length);
    if (found == NULL) {
        *head = *rest;
        *rest = (struct slice){.data = NULL, .length = 0};
        return true;
    }
    size_t length = (size_t)(found - rest->data);
    *head = (struct slice){.data = rest->data, .length = length};
    *rest = (struct slice){.data = found + 1, .length = rest->length - length - 1};
    return true;
}

bool slice_parse_unsigned(struct slice slice, uint64_t max, uint64_t *value) {
    if (slice.length == 0)
        return false;
    uint64_t result = 0;
    for (size_t i = 0; i < slice.length; i++) {
        if (slice.data[i] < '0' || slice.data[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(slice.data[i] - '0');
        if (digit > max || result > (max - digit) / 10)
            return false;
        result = result * 10 + digit;
    }
    *value = result;
    return true;
}
