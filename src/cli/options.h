/* Flags of client commands: a table for each command, one parser for all. */
#ifndef MUSTER_CLI_OPTIONS_H
#define MUSTER_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

/* A flag with a value has text, a switch has on; the other is NULL. */
struct option {
    const char *name; /* without "--"; "o" is written "-o" */
    const char **text;
    bool *on;
    const char *help;
};

/* Reads flags ("--name value", "--name=value") and puts what is none of them into positional, as
 * everything behind "--". "--help" sets *wants_help and ends the reading. A value that begins with
 * "--" needs the form with '='. ERROR_INVALID for an unknown flag, one without its value or given
 * twice, a text that is not UTF-8, or more than positional_at_most others. */
struct error options_parse(int argument_count, char **arguments, const struct option *options,
                           size_t option_count, const char **positional, size_t positional_at_most,
                           size_t *positional_count, bool *wants_help) MUST_CHECK;

/* One line a flag. */
void options_print(FILE *out, const struct option *options, size_t option_count);

#endif
