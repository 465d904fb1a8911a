#include "cli/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "cli/commands.h"

static bool write_all(int file, const struct buffer *content) {
    size_t written = 0;
    while (written < content->length) {
        ssize_t count = write(file, content->data + written, content->length - written);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        written += (size_t)count;
    }
    return true;
}

/* A rename would put a file in the place of a link or a device: for root, of /dev/null. */
static bool may_be_replaced(const char *path) {
    struct stat found;
    return lstat(path, &found) != 0 || S_ISREG(found.st_mode);
}

/* Written under another name first, so that nobody sees half a picture. */
int secret_file_write(const char *command, const char *path, const struct buffer *content) {
    if (!may_be_replaced(path)) {
        (void)fprintf(stderr, "muster %s: %s is there and is no regular file; give another name\n",
                      command, path);
        return COMMAND_FAILED;
    }
    struct arena arena = {0};
    const char *unfinished = arena_format(&arena, "%s.%ld.tmp", path, (long)getpid()).data;
    int file = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    bool written = file >= 0 && write_all(file, content);
    if (file >= 0 && close(file) != 0)
        written = false;
    if (written && rename(unfinished, path) != 0)
        written = false;
    if (!written) {
        (void)fprintf(stderr, "muster %s: %s cannot be written: %s\n", command, path,
                      strerror(errno));
        if (file >= 0)
            (void)unlink(unfinished);
    }
    arena_free(&arena);
    return written ? COMMAND_DONE : COMMAND_FAILED;
}
