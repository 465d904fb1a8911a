/* The INI file, line by line: inih reads the grammar, this adds what it lets pass in silence.
 * Refused with their place are: lines that are too long, control characters, bytes that are not
 * UTF-8, a section's head that is indented or followed by something, and keys before any section.
 * Shared by the files of this folder only. */
#ifndef MUSTER_CONFIG_CONFIG_FILE_H
#define MUSTER_CONFIG_CONFIG_FILE_H

#include "base/error.h"

/* Errors of the two say what is wrong; the place is put before their messages. */
struct config_file_reader {
    struct error (*take_section)(void *context, const char *section, int line);
    struct error (*take_key)(void *context, const char *section, const char *name,
                             const char *value);
    void *context;
};

/* Reads until the end or the first error: ERROR_INVALID whose message begins with "path:line: ",
 * or with "path: " for a file that cannot be read. */
struct error config_file_read(const char *path, const struct config_file_reader *reader) MUST_CHECK;

#endif
