#include "store/sqlite/database_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/directory.h"
#include "base/memory.h"

#define LOCK_SUFFIX ".lock"

/* Of the log's index: SQLite keeps this byte locked for reading as long as it has the log open. */
#define INDEX_OPEN_BYTE 128

static const struct {
    int number;
    const char *advice;
} advices[] = {
    {ENOENT, "Its directory does not exist; create it, or name another data directory"},
    {ENOTDIR, "A part of its path is not a directory; name another data directory"},
    {EACCES, "Give this user the right to write the file and its directory"},
    {EPERM, "Give this user the right to write the file and its directory"},
    {EROFS, "Its file system is mounted read-only; name another data directory"},
    {EISDIR, "It is a directory; name another data directory"},
    {ELOOP, "It is a symbolic link; put a file in its place"},
    {ENOSPC, "The disk is full; free some space"},
    {EDQUOT, "The disk quota is used up; free some space"},
};

static struct error cannot_open(const char *path, int number) {
    const char *advice = "Check the file and its directory";
    for (size_t i = 0; i < sizeof advices / sizeof advices[0]; i++) {
        if (advices[i].number == number)
            advice = advices[i].advice;
    }
    return error_make(number == ENOSPC || number == EDQUOT ? ERROR_UNAVAILABLE : ERROR_INTERNAL,
                      "The file '%s' cannot be opened for writing (%s). %s.", path,
                      strerrordesc_np(number), advice);
}

static char *make_path_beside(const char *path, const char *suffix) {
    size_t size = strlen(path) + strlen(suffix) + 1;
    char *beside = memory_allocate(size);
    (void)snprintf(beside, size, "%s%s", path, suffix);
    return beside;
}

struct error database_file_lock(const char *path, int *descriptor) {
    struct error error = error_none();
    char *lock_path = make_path_beside(path, LOCK_SUFFIX);
    /* An open file description's lock: unlike a process's, it also shuts out a second opening
     * within this process, and is not lost when some other descriptor is closed. */
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int opened = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (opened < 0) {
        error = cannot_open(lock_path, errno);
        goto out;
    }
    if (fcntl(opened, F_OFD_SETLK, &lock) != 0) {
        if (errno == EAGAIN || errno == EACCES)
            error = error_make(ERROR_CONFLICT,
                               "The database '%s' is in use by another muster server. Stop that "
                               "one, or name another data directory.",
                               path);
        else
            error = cannot_open(lock_path, errno);
        goto out;
    }
    *descriptor = opened;
    opened = -1;
out:
    if (opened >= 0)
        (void)close(opened);
    free(lock_path);
    return error;
}

bool database_file_is_open_elsewhere(const char *path) {
    char *log_path = make_path_beside(path, "-wal");
    char *index_path = make_path_beside(path, "-shm");
    struct stat log_status = {.st_size = 0};
    struct flock lock = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = INDEX_OPEN_BYTE, .l_len = 1};
    int index = open(index_path, O_RDONLY | O_CLOEXEC);
    bool is_open_elsewhere = index >= 0 && stat(log_path, &log_status) == 0 &&
                             log_status.st_size > 0 && fcntl(index, F_GETLK, &lock) == 0 &&
                             lock.l_type != F_UNLCK;
    if (index >= 0)
        (void)close(index);
    free(index_path);
    free(log_path);
    return is_open_elsewhere;
}

struct error database_file_make(const char *path) {
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return cannot_open(path, errno);
    (void)close(descriptor);
    if (!directory_sync_of(path))
        return error_make(ERROR_INTERNAL,
                          "The directory of '%s' cannot be brought onto the disk (%s). Check the "
                          "disk and its file system.",
                          path, strerrordesc_np(errno));
    return error_none();
}
