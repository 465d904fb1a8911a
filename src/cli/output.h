/* What client commands print: JSON, a table, or one value a line. */
#ifndef MUSTER_CLI_OUTPUT_H
#define MUSTER_CLI_OUTPUT_H

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

enum output_format { OUTPUT_TABLE, OUTPUT_JSON, OUTPUT_VALUE };

/* The columns of a table; the first is what OUTPUT_VALUE prints. */
struct output_column {
    const char *title;
    const char *property;
};

/* "json", "table" or "value"; NULL means table. ERROR_INVALID otherwise. */
struct error output_format_parse(const char *text, enum output_format *format) MUST_CHECK;

/* Prints an array of objects; a table has at most eight columns. */
void output_print_list(FILE *out, enum output_format format, const json_t *list,
                       const struct output_column *columns, size_t column_count);

/* Prints one object: a line for each column, or its JSON, or the value of the property. */
void output_print_object(FILE *out, enum output_format format, const json_t *object,
                         const struct output_column *columns, size_t column_count,
                         const char *value_property);

/* Prints a text that came from elsewhere so that it cannot steer a terminal: control characters,
 * bidirectional ones and bytes that are not UTF-8 become visible ("\x1b", "\u009b"). Whatever this
 * module prints is treated so; JSON stays JSON. */
void output_print_text(FILE *out, const char *text);

#endif
