/* How long the disk under a directory takes for one fdatasync: the floor of every durable answer.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "client.h"

#define BLOCK_BYTES 16384
#define FILE_BLOCKS 512

static int open_file(const char *directory) {
    int descriptor = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor < 0 || posix_fallocate(descriptor, 0, BLOCK_BYTES * FILE_BLOCKS) != 0)
        err(EXIT_FAILURE, "%s", directory);
    return descriptor;
}

static int compare(const void *left, const void *right) {
    const int64_t *a = left;
    const int64_t *b = right;
    return (*a > *b) - (*a < *b);
}

int main(int argument_count, char **arguments) {
    if (argument_count != 3)
        errx(EXIT_FAILURE, "usage: sync_time DIRECTORY COUNT");
    static char block[BLOCK_BYTES];
    size_t count = (size_t)client_number("the count", arguments[2], 1);
    int64_t *times = calloc(count, sizeof *times);
    if (times == NULL)
        err(EXIT_FAILURE, "memory");
    int descriptor = open_file(arguments[1]);
    for (size_t i = 0; i < count; i++) {
        block[0] = (char)i;
        if (pwrite(descriptor, block, sizeof block, (off_t)(i % FILE_BLOCKS) * BLOCK_BYTES) !=
            BLOCK_BYTES)
            err(EXIT_FAILURE, "write");
        int64_t before = client_nanoseconds();
        if (fdatasync(descriptor) != 0)
            err(EXIT_FAILURE, "fdatasync");
        times[i] = client_nanoseconds() - before;
    }
    qsort(times, count, sizeof *times, compare);
    (void)printf("{\"p50\": %.1f, \"p99\": %.1f}\n", (double)times[count / 2] / 1000,
                 (double)times[(count * 99) / 100] / 1000);
    free(times);
    (void)close(descriptor);
    return EXIT_SUCCESS;
}
