/* A JWKS in a file: read when it changed. One thread at a time. */
#ifndef MUSTER_AUTH_KEY_FILE_H
#define MUSTER_AUTH_KEY_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/error.h"

/* What a file looked like when it was read. All zero: never. */
struct key_file_stamp {
    ino_t inode;
    off_t size;
    struct timespec modified;
};

/* Whether the file is another one or was written since. False when it cannot be looked at. */
bool key_file_changed(const char *path, const struct key_file_stamp *stamp);

/* Reads the whole file into document. Errors: ERROR_UNAVAILABLE, as the end of a sentence that
 * begins with the path. */
struct error key_file_read(const char *path, struct key_file_stamp *stamp,
                           struct buffer *document) MUST_CHECK;

#endif
