/* Files that a command makes and that hold a secret, such as a token's QR code. One thread. */
#ifndef MUSTER_CLI_SECRET_FILE_H
#define MUSTER_CLI_SECRET_FILE_H

#include "base/buffer.h"

/* Writes the file anew, for its owner's eyes only (0600), and whole or not at all. What is there
 * and is no regular file is left alone. COMMAND_DONE, or COMMAND_FAILED with a line of command on
 * standard error. */
int secret_file_write(const char *command, const char *path, const struct buffer *content);

#endif
