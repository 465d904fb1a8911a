#include "base/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"

bool directory_sync_of(const char *path) {
    char *copy = memory_copy_string(path);
    int directory = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_synced = directory >= 0 && fsync(directory) == 0;
    int number = errno;
    if (directory >= 0)
        (void)close(directory);
    free(copy);
    errno = number;
    return is_synced;
}
