#include "base/thread.h"

#include <signal.h>
#include <string.h>

#define MILLISECONDS_PER_SECOND 1000
#define NANOSECONDS_PER_MILLISECOND 1000000L
#define NANOSECONDS_PER_SECOND 1000000000L

struct error thread_start(pthread_t *thread, const char *name, void *(*run)(void *),
                          void *context) {
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int number = pthread_create(thread, NULL, run, context);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (number != 0)
        return error_make(ERROR_INTERNAL,
                          "The thread '%s' cannot be started (%s). Raise the limit of threads.",
                          name, strerrordesc_np(number));
    (void)pthread_setname_np(*thread, name);
    return error_none();
}

void thread_condition_open(pthread_cond_t *condition) {
    pthread_condattr_t attributes;
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(condition, &attributes);
    (void)pthread_condattr_destroy(&attributes);
}

struct timespec thread_deadline_after(int64_t milliseconds) {
    struct timespec deadline = {.tv_sec = 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += (time_t)(milliseconds / MILLISECONDS_PER_SECOND);
    deadline.tv_nsec +=
        (long)(milliseconds % MILLISECONDS_PER_SECOND) * NANOSECONDS_PER_MILLISECOND;
    if (deadline.tv_nsec >= NANOSECONDS_PER_SECOND) {
        deadline.tv_sec++;
        deadline.tv_nsec -= NANOSECONDS_PER_SECOND;
    }
    return deadline;
}
