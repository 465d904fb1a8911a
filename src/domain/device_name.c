#include "domain/device_name.h"

#include <inttypes.h>

#include "base/buffer.h"

enum name_field {
    FIELD_SERIAL,
    FIELD_SERIAL_END,
    FIELD_ENROLLED,
    FIELD_NOBODY,
    FIELD_DEVICE_TYPE,
    FIELD_DIGITS,
};

/* A piece of a template: text, or a field. */
struct piece {
    struct slice text; /* with its braces */
    bool is_field;
    bool is_known;
    enum name_field field;
    unsigned digits; /* of FIELD_DIGITS */
};

static size_t find(struct slice text, const char *needle) {
    const char *at =
        text.length < 2 ? NULL : (const char *)memmem(text.data, text.length, needle, 2);
    return at == NULL ? text.length : (size_t)(at - text.data);
}

static void read_field(struct piece *piece, struct slice name) {
    static const struct {
        const char *name;
        enum name_field field;
    } fields[] = {
        {"SERIAL", FIELD_SERIAL},
        {"SERIALLAST4DIGITS", FIELD_SERIAL_END},
        {"ENROLLMENTDATETIME", FIELD_ENROLLED},
        {"USERNAME", FIELD_NOBODY},
        {"UPNPREFIX", FIELD_NOBODY},
        {"DEVICETYPE", FIELD_DEVICE_TYPE},
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (slice_equals_ignoring_case(name, slice_from_string(fields[i].name))) {
            piece->field = fields[i].field;
            piece->is_known = true;
            return;
        }
    }
    struct slice prefix = {.data = name.data, .length = name.length > 5 ? 5 : name.length};
    struct slice digits = slice_skip(name, 5);
    if (slice_equals_ignoring_case(prefix, SLICE("rand:")) && digits.length == 1 &&
        digits.data[0] >= '1' && digits.data[0] <= '9') {
        piece->field = FIELD_DIGITS;
        piece->digits = (unsigned)(digits.data[0] - '0');
        piece->is_known = true;
    }
}

/* Cuts the next piece off. */
static bool take(struct slice *rest, struct piece *piece) {
    *piece = (struct piece){0};
    if (rest->length == 0)
        return false;
    size_t length = find(*rest, "{{");
    if (length == 0) {
        struct slice behind = slice_skip(*rest, 2);
        size_t end = find(behind, "}}");
        length = end == behind.length ? rest->length : end + 4;
        piece->is_field = true;
        read_field(piece, (struct slice){.data = behind.data, .length = end});
        piece->is_known = piece->is_known && end < behind.length;
    }
    piece->text = (struct slice){.data = rest->data, .length = length};
    *rest = slice_skip(*rest, length);
    return true;
}

static size_t count_characters(struct slice text) {
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++)
        count += ((unsigned char)text.data[i] & 0xC0U) != 0x80U;
    return count;
}

struct error device_name_template_check(struct slice template_text) {
    size_t count = count_characters(template_text);
    if (count > DEVICE_NAME_TEMPLATE_AT_MOST)
        return error_make_for(ERROR_INVALID, "deviceNameTemplate",
                              "The property 'deviceNameTemplate' may have at most %d characters; "
                              "%zu were given.",
                              DEVICE_NAME_TEMPLATE_AT_MOST, count);
    for (size_t i = 0; i < template_text.length; i++) {
        if ((unsigned char)template_text.data[i] < 0x20 || template_text.data[i] == 0x7F)
            return error_make_for(ERROR_INVALID, "deviceNameTemplate",
                                  "The property 'deviceNameTemplate' must not hold control "
                                  "characters.");
    }
    struct piece piece;
    while (take(&template_text, &piece)) {
        if (piece.is_field && !piece.is_known)
            return error_make_for(ERROR_INVALID, "deviceNameTemplate",
                                  "The property 'deviceNameTemplate' holds '%.*s', which is no "
                                  "field. There are {{SERIAL}}, {{SERIALLAST4DIGITS}}, "
                                  "{{ENROLLMENTDATETIME}}, {{USERNAME}}, {{DEVICETYPE}}, "
                                  "{{UPNPREFIX}} and {{rand:x}} with x from 1 to 9.",
                                  SLICE_PRINTF(piece.text));
    }
    return error_none();
}

/* The last four characters. */
static struct slice end_of(struct slice serial) {
    size_t characters = 0;
    size_t start = serial.length;
    while (start > 0 && characters < 4) {
        start--;
        characters += ((unsigned char)serial.data[start] & 0xC0U) != 0x80U;
    }
    return slice_skip(serial, start);
}

/* ISO 8601 in its basic form, to the second: 20261124T123100Z. */
static void append_instant(struct buffer *name, instant when) {
    char text[INSTANT_TEXT_SIZE];
    instant_format(when - when % INSTANT_TICKS_PER_SECOND, text);
    for (const char *at = text; *at != '\0'; at++) {
        if (*at != '-' && *at != ':')
            buffer_append_byte(name, *at);
    }
}

static void append_digits(struct buffer *name, uint64_t number, unsigned digits) {
    uint64_t limit = 1;
    for (unsigned i = 0; i < digits; i++)
        limit *= 10;
    buffer_append_format(name, "%0*" PRIu64, (int)digits, number % limit);
}

static void append_field(struct buffer *name, const struct piece *piece,
                         const struct device_name_facts *facts, size_t *randoms) {
    switch (piece->field) {
    case FIELD_SERIAL:
        buffer_append_slice(name, facts->serial);
        break;
    case FIELD_SERIAL_END:
        buffer_append_slice(name, end_of(facts->serial));
        break;
    case FIELD_ENROLLED:
        append_instant(name, facts->enrolled);
        break;
    case FIELD_NOBODY:
        break;
    case FIELD_DEVICE_TYPE:
        buffer_append_string(name, facts->device_type);
        break;
    case FIELD_DIGITS:
        append_digits(name, facts->random[*randoms % DEVICE_NAME_RANDOM_COUNT], piece->digits);
        (*randoms)++;
        break;
    }
}

struct slice device_name_make(struct slice template_text, const struct device_name_facts *facts,
                              struct arena *arena) {
    struct buffer name = {0};
    struct piece piece;
    size_t randoms = 0;
    while (take(&template_text, &piece)) {
        if (piece.is_known)
            append_field(&name, &piece, facts, &randoms);
        else
            buffer_append_slice(&name, piece.text);
    }
    struct slice made = buffer_slice(&name);
    if (made.length > DEVICE_NAME_BYTES_AT_MOST) {
        made.length = DEVICE_NAME_BYTES_AT_MOST;
        while (made.length > 0 && ((unsigned char)made.data[made.length] & 0xC0U) == 0x80U)
            made.length--;
    }
    made = arena_copy(arena, made);
    buffer_free(&name);
    return made;
}
