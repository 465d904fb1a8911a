/* Starts the process's threads, and lets them wait for each other with a limit. Signals are for the
 * main thread, whose handlers and event loop take them: every other thread begins with all of them
 * blocked, so that a broken connection raises no SIGPIPE there either. */
#ifndef MUSTER_BASE_THREAD_H
#define MUSTER_BASE_THREAD_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

#include "base/error.h"

/* What name may have, as the kernel shows it in lists of threads. */
#define THREAD_NAME_BYTES_AT_MOST 15

/* Starts a thread that calls run with context; it is to be joined. ERROR_INTERNAL, which names the
 * thread, when the system has no room for one more. Any thread. */
struct error thread_start(pthread_t *thread, const char *name, void *(*run)(void *),
                          void *context) MUST_CHECK;

/* Makes a condition whose timed waits go by the monotonic clock, so that a clock which is set
 * neither ends nor prolongs them. Ends with pthread_cond_destroy. */
void thread_condition_open(pthread_cond_t *condition);

/* So many milliseconds from now, from 0, as pthread_cond_timedwait takes it for such a condition.
 * Any thread. */
struct timespec thread_deadline_after(int64_t milliseconds);

#endif
