#include "config/config.h"

#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "config/config_issuer.h"
#include "config/config_keys.h"

#define ISSUER_SECTION "issuer "
#define NAME_SIZE 128
#define DATA_DIRECTORY_INSTALLED "/var/lib/muster"
#define DATA_DIRECTORY_HERE "./muster-data"
#define LOOPS_AT_MOST 64

/* From the weakest to the strongest. */
enum source { SOURCE_DEFAULT, SOURCE_FILE, SOURCE_ENVIRONMENT, SOURCE_FLAG };

struct loading {
    struct config *config;
    enum source *sources; /* for each key: where its value is from */
    FILE *stream;         /* the file, while it is read */
    int line;             /* of the file, from 1 */
    struct error error;   /* the first one in the file */
};

/* name is what the source calls the key. */
static struct error set(struct loading *loading, const struct config_key *key, enum source source,
                        const char *name, const char *text) {
    enum source *held = &loading->sources[key - config_keys];
    if (source < *held)
        return error_none();
    if (source == *held && source != SOURCE_DEFAULT)
        return error_make_for(ERROR_INVALID, key->name, "%s is given twice", name);
    if (!key->take(loading->config, key, text))
        return error_make_for(ERROR_INVALID, key->name, "%s must be %s; it is '%s'", name,
                              key->expectation, text);
    *held = source;
    return error_none();
}

/* "--name value", "--name=value", or "--name" for a switch. */
static struct error read_flag(struct loading *loading, int count, char **arguments, int *at) {
    const char *argument = arguments[*at];
    if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0) {
        loading->config->wants_help = true;
        return error_none();
    }
    if (strncmp(argument, "--", 2) != 0)
        return error_make(ERROR_INVALID, "unexpected argument '%s'; see muster serve --help",
                          argument);
    const char *equals = strchr(argument, '=');
    char name[NAME_SIZE];
    int length = equals == NULL ? (int)strlen(argument + 2) : (int)(equals - argument - 2);
    (void)snprintf(name, sizeof name, "%.*s", length, argument + 2);
    bool is_file = strcmp(name, "config") == 0;
    const struct config_key *key = config_key_find(NULL, name);
    if (!is_file && key == NULL)
        return error_make(ERROR_INVALID, "there is no flag '--%s'; see muster serve --help", name);
    const char *value = equals == NULL ? NULL : equals + 1;
    if (value == NULL && key != NULL && config_key_is_switch(key))
        value = "true";
    if (value == NULL && *at + 1 < count)
        value = arguments[++*at];
    if (value == NULL)
        return error_make(ERROR_INVALID, "'--%s' needs a value: %s", name,
                          is_file ? "a path" : key->expectation);
    if (!is_file)
        return set(loading, key, SOURCE_FLAG, name, value);
    loading->config->file = arena_copy(&loading->config->arena, slice_from_string(value)).data;
    return error_none();
}

static struct error read_environment(struct loading *loading, config_environment *environment) {
    const char *file = environment("MUSTER_CONFIG");
    if (loading->config->file == NULL && file != NULL)
        loading->config->file = arena_copy(&loading->config->arena, slice_from_string(file)).data;
    for (size_t i = 0; i < config_key_count; i++) {
        char variable[NAME_SIZE];
        config_key_variable(&config_keys[i], variable, sizeof variable);
        const char *text = environment(variable);
        if (text == NULL)
            continue;
        struct error error = set(loading, &config_keys[i], SOURCE_ENVIRONMENT, variable, text);
        if (error_is_set(&error))
            return error;
    }
    return error_none();
}

static struct error set_from_file(struct loading *loading, const char *section, const char *name,
                                  const char *value) {
    if (strncmp(section, ISSUER_SECTION, strlen(ISSUER_SECTION)) == 0)
        return config_issuer_set(loading->config, section + strlen(ISSUER_SECTION), name, value);
    const struct config_key *key = config_key_find(section, name);
    if (key == NULL)
        return error_make_for(ERROR_INVALID, name, "[%s] has no key '%s'", section, name);
    return set(loading, key, SOURCE_FILE, name, value);
}

static bool has_failed(const struct loading *loading) {
    return error_is_set(&loading->error);
}

static void fail_at_line(struct loading *loading, const struct error *error) {
    if (!has_failed(loading))
        loading->error = error_make_for(ERROR_INVALID, error->target, "%s:%d: %s",
                                        loading->config->file, loading->line, error->message);
}

/* inih's handler. It goes on after an error, so the first one is kept. */
static int take_line(void *user, const char *section, const char *name, const char *value) {
    struct loading *loading = user;
    struct error error =
        has_failed(loading) ? loading->error : set_from_file(loading, section, name, value);
    if (!error_is_set(&error))
        return 1;
    fail_at_line(loading, &error);
    return 0;
}

/* inih's reader: counts lines, and refuses one that inih would quietly cut in two. */
static char *read_line(char *text, int size, void *user) {
    struct loading *loading = user;
    char *line = fgets(text, size, loading->stream);
    if (line == NULL)
        return NULL;
    loading->line++;
    if (strchr(line, '\n') == NULL && !feof(loading->stream)) {
        struct error error = error_make(ERROR_INVALID, "the line is longer than %d bytes", size);
        fail_at_line(loading, &error);
        return NULL;
    }
    return line;
}

static struct error read_file(struct loading *loading) {
    const char *path = loading->config->file;
    loading->stream = fopen(path, "re");
    if (loading->stream == NULL)
        return error_make(ERROR_INVALID, "%s: the configuration cannot be read: %s", path,
                          strerror(errno));
    int result = ini_parse_stream(read_line, loading, take_line, loading);
    (void)fclose(loading->stream);
    if (has_failed(loading))
        return loading->error;
    if (result != 0)
        return error_make(ERROR_INVALID, "%s:%d: neither a [section] nor 'key = value'", path,
                          result);
    return error_none();
}

static size_t default_loops(void) {
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (cores <= 2)
        return 1;
    return cores - 1 > LOOPS_AT_MOST ? LOOPS_AT_MOST : (size_t)(cores - 1);
}

/* As installed there is /var/lib/muster, owned by the service's user; elsewhere the data stay in
 * the folder where the server was started. */
static const char *default_data_directory(void) {
    return access(DATA_DIRECTORY_INSTALLED, W_OK) == 0 ? DATA_DIRECTORY_INSTALLED
                                                       : DATA_DIRECTORY_HERE;
}

static struct error set_defaults(struct loading *loading) {
    struct config *config = loading->config;
    config->loops = default_loops();
    config->data_directory = default_data_directory();
    for (size_t i = 0; i < config_key_count; i++) {
        if (config_keys[i].default_text == NULL)
            continue;
        struct error error = set(loading, &config_keys[i], SOURCE_DEFAULT, config_keys[i].name,
                                 config_keys[i].default_text);
        if (error_is_set(&error))
            return error;
    }
    return error_none();
}

static bool is_loopback(const char *address) {
    static const char *const prefixes[] = {"127.", "[::1]:", "localhost:", "unix:"};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        if (strncmp(address, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    }
    return false;
}

static struct error check(struct config *config) {
    if ((config->tls_certificate == NULL) != (config->tls_key == NULL))
        return error_make(ERROR_INVALID, "tls-cert and tls-key belong together: give both");
    if (config->dev && (!is_loopback(config->listen) || !is_loopback(config->ops_listen)))
        return error_make_for(ERROR_INVALID, "dev",
                              "--dev trusts an issuer whose key lies in the data directory, so it "
                              "listens on loopback only: use 127.0.0.1, [::1] or localhost");
    for (size_t i = 0; i < config->issuer_count; i++) {
        struct error error = config_issuer_check(&config->issuers[i]);
        if (error_is_set(&error))
            return error;
    }
    return error_none();
}

/* Whoever tries things out makes mistakes, and all of them from the same address. */
static void relax_for_development(struct loading *loading) {
    const struct config_key *key = config_key_find("server", "enroll-refusals-per-minute");
    if (loading->config->dev && loading->sources[key - config_keys] == SOURCE_DEFAULT)
        loading->config->enroll_refusals_per_minute = 0;
}

static struct error load(struct loading *loading, int count, char **arguments,
                         config_environment *environment) {
    struct error error = set_defaults(loading);
    for (int i = 1; i < count && !error_is_set(&error); i++)
        error = read_flag(loading, count, arguments, &i);
    if (error_is_set(&error) || loading->config->wants_help)
        return error;
    error = read_environment(loading, environment);
    if (!error_is_set(&error) && loading->config->file != NULL)
        error = read_file(loading);
    if (error_is_set(&error))
        return error;
    relax_for_development(loading);
    return check(loading->config);
}

struct error config_load(int argument_count, char **arguments, config_environment *environment,
                         struct config **config) {
    struct loading loading = {.config = memory_allocate_zeroed(1, sizeof **config),
                              .sources =
                                  memory_allocate_zeroed(config_key_count, sizeof(enum source)),
                              .error = error_none()};
    struct error error = load(&loading, argument_count, arguments, environment);
    free(loading.sources);
    if (error_is_set(&error))
        config_free(loading.config);
    else
        *config = loading.config;
    return error;
}

void config_free(struct config *config) {
    if (config == NULL)
        return;
    arena_free(&config->arena);
    free(config);
}

void config_print_keys(FILE *out) {
    (void)fprintf(out, "  --%-24s %s\n", "config", "an INI file; see docs/operations.md");
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        (void)fprintf(out, "  --%-24s %s", key->name, key->help);
        if (key->default_text != NULL && !config_key_is_switch(key))
            (void)fprintf(out, " (%s)", key->default_text);
        (void)fputc('\n', out);
    }
}
