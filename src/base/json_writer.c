#include "base/json_writer.h"

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

static void append_quoted(struct buffer *out, struct slice text) {
    buffer_reserve(out, text.length + 2);
    buffer_append_byte(out, '"');
    size_t start = 0;
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (!needs_escape(byte))
            continue;
        buffer_append(out, text.data + start, i - start);
        append_escaped(out, byte);
        start = i + 1;
    }
    if (text.length > start)
        buffer_append(out, text.data + start, text.length - start);
    buffer_append_byte(out, '"');
}

void json_write_name(struct json_writer *writer, const char *name) {
    begin_value(writer);
    append_quoted(writer->out, slice_from_string(name));
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
    json_write_string(writer, instant_format(value, text));
}

void json_write_guid(struct json_writer *writer, const struct guid *guid) {
    char text[GUID_TEXT_SIZE];
    json_write_string(writer, guid_format(guid, text));
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
