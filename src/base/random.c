#include "base/random.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/types.h>

static void fill_from_kernel(const struct random_source *source, void *bytes, size_t size) {
    (void)source;
    unsigned char *at = bytes;
    while (size > 0) {
        ssize_t taken = getrandom(at, size, 0);
        if (taken < 0 && errno != EINTR) {
            perror("muster: getrandom");
            abort();
        }
        if (taken > 0) {
            at += taken;
            size -= (size_t)taken;
        }
    }
}

const struct random_source system_random = {.fill = fill_from_kernel};
