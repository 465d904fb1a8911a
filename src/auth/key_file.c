#include "auth/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "auth/keyset.h"

static struct key_file_stamp make_stamp(const struct stat *status) {
    return (struct key_file_stamp){
        .inode = status->st_ino, .size = status->st_size, .modified = status->st_mtim};
}

bool key_file_changed(const char *path, const struct key_file_stamp *stamp) {
    struct stat status;
    return stat(path, &status) == 0 &&
           (status.st_ino != stamp->inode || status.st_size != stamp->size ||
            status.st_mtim.tv_sec != stamp->modified.tv_sec ||
            status.st_mtim.tv_nsec != stamp->modified.tv_nsec);
}

static struct error read_all(int file, struct buffer *document) {
    buffer_clear(document);
    while (document->length <= KEYSET_BYTES_AT_MOST) {
        buffer_reserve(document, 4096);
        ssize_t count = read(file, document->data + document->length, 4096);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return error_make(ERROR_UNAVAILABLE, "cannot be read: %s", strerror(errno));
        if (count == 0)
            return error_none();
        document->length += (size_t)count;
    }
    return error_make(ERROR_UNAVAILABLE, "holds more than %u bytes", KEYSET_BYTES_AT_MOST);
}

struct error key_file_read(const char *path, struct key_file_stamp *stamp,
                           struct buffer *document) {
    struct stat status;
    /* A FIFO without a writer must not stop the thread. */
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return error_make(ERROR_UNAVAILABLE, "cannot be opened: %s", strerror(errno));
    struct error error = error_none();
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))
        error = error_make(ERROR_UNAVAILABLE, "is not a regular file");
    else
        error = read_all(file, document);
    if (!error_is_set(&error))
        *stamp = make_stamp(&status);
    (void)close(file);
    return error;
}
