#include "authority/local_authority.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/directory.h"

static struct error check_key_file(const char *path, int file) {
    struct stat status;
    if (fstat(file, &status) != 0)
        return error_make(ERROR_INTERNAL, "%s: %s", path, strerror(errno));
    if (!S_ISREG(status.st_mode) || status.st_size != LOCAL_AUTHORITY_KEY_SIZE)
        return error_make(ERROR_INVALID,
                          "%s: a token key is a file of exactly %d bytes; this one is not. Restore "
                          "it from a backup.",
                          path, LOCAL_AUTHORITY_KEY_SIZE);
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return error_make(ERROR_INVALID,
                          "%s: others may read the token key (mode %04o). Run: chmod 600 %s", path,
                          (unsigned)(status.st_mode & 07777U), path);
    return error_none();
}

static struct error read_key(const char *path, int file,
                             uint8_t master_key[static LOCAL_AUTHORITY_KEY_SIZE]) {
    struct error error = check_key_file(path, file);
    if (error_is_set(&error))
        return error;
    ssize_t count = pread(file, master_key, LOCAL_AUTHORITY_KEY_SIZE, 0);
    if (count != LOCAL_AUTHORITY_KEY_SIZE)
        return error_make(ERROR_INTERNAL, "%s: the token key cannot be read: %s", path,
                          count < 0 ? strerror(errno) : "it became shorter");
    return error_none();
}

/* Written under another name first: a key that is there is whole. link() refuses to replace one
 * that another server made meanwhile. The key must survive a power cut as surely as the first token
 * that it makes. */
static struct error create_key(const char *path, const struct random_source *random,
                               uint8_t master_key[static LOCAL_AUTHORITY_KEY_SIZE]) {
    struct arena arena = {0};
    struct error error = error_none();
    const char *unfinished = arena_format(&arena, "%s.tmp", path).data;
    (void)unlink(unfinished);
    int file = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    random_fill(random, master_key, LOCAL_AUTHORITY_KEY_SIZE);
    if (file < 0 || write(file, master_key, LOCAL_AUTHORITY_KEY_SIZE) != LOCAL_AUTHORITY_KEY_SIZE ||
        fsync(file) != 0 || link(unfinished, path) != 0 || !directory_sync_of(path))
        error = error_make(ERROR_INTERNAL, "%s: the token key cannot be made: %s", path,
                           strerror(errno));
    if (file >= 0)
        (void)close(file);
    (void)unlink(unfinished);
    arena_free(&arena);
    return error;
}

struct error local_authority_load_key(const char *path, bool may_create,
                                      const struct random_source *random,
                                      uint8_t master_key[static LOCAL_AUTHORITY_KEY_SIZE]) {
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file >= 0) {
        struct error error = read_key(path, file, master_key);
        (void)close(file);
        return error;
    }
    if (errno != ENOENT)
        return error_make(ERROR_INTERNAL, "%s: the token key cannot be opened: %s", path,
                          strerror(errno));
    if (may_create)
        return create_key(path, random, master_key);
    return error_make(
        ERROR_INVALID,
        "%s: the token key is missing although there is a database: tokens and device credentials "
        "cannot be checked without it. Restore it from a backup. Only if it is lost for good, make "
        "a new one (all live tokens and credentials end): (umask 077; head -c %d /dev/urandom > "
        "%s)",
        path, LOCAL_AUTHORITY_KEY_SIZE, path);
}
