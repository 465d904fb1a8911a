#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* vsnprintf cuts at a byte; a client must still get valid UTF-8. */
static void trim_partial_character(char *text, size_t size) {
    size_t length = strnlen(text, size);
    if (length + 1 < size)
        return;
    size_t start = length;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0U) == 0x80U)
        start--;
    if (start == 0)
        return;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t expected = lead >= 0xF0U ? 4 : lead >= 0xE0U ? 3 : lead >= 0xC0U ? 2 : 1;
    if (length - (start - 1) < expected)
        text[start - 1] = '\0';
}

static void PRINTF_LIKE(2, 0)
    format_message(struct error *error, const char *format, va_list arguments) {
    if (vsnprintf(error->message, sizeof error->message, format, arguments) < 0)
        error->message[0] = '\0';
    trim_partial_character(error->message, sizeof error->message);
}

struct error error_make(enum error_code code, const char *format, ...) {
    struct error error = error_none();
    error.code = code;
    va_list arguments;
    va_start(arguments, format);
    format_message(&error, format, arguments);
    va_end(arguments);
    return error;
}

struct error error_make_for(enum error_code code, const char *target, const char *format, ...) {
    struct error error = error_none();
    error.code = code;
    (void)snprintf(error.target, sizeof error.target, "%s", target);
    trim_partial_character(error.target, sizeof error.target);
    va_list arguments;
    va_start(arguments, format);
    format_message(&error, format, arguments);
    va_end(arguments);
    return error;
}
