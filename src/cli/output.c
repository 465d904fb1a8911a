#include "cli/output.h"

#include <inttypes.h>
#include <string.h>

#define COLUMN_WIDTH_AT_MOST 60
#define COLUMNS_AT_MOST 8

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

/* C0, DEL, and C1 controls as UTF-8 spells them (0xC2 0x80 to 0xC2 0x9F). */
void output_print_text(FILE *out, const char *text) {
    for (const char *at = text; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        unsigned char next = (unsigned char)at[1];
        if (byte < 0x20 || byte == 0x7F) {
            (void)fprintf(out, "\\x%02x", byte);
        } else if (byte == 0xC2 && next >= 0x80 && next <= 0x9F) {
            (void)fprintf(out, "\\u%04x", next);
            at++;
        } else {
            (void)fputc(byte, out);
        }
    }
}

static void print_value(FILE *out, const json_t *value) {
    switch (value == NULL ? JSON_NULL : json_typeof(value)) {
    case JSON_STRING:
        output_print_text(out, json_string_value(value));
        break;
    case JSON_INTEGER:
        (void)fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_TRUE:
        (void)fputs("true", out);
        break;
    case JSON_FALSE:
        (void)fputs("false", out);
        break;
    case JSON_NULL:
        break;
    default:
        (void)json_dumpf(value, out, JSON_COMPACT);
    }
}

static void print_json(FILE *out, const json_t *value) {
    (void)json_dumpf(value, out, JSON_INDENT(2));
    (void)fputc('\n', out);
}

static size_t width_of(const json_t *value) {
    size_t width = 0;
    switch (value == NULL ? JSON_NULL : json_typeof(value)) {
    case JSON_STRING:
        for (const char *at = json_string_value(value); *at != '\0'; at++)
            width += ((unsigned char)*at & 0xC0U) != 0x80U ? 1 : 0;
        return width;
    case JSON_INTEGER:
        return (size_t)snprintf(NULL, 0, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    case JSON_TRUE:
        return strlen("true");
    case JSON_FALSE:
        return strlen("false");
    default:
        return 0;
    }
}

static size_t column_width(const json_t *list, const struct output_column *column) {
    size_t widest = strlen(column->title);
    size_t index = 0;
    json_t *row = NULL;
    json_array_foreach((json_t *)list, index, row) {
        size_t width = width_of(json_object_get(row, column->property));
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
    size_t index = 0;
    json_t *row = NULL;
    json_array_foreach((json_t *)list, index, row) {
        for (size_t c = 0; c < column_count; c++) {
            const json_t *value = json_object_get(row, columns[c].property);
            print_value(out, value);
            if (c + 1 < column_count)
                print_padding(out, widths[c], width_of(value));
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
    size_t index = 0;
    json_t *row = NULL;
    json_array_foreach((json_t *)list, index, row) {
        print_value(out, json_object_get(row, columns[0].property));
        (void)fputc('\n', out);
    }
}

void output_print_object(FILE *out, enum output_format format, const json_t *object,
                         const struct output_column *columns, size_t column_count,
                         const char *value_property) {
    if (format == OUTPUT_JSON) {
        print_json(out, object);
        return;
    }
    if (format == OUTPUT_VALUE) {
        print_value(out, json_object_get(object, value_property));
        (void)fputc('\n', out);
        return;
    }
    for (size_t c = 0; c < column_count; c++) {
        (void)fprintf(out, "%-12s  ", columns[c].title);
        print_value(out, json_object_get(object, columns[c].property));
        (void)fputc('\n', out);
    }
}
