#include "base/json_writer.h"

#include <endian.h>
#include <string.h>

static void begin_value(struct json_writer *writer) {
    if (writer->needs_comma)
        buffer_append_byte(writer->out, ',');
    writer->needs_comma = true;
}

static void open_container(struct json_writer *writer, char bracket) {
    begin_value(writer);
    buffer_append_byte(writer->out, bracket);
    writer->needs_comma = false;
}

static void close_container(struct json_writer *writer, char bracket) {
    buffer_append_byte(writer->out, bracket);
    writer->needs_comma = true;
}

void json_open_object(struct json_writer *writer) {
    open_container(writer, '{');
}

void json_close_object(struct json_writer *writer) {
    close_container(writer, '}');
}

void json_open_array(struct json_writer *writer) {
    open_container(writer, '[');
}

void json_close_array(struct json_writer *writer) {
    close_container(writer, ']');
}

static void append_escaped(struct buffer *out, unsigned char byte) {
    static const char digits[] = "0123456789abcdef";
    switch (byte) {
    case '"':
        buffer_append(out, "\\\"", 2);
        break;
    case '\\':
        buffer_append(out, "\\\\", 2);
        break;
    case '\n':
        buffer_append(out, "\\n", 2);
        break;
    case '\r':
        buffer_append(out, "\\r", 2);
        break;
    case '\t':
        buffer_append(out, "\\t", 2);
        break;
    default: {
        char escaped[] = {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 0x0FU]};
        buffer_append(out, escaped, sizeof escaped);
    }
    }
}

static bool needs_escape(unsigned char byte) {
    return byte < 0x20 || byte == '"' || byte == '\\' || byte == 0x7F;
}

/* Each byte of a word, with the high bit set where the byte of word is zero (exact up to the first
 * such byte, which is all that is asked of it). */
static uint64_t zero_bytes(uint64_t word) {
    return (word - UINT64_C(0x0101010101010101)) & ~word;
}

/* The index of the first of eight bytes that needs an escape, or 8; a whole page of text goes
 * through here. */
static size_t find_escape_in_word(const char *text) {
    uint64_t word = 0;
    memcpy(&word, text, sizeof word);
    word = le64toh(word);
    uint64_t controls = (word - UINT64_C(0x2020202020202020)) & ~word;
    uint64_t found = (controls | zero_bytes(word ^ UINT64_C(0x2222222222222222)) |
                      zero_bytes(word ^ UINT64_C(0x5C5C5C5C5C5C5C5C)) |
                      zero_bytes(word ^ UINT64_C(0x7F7F7F7F7F7F7F7F))) &
                     UINT64_C(0x8080808080808080);
    return found == 0 ? sizeof word : (size_t)__builtin_ctzll(found) / 8;
}

/* The index of the first byte from start on that needs an escape, or the length. */
static size_t find_escape(struct slice text, size_t start) {
    size_t at = start;
    while (text.length - at >= sizeof(uint64_t)) {
        size_t clean = find_escape_in_word(text.data + at);
        at += clean;
        if (clean < sizeof(uint64_t))
            return at;
    }
    while (at < text.length && !needs_escape((unsigned char)text.data[at]))
        at++;
    return at;
}

static void append_quoted(struct buffer *out, struct slice text) {
    buffer_reserve(out, text.length + 2);
    buffer_append_byte(out, '"');
    size_t start = 0;
    while (start < text.length) {
        size_t end = find_escape(text, start);
        buffer_append(out, text.data + start, end - start);
        if (end < text.length)
            append_escaped(out, (unsigned char)text.data[end++]);
        start = end;
    }
    buffer_append_byte(out, '"');
}

/* For what has nothing to escape: GUIDs and dates. */
static void append_plain(struct buffer *out, const char *text, size_t length) {
    buffer_reserve(out, length + 2);
    char *at = out->data + out->length;
    *at++ = '"';
    memcpy(at, text, length);
    at += length;
    *at = '"';
    out->length += length + 2;
}

void json_write_name(struct json_writer *writer, const char *name) {
    json_write_text_name(writer, slice_from_string(name));
}

void json_write_text_name(struct json_writer *writer, struct slice name) {
    begin_value(writer);
    append_quoted(writer->out, name);
    buffer_append_byte(writer->out, ':');
    writer->needs_comma = false;
}

void json_write_text(struct json_writer *writer, struct slice text) {
    begin_value(writer);
    append_quoted(writer->out, text);
}

void json_write_string(struct json_writer *writer, const char *text) {
    json_write_text(writer, slice_from_string(text));
}

void json_write_integer(struct json_writer *writer, int64_t value) {
    begin_value(writer);
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    if (value < 0)
        buffer_append_byte(writer->out, '-');
    buffer_append_unsigned(writer->out, magnitude);
}

void json_write_boolean(struct json_writer *writer, bool value) {
    begin_value(writer);
    buffer_append_string(writer->out, value ? "true" : "false");
}

void json_write_null(struct json_writer *writer) {
    begin_value(writer);
    buffer_append(writer->out, "null", 4);
}

void json_write_instant(struct json_writer *writer, instant value) {
    char text[INSTANT_TEXT_SIZE];
    instant_format(value, text);
    begin_value(writer);
    append_plain(writer->out, text, strlen(text));
}

void json_write_guid(struct json_writer *writer, const struct guid *guid) {
    char text[GUID_TEXT_SIZE];
    guid_format(guid, text);
    begin_value(writer);
    append_plain(writer->out, text, GUID_TEXT_SIZE - 1);
}

void json_write_raw(struct json_writer *writer, struct slice json) {
    begin_value(writer);
    buffer_append_slice(writer->out, json);
}

void json_write_optional_text(struct json_writer *writer, struct slice text) {
    if (text.data == NULL)
        json_write_null(writer);
    else
        json_write_text(writer, text);
}
