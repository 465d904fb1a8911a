/* What the process asks of the system before it begins: who may look into it, which signals may
 * end it, how many files it may open. */
#ifndef MUSTER_CLI_PROCESS_H
#define MUSTER_CLI_PROCESS_H

#include <stddef.h>

#include "base/error.h"

/* No core dump, no other process of the same user may read its memory, and new files are for the
 * owner alone. Call once, before any key is read. */
struct error process_protect_secrets(void) MUST_CHECK;

/* SIGHUP and SIGTERM end the process no more: one that comes before http_server_run waits for it.
 * Those that come after it change nothing. Call before any thread is started. */
void process_hold_signals(void);

/* A reader that is gone ends the process no more, neither a client nor whoever read the log: the
 * write fails instead. Call before anything is written. */
void process_ignore_broken_pipes(void);

/* Allows as many open files as the system grants: each connection is one. */
void process_raise_file_limit(void);

/* How many files may be open. */
size_t process_find_file_limit(void);

/* Makes the directory with mode 0700, and those above it, where they are missing. One that is there
 * must not be writable for others: whoever can write it can put a database or a key of theirs in
 * place. ERROR_INVALID names the path and the reason. */
struct error process_make_directory(const char *path) MUST_CHECK;

#endif
