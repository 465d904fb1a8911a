/* A library for LD_PRELOAD: the disk under one directory fails when it is told to.
 *
 * FAILING_STORAGE_DIRECTORY  files below it are affected, given without symbolic links
 * FAILING_STORAGE_CONTROL    a file of at least CONTROL_BYTES that says what fails; it is mapped,
 *                            so that what is written into it counts from the next call on:
 *   byte 0   '-' nothing; 's' no space: whatever makes a file longer, with ENOSPC; 'w' every write,
 *            with EIO; 'h' every write, with EIO, after half of it was done; 'f' every fsync and
 *            fdatasync, with EIO
 *   byte 1   'a' of all files; 'l' of the write-ahead log; 'd' of the database file itself
 *   byte 8   how many calls have failed so far, 64 bits in the machine's order */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define CONTROL_BYTES 16

struct control {
    volatile char mode;
    volatile char files;
    char unused[6];
    _Atomic uint64_t failures;
};

_Static_assert(sizeof(struct control) == CONTROL_BYTES, "the layout that the comment tells");

static struct control off = {.mode = '-', .files = 'a'};
static struct control *control = &off;
static const char *directory;

__attribute__((constructor)) static void open_control(void) {
    const char *path = getenv("FAILING_STORAGE_CONTROL");
    directory = getenv("FAILING_STORAGE_DIRECTORY");
    if (path == NULL || directory == NULL)
        return;
    int descriptor = open(path, O_RDWR | O_CLOEXEC);
    void *mapped = descriptor < 0 ? MAP_FAILED
                                  : mmap(NULL, CONTROL_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
                                         descriptor, 0);
    if (mapped == MAP_FAILED) {
        perror("failing_storage");
        abort();
    }
    (void)close(descriptor);
    control = mapped;
}

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text);
    return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

static bool is_chosen(const char *path) {
    size_t length = strlen(directory);
    if (strncmp(path, directory, length) != 0 || path[length] != '/')
        return false;
    if (control->files == 'l')
        return ends_with(path, "-wal");
    return control->files != 'd' || ends_with(path, ".db");
}

static bool fails(int descriptor, char mode) {
    char link[64];
    char path[PATH_MAX];
    if (control->mode != mode)
        return false;
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0)
        return false;
    path[length] = '\0';
    return is_chosen(path);
}

static int fail(int number) {
    (void)atomic_fetch_add(&control->failures, 1);
    errno = number;
    return -1;
}

static bool is_longer(int descriptor, off_t end) {
    struct stat status;
    return fstat(descriptor, &status) == 0 && end > status.st_size;
}

/* dlsym gives a void pointer, which ISO C does not turn into a function; a union does. */
#define NEXT(name, result, ...)                                                                    \
    static result (*next)(__VA_ARGS__);                                                            \
    if (next == NULL) {                                                                            \
        union {                                                                                    \
            void *object;                                                                          \
            result (*function)(__VA_ARGS__);                                                       \
        } symbol = {.object = dlsym(RTLD_NEXT, name)};                                             \
        next = symbol.function;                                                                    \
    }

ssize_t write(int descriptor, const void *bytes, size_t length) {
    NEXT("write", ssize_t, int, const void *, size_t)
    if (fails(descriptor, 's') &&
        is_longer(descriptor, lseek(descriptor, 0, SEEK_CUR) + (off_t)length))
        return fail(ENOSPC);
    if (fails(descriptor, 'h'))
        (void)next(descriptor, bytes, length / 2);
    if (fails(descriptor, 'h') || fails(descriptor, 'w'))
        return fail(EIO);
    return next(descriptor, bytes, length);
}

static ssize_t write_at(int descriptor, const void *bytes, size_t length, off_t offset) {
    NEXT("pwrite64", ssize_t, int, const void *, size_t, off_t)
    if (fails(descriptor, 's') && is_longer(descriptor, offset + (off_t)length))
        return fail(ENOSPC);
    if (fails(descriptor, 'h'))
        (void)next(descriptor, bytes, length / 2, offset);
    if (fails(descriptor, 'h') || fails(descriptor, 'w'))
        return fail(EIO);
    return next(descriptor, bytes, length, offset);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t offset) {
    return write_at(descriptor, bytes, length, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off_t offset) {
    return write_at(descriptor, bytes, length, offset);
}

int fsync(int descriptor) {
    NEXT("fsync", int, int)
    return fails(descriptor, 'f') ? fail(EIO) : next(descriptor);
}

int fdatasync(int descriptor) {
    NEXT("fdatasync", int, int)
    return fails(descriptor, 'f') ? fail(EIO) : next(descriptor);
}

static int set_length(int descriptor, off_t length) {
    NEXT("ftruncate64", int, int, off_t)
    if (fails(descriptor, 's') && is_longer(descriptor, length))
        return fail(ENOSPC);
    if (fails(descriptor, 'w') || fails(descriptor, 'h'))
        return fail(EIO);
    return next(descriptor, length);
}

int ftruncate(int descriptor, off_t length) {
    return set_length(descriptor, length);
}

int ftruncate64(int descriptor, off_t length) {
    return set_length(descriptor, length);
}

int fallocate(int descriptor, int mode, off_t offset, off_t length) {
    NEXT("fallocate64", int, int, int, off_t, off_t)
    if (fails(descriptor, 's') && is_longer(descriptor, offset + length))
        return fail(ENOSPC);
    return next(descriptor, mode, offset, length);
}
