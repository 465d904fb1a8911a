#include "config/config_word.h"

bool config_name_is_valid(const char *name) {
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t length = strlen(name);
    return length > 0 && length <= CONFIG_NAME_LENGTH_AT_MOST && strspn(name, allowed) == length;
}

static bool is_separator(char byte) {
    return byte == ' ' || byte == '\t' || byte == ',';
}

bool config_next_word(struct slice *rest, struct slice *word) {
    while (rest->length > 0 && is_separator(rest->data[0]))
        *rest = slice_skip(*rest, 1);
    size_t length = 0;
    while (length < rest->length && !is_separator(rest->data[length]))
        length++;
    *word = (struct slice){.data = rest->data, .length = length};
    *rest = slice_skip(*rest, length);
    return length > 0;
}
