/* The small files in which an operator keeps what is secret of a webhook: its signing secret, and
 * its address where that is one, too. One thread at a time. */
#ifndef MUSTER_WEBHOOK_WEBHOOK_FILE_H
#define MUSTER_WEBHOOK_WEBHOOK_FILE_H

#include <stddef.h>

#include "base/error.h"

/* Reads the file's first size bytes at most into text. Nobody but its owner may read it. what it
 * holds is for messages: "secret". ERROR_INVALID names the file, what is wrong and what to do. */
struct error webhook_file_read(const char *path, const char *what, char *text, size_t size,
                               size_t *length) MUST_CHECK;

#endif
