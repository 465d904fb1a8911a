/* The INI file, line by line: inih reads the grammar, this adds what it lets pass in silence.
 * Refused with their place are: lines that are too long, control characters, bytes that are not
 * UTF-8, a section's head that is indented or followed by something, keys before any section, and
 * indented lines, which go on with the value before them, behind a key that has one line only.
 * Shared by the files of this folder only. */
#ifndef MUSTER_CONFIG_CONFIG_FILE_H
#define MUSTER_CONFIG_CONFIG_FILE_H

#include <stdbool.h>

#include "base/error.h"

/* Errors of the two say what is wrong; the place is put before their messages. */
struct config_file_reader {
    struct error (*take_section)(void *context, const char *section, int line);
    struct error (*take_key)(void *context, const char *section, const char *name,
                             const char *value);
    /* Whether the key may go on over several lines: take_key is called with each. */
    bool (*has_many_lines)(const char *section, const char *name);
    void *context;
};

/* Reads until the end or the first error: ERROR_INVALID whose message begins with "path:line: ",
 * or with "path: " for a file that cannot be read. */
struct error config_file_read(const char *path, const struct config_file_reader *reader) MUST_CHECK;

#endif
