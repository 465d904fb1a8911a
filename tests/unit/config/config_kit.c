#include "config/config_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ARGUMENTS_AT_MOST 16
#define PATH_TEMPLATE "/tmp/muster-config-XXXXXX"

/* config_load asks by a plain function, so what it finds must lie here. One thread. */
static const char *const *current_environment;

static char *find_variable(const char *name) {
    for (const char *const *at = current_environment; at != NULL && *at != NULL; at += 2) {
        if (strcmp(at[0], name) == 0)
            return (char *)(uintptr_t)at[1];
    }
    return NULL;
}

static void write_file(char path[static sizeof PATH_TEMPLATE], struct slice text) {
    memcpy(path, PATH_TEMPLATE, sizeof PATH_TEMPLATE);
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text.length == 0 ? "" : text.data, text.length),
                     (ssize_t)text.length);
    assert_int_equal(close(descriptor), 0);
}

static struct error load(const char *path, const char *const *environment, const char *const *flags,
                         struct config **config) {
    char *arguments[ARGUMENTS_AT_MOST] = {(char *)(uintptr_t) "serve"};
    int count = 1;
    if (path != NULL) {
        arguments[count++] = (char *)(uintptr_t) "--config";
        arguments[count++] = (char *)(uintptr_t)path;
    }
    for (size_t i = 0; flags != NULL && flags[i] != NULL; i++) {
        assert_true(count < ARGUMENTS_AT_MOST);
        arguments[count++] = (char *)(uintptr_t)flags[i];
    }
    current_environment = environment;
    *config = NULL;
    struct error error = config_load(count, arguments, find_variable, config);
    current_environment = NULL;
    assert_true(error_is_set(&error) == (*config == NULL));
    return error;
}

struct error kit_load(const char *file, const char *const *environment, const char *const *flags,
                      struct config **config) {
    if (file == NULL)
        return load(NULL, environment, flags, config);
    char path[sizeof PATH_TEMPLATE];
    write_file(path, slice_from_string(file));
    struct error error = load(path, environment, flags, config);
    (void)unlink(path);
    return error;
}

struct error kit_load_bytes(struct slice file, struct config **config) {
    char path[sizeof PATH_TEMPLATE];
    write_file(path, file);
    struct error error = load(path, NULL, NULL, config);
    (void)unlink(path);
    return error;
}

void kit_assert_refused(const char *file, const char *const *environment, const char *const *flags,
                        const char *message) {
    struct config *config = NULL;
    struct error error = kit_load(file, environment, flags, &config);
    config_free(config);
    if (error.code != ERROR_INVALID)
        fail_msg("error code %d instead of ERROR_INVALID for: %s", (int)error.code, message);
    char expected[ERROR_MESSAGE_SIZE + sizeof PATH_TEMPLATE];
    bool names_file = strncmp(message, "FILE", 4) == 0;
    (void)snprintf(expected, sizeof expected, "%.*s%s",
                   names_file ? (int)sizeof PATH_TEMPLATE - 1 : 0, error.message,
                   names_file ? message + 4 : message);
    assert_string_equal(error.message, expected);
}
