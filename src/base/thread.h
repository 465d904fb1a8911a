/* Starts the process's threads. Signals are for the main thread, whose handlers and event loop take
 * them: every other thread begins with all of them blocked, so that a broken connection raises no
 * SIGPIPE there either. */
#ifndef MUSTER_BASE_THREAD_H
#define MUSTER_BASE_THREAD_H

#include <pthread.h>

#include "base/error.h"

/* What name may have, as the kernel shows it in lists of threads. */
#define THREAD_NAME_BYTES_AT_MOST 15

/* Starts a thread that calls run with context; it is to be joined. ERROR_INTERNAL, which names the
 * thread, when the system has no room for one more. Any thread. */
struct error thread_start(pthread_t *thread, const char *name, void *(*run)(void *),
                          void *context) MUST_CHECK;

#endif
