#include "cli/process.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

struct error process_protect_secrets(void) {
    const struct rlimit no_core = {.rlim_cur = 0, .rlim_max = 0};
    (void)umask(S_IRWXG | S_IRWXO);
    if (setrlimit(RLIMIT_CORE, &no_core) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return error_make(ERROR_INTERNAL, "core dumps cannot be switched off: %s", strerror(errno));
    return error_none();
}

/* A signal that is blocked waits even where it is ignored. SIGINT is left alone: whoever sits in
 * front of a start that takes too long may end it, and nothing is lost by that. */
void process_hold_signals(void) {
    sigset_t held;
    (void)signal(SIGHUP, SIG_IGN);
    (void)sigemptyset(&held);
    (void)sigaddset(&held, SIGHUP);
    (void)sigaddset(&held, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &held, NULL);
}

void process_ignore_broken_pipes(void) {
    (void)signal(SIGPIPE, SIG_IGN);
}

void process_raise_file_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

size_t process_find_file_limit(void) {
    struct rlimit limit;
    return getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > SIZE_MAX
               ? SIZE_MAX
               : (size_t)limit.rlim_cur;
}

static bool make_or_exists(const char *path) {
    return mkdir(path, S_IRWXU) == 0 || errno == EEXIST;
}

struct error process_make_directory(const char *path) {
    char *copy = memory_copy_string(path);
    bool made = true;
    for (char *at = copy + 1; made && *copy != '\0' && *at != '\0'; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        made = make_or_exists(copy);
        *at = '/';
    }
    made = made && make_or_exists(copy);
    struct stat status;
    struct error error = error_none();
    if (!made || stat(copy, &status) != 0)
        error = error_make(ERROR_INVALID, "%s: the directory cannot be made: %s", path,
                           strerror(errno));
    else if (!S_ISDIR(status.st_mode))
        error = error_make(ERROR_INVALID, "%s: not a directory", path);
    else if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        error = error_make(ERROR_INVALID,
                           "%s: others may write the directory (mode %04o). Run: chmod 700 %s",
                           path, (unsigned)(status.st_mode & 07777U), path);
    free(copy);
    return error;
}
