#include "webhook/webhook_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct error complain(const char *path, const char *what, int number) {
    return error_make(ERROR_INVALID, "%s: the webhook's %s cannot be read: %s", path, what,
                      strerror(number));
}

static struct error check_file(const char *path, const char *what, int file) {
    struct stat status;
    if (fstat(file, &status) != 0)
        return complain(path, what, errno);
    if (!S_ISREG(status.st_mode))
        return error_make(ERROR_INVALID, "%s: the webhook's %s must be a plain file", path, what);
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return error_make(ERROR_INVALID,
                          "%s: others may read the webhook's %s (mode %04o). Run: chmod 600 %s",
                          path, what, (unsigned)(status.st_mode & 07777U), path);
    return error_none();
}

struct error webhook_file_read(const char *path, const char *what, char *text, size_t size,
                               size_t *length) {
    /* A FIFO without a writer must not stop the thread. */
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return complain(path, what, errno);
    struct error error = check_file(path, what, file);
    ssize_t count = error_is_set(&error) ? 0 : read(file, text, size);
    if (count < 0)
        error = complain(path, what, errno);
    *length = count < 0 ? 0 : (size_t)count;
    (void)close(file);
    return error;
}
