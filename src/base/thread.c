#include "base/thread.h"

#include <signal.h>
#include <string.h>

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
