#include "cli/output.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define COLUMN_WIDTH_AT_MOST 60
#define COLUMNS_AT_MOST 8

/* Ranges of code points that steer a terminal or turn the order of what is shown around: C0, DEL
 * with C1, the bidirectional controls, and the separators of lines and paragraphs. */
static const struct {
    uint32_t first;
    uint32_t last;
} harmful[] = {
    {0x00, 0x1F}, {0x7F, 0x9F}, {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069},
};

struct error output_format_parse(const char *text, enum output_format *format) {
    static const char *const names[] = {"table", "json", "value"};
    *format = OUTPUT_TABLE;
    if (text == NULL)
        return error_none();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(text, names[i]) == 0) {
            *format = (enum output_format)i;
            return error_none();
        }
    }
    return error_make(ERROR_INVALID, "-o must be json, table or value; it is '%s'", text);
}

/* How many bytes the character has, and its code point; 0 when it is not UTF-8. text is not
 * empty. */
static size_t read_character(const char *text, uint32_t *code_point) {
    unsigned char lead = (unsigned char)*text;
    size_t length = lead < 0x80U ? 1 : lead < 0xE0U ? 2 : lead < 0xF0U ? 3 : 4;
    if (strnlen(text, length) < length ||
        !utf8_is_valid((struct slice){.data = text, .length = length}))
        return 0;
    *code_point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (size_t i = 1; i < length; i++)
        *code_point = *code_point << 6 | ((unsigned char)text[i] & 0x3FU);
    return length;
}

static bool is_harmful(uint32_t code_point) {
    for (size_t i = 0; i < sizeof harmful / sizeof harmful[0]; i++) {
        if (code_point >= harmful[i].first && code_point <= harmful[i].last)
            return true;
    }
    return false;
}

/* Columns that the text takes; out may be NULL to measure only. */
static size_t write_text(FILE *out, const char *text) {
    size_t columns = 0;
    while (*text != '\0') {
        char escape[12];
        uint32_t code_point = 0;
        size_t length = read_character(text, &code_point);
        bool is_plain = length > 0 && !is_harmful(code_point);
        if (is_plain && out != NULL)
            (void)fwrite(text, 1, length, out);
        if (!is_plain) {
            columns += (size_t)(length > 1 ? snprintf(escape, sizeof escape, "\\u%04x", code_point)
                                           : snprintf(escape, sizeof escape, "\\x%02x",
                                                      (unsigned)(unsigned char)*text)) -
                       1;
            if (out != NULL)
                (void)fputs(escape, out);
        }
        columns++;
        text += length == 0 ? 1 : length;
    }
    return columns;
}

void output_print_text(FILE *out, const char *text) {
    (void)write_text(out, text);
}

/* JSON already spells C0 controls as escapes; the others stand in strings only, where an escape
 * means the same. */
static size_t write_json(FILE *out, const json_t *value, size_t flags) {
    char *text = json_dumps(value, flags | JSON_ENCODE_ANY);
    size_t columns = 0;
    for (const char *at = text; at != NULL && *at != '\0'; columns++) {
        uint32_t code_point = 0;
        size_t length = read_character(at, &code_point);
        if (out != NULL && *at != '\n' && is_harmful(code_point))
            (void)fprintf(out, "\\u%04x", code_point);
        else if (out != NULL)
            (void)fwrite(at, 1, length, out);
        at += length == 0 ? 1 : length;
    }
    free(text);
    return columns;
}

/* The columns that it takes; out may be NULL to measure only. */
static size_t write_value(FILE *out, const json_t *value) {
    if (value == NULL || json_is_null(value))
        return 0;
    return json_is_string(value) ? write_text(out, json_string_value(value))
                                 : write_json(out, value, JSON_COMPACT);
}

static void print_line(FILE *out, const json_t *value) {
    (void)write_value(out, value);
    (void)fputc('\n', out);
}

static void print_json(FILE *out, const json_t *value) {
    (void)write_json(out, value, JSON_INDENT(2));
    (void)fputc('\n', out);
}

static size_t column_width(const json_t *list, const struct output_column *column) {
    size_t widest = strlen(column->title);
    for (size_t i = 0; i < json_array_size(list); i++) {
        size_t width =
            write_value(NULL, json_object_get(json_array_get(list, i), column->property));
        if (width > widest)
            widest = width;
    }
    return widest > COLUMN_WIDTH_AT_MOST ? COLUMN_WIDTH_AT_MOST : widest;
}

static void print_padding(FILE *out, size_t width, size_t used) {
    for (size_t i = used; i < width + 2; i++)
        (void)fputc(' ', out);
}

static void print_table(FILE *out, const json_t *list, const struct output_column *columns,
                        size_t column_count) {
    size_t widths[COLUMNS_AT_MOST];
    for (size_t c = 0; c < column_count; c++) {
        widths[c] = column_width(list, &columns[c]);
        (void)fputs(columns[c].title, out);
        if (c + 1 < column_count)
            print_padding(out, widths[c], strlen(columns[c].title));
    }
    (void)fputc('\n', out);
    for (size_t i = 0; i < json_array_size(list); i++) {
        for (size_t c = 0; c < column_count; c++) {
            size_t used =
                write_value(out, json_object_get(json_array_get(list, i), columns[c].property));
            if (c + 1 < column_count)
                print_padding(out, widths[c], used);
        }
        (void)fputc('\n', out);
    }
}

void output_print_list(FILE *out, enum output_format format, const json_t *list,
                       const struct output_column *columns, size_t column_count) {
    if (format == OUTPUT_JSON) {
        print_json(out, list);
        return;
    }
    if (format == OUTPUT_TABLE) {
        print_table(out, list, columns, column_count);
        return;
    }
    for (size_t i = 0; i < json_array_size(list); i++)
        print_line(out, json_object_get(json_array_get(list, i), columns[0].property));
}

void output_print_object(FILE *out, enum output_format format, const json_t *object,
                         const struct output_column *columns, size_t column_count,
                         const char *value_property) {
    if (format == OUTPUT_JSON) {
        print_json(out, object);
        return;
    }
    if (format == OUTPUT_VALUE) {
        print_line(out, json_object_get(object, value_property));
        return;
    }
    for (size_t c = 0; c < column_count; c++) {
        (void)fprintf(out, "%-12s  ", columns[c].title);
        print_line(out, json_object_get(object, columns[c].property));
    }
}
