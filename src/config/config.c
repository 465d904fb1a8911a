#include "config/config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "config/config_address.h"
#include "config/config_file.h"
#include "config/config_issuer.h"
#include "config/config_keys.h"
#include "config/config_provisioning.h"
#include "config/config_webhook.h"

#define ISSUER_SECTION "issuer "
#define WEBHOOK_SECTION "webhook "
#define PROVISIONING_SECTION "provisioning"
#define FILE_FLAG "config"
#define FILE_VARIABLE "MUSTER_CONFIG"
#define DATA_DIRECTORY_VARIABLE "MUSTER_DATA_DIR"
#define DATA_DIRECTORY_INSTALLED "/var/lib/muster"
#define DATA_DIRECTORY_HERE "./muster-data"
#define NAME_SIZE 128
#define LOOPS_AT_MOST 64

/* In the order in which they are read: a later one wins. */
enum source { SOURCE_DEFAULT, SOURCE_FILE, SOURCE_ENVIRONMENT, SOURCE_FLAG };

struct loading {
    struct config *config;
    enum source *sources; /* for each key: where its value is from */
    struct config_issuer sections[CONFIG_ISSUERS_AT_MOST]; /* as config->issuers */
    struct config_webhook webhooks[CONFIG_WEBHOOKS_AT_MOST];
    struct config_provisioning provisioning;
};

/* A flag as it stands on the command line. */
struct flag {
    char name[NAME_SIZE];         /* with its dashes, for messages */
    const struct config_key *key; /* NULL for --config and --help */
    const char *value;
    bool is_help;
};

/* name is what the source calls the key. */
static struct error set(struct loading *loading, const struct config_key *key, enum source source,
                        const char *name, const char *text) {
    enum source *held = &loading->sources[key - config_keys];
    bool again = source == *held && source != SOURCE_DEFAULT;
    if (again && !config_key_is_list(key))
        return error_make_for(ERROR_INVALID, key->name, "%s is given twice", name);
    if (!again)
        config_key_empty(loading->config, key);
    *held = source;
    if (key->take(loading->config, key, text))
        return error_none();
    if (config_key_hides_value(key))
        return error_make_for(ERROR_INVALID, key->name, "%s must be %s", name, key->expectation);
    return error_make_for(ERROR_INVALID, key->name, "%s must be %s; it is '%s'", name,
                          key->expectation, text);
}

/* An empty variable is one that was not set. */
static const char *find_variable(config_environment *environment, const char *name) {
    const char *text = environment(name);
    return text == NULL || *text == '\0' ? NULL : text;
}

const char *config_default_data_directory(config_environment *environment) {
    const char *directory = find_variable(environment, DATA_DIRECTORY_VARIABLE);
    if (directory != NULL)
        return directory;
    return access(DATA_DIRECTORY_INSTALLED, W_OK) == 0 ? DATA_DIRECTORY_INSTALLED
                                                       : DATA_DIRECTORY_HERE;
}

const char *config_development_data_directory(config_environment *environment) {
    const char *directory = find_variable(environment, DATA_DIRECTORY_VARIABLE);
    return directory != NULL ? directory : DATA_DIRECTORY_HERE;
}

static size_t default_loops(void) {
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (cores < 1)
        return 1;
    return cores > LOOPS_AT_MOST ? LOOPS_AT_MOST : (size_t)cores;
}

static const char *keep(struct config *config, const char *text) {
    return arena_copy(&config->arena, slice_from_string(text)).data;
}

static struct error set_defaults(struct loading *loading, config_environment *environment) {
    struct config *config = loading->config;
    config->loops = default_loops();
    config->data_directory = keep(config, config_default_data_directory(environment));
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

static struct error take_section(void *context, const char *section, int line) {
    struct loading *loading = context;
    struct config *config = loading->config;
    if (strncmp(section, ISSUER_SECTION, strlen(ISSUER_SECTION)) == 0) {
        struct config_issuer begun;
        struct error error =
            config_issuer_begin(config, section + strlen(ISSUER_SECTION), line, &begun);
        if (!error_is_set(&error))
            loading->sections[config->issuer_count - 1] = begun;
        return error;
    }
    if (strncmp(section, WEBHOOK_SECTION, strlen(WEBHOOK_SECTION)) == 0) {
        struct config_webhook begun;
        struct error error =
            config_webhook_begin(config, section + strlen(WEBHOOK_SECTION), line, &begun);
        if (!error_is_set(&error))
            loading->webhooks[config->webhook_count - 1] = begun;
        return error;
    }
    if (strcmp(section, PROVISIONING_SECTION) == 0) {
        loading->provisioning.line = line;
        return error_none();
    }
    for (size_t i = 0; i < config_key_count; i++) {
        if (strcmp(config_keys[i].section, section) == 0)
            return error_none();
    }
    return error_make_for(ERROR_INVALID, section,
                          "there is no section [%s]; there are [server], [graph], "
                          "[provisioning], [issuer NAME] and [webhook NAME]",
                          section);
}

static struct error take_key(void *context, const char *section, const char *name,
                             const char *value) {
    struct loading *loading = context;
    struct config *config = loading->config;
    if (strncmp(section, ISSUER_SECTION, strlen(ISSUER_SECTION)) == 0)
        return config_issuer_set(config, &loading->sections[config->issuer_count - 1], name, value);
    if (strncmp(section, WEBHOOK_SECTION, strlen(WEBHOOK_SECTION)) == 0)
        return config_webhook_set(config, &loading->webhooks[config->webhook_count - 1], name,
                                  value);
    if (strcmp(section, PROVISIONING_SECTION) == 0)
        return config_provisioning_set(config, &loading->provisioning, name, value);
    const struct config_key *key = config_key_find(section, name);
    if (key == NULL)
        return error_make_for(ERROR_INVALID, name, "[%s] has no key '%s'", section, name);
    return set(loading, key, SOURCE_FILE, name, value);
}

static bool has_many_lines(const char *section, const char *name) {
    return strcmp(section, PROVISIONING_SECTION) == 0 && config_provisioning_has_many_lines(name);
}

static struct error read_file(struct loading *loading) {
    const struct config *config = loading->config;
    const struct config_file_reader reader = {.take_section = take_section,
                                              .take_key = take_key,
                                              .has_many_lines = has_many_lines,
                                              .context = loading};
    struct error error = config_file_read(config->file, &reader);
    for (size_t i = 0; i < config->issuer_count && !error_is_set(&error); i++) {
        struct error wrong = config_issuer_finish(config, &loading->sections[i]);
        if (error_is_set(&wrong))
            error = error_make_for(ERROR_INVALID, wrong.target, "%s:%d: %s", config->file,
                                   loading->sections[i].line, wrong.message);
    }
    return error;
}

static struct error read_environment(struct loading *loading, config_environment *environment) {
    for (size_t i = 0; i < config_key_count; i++) {
        char variable[NAME_SIZE];
        config_key_variable(&config_keys[i], variable, sizeof variable);
        const char *text = find_variable(environment, variable);
        if (text == NULL)
            continue;
        struct error error = set(loading, &config_keys[i], SOURCE_ENVIRONMENT, variable, text);
        if (error_is_set(&error))
            return error;
    }
    return error_none();
}

/* "--name value", "--name=value", or "--name" for a switch. */
static struct error next_flag(int count, char **arguments, int *at, struct flag *flag) {
    const char *argument = arguments[(*at)++];
    *flag =
        (struct flag){.is_help = strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0};
    if (flag->is_help)
        return error_none();
    if (strncmp(argument, "--", 2) != 0)
        return error_make(ERROR_INVALID, "unexpected argument '%s'; see muster serve --help",
                          argument);
    size_t length = strcspn(argument, "=");
    (void)snprintf(flag->name, sizeof flag->name, "%.*s", (int)length, argument);
    flag->key = config_key_find(NULL, flag->name + 2);
    bool is_file = strcmp(flag->name + 2, FILE_FLAG) == 0;
    if (!is_file && flag->key == NULL)
        return error_make(ERROR_INVALID, "there is no flag '%s'; see muster serve --help",
                          flag->name);
    if (argument[length] == '=')
        flag->value = argument + length + 1;
    else if (flag->key != NULL && config_key_is_switch(flag->key))
        flag->value = "true";
    else if (*at < count && strncmp(arguments[*at], "--", 2) != 0)
        flag->value = arguments[(*at)++];
    if (flag->value == NULL || *flag->value == '\0')
        return error_make(ERROR_INVALID, "'%s' needs a value: %s", flag->name,
                          is_file ? "a path" : flag->key->expectation);
    return error_none();
}

/* The flags that count before all others: which file to read, or that help is wanted. */
static struct error find_file(struct loading *loading, int count, char **arguments,
                              config_environment *environment) {
    struct config *config = loading->config;
    for (int at = 1; at < count;) {
        struct flag flag;
        struct error error = next_flag(count, arguments, &at, &flag);
        if (error_is_set(&error))
            return error;
        config->wants_help = flag.is_help;
        if (flag.is_help)
            return error_none();
        if (flag.key != NULL)
            continue;
        if (config->file != NULL)
            return error_make_for(ERROR_INVALID, FILE_FLAG, "%s is given twice", flag.name);
        config->file = keep(config, flag.value);
    }
    const char *file = find_variable(environment, FILE_VARIABLE);
    if (config->file == NULL && file != NULL)
        config->file = keep(config, file);
    return error_none();
}

static struct error read_flags(struct loading *loading, int count, char **arguments) {
    for (int at = 1; at < count;) {
        struct flag flag;
        struct error error = next_flag(count, arguments, &at, &flag);
        if (!error_is_set(&error) && flag.key != NULL)
            error = set(loading, flag.key, SOURCE_FLAG, flag.name, flag.value);
        if (error_is_set(&error))
            return error;
    }
    return error_none();
}

struct error config_check(const struct config *config) {
    if ((config->tls_certificate == NULL) != (config->tls_key == NULL))
        return error_make_for(ERROR_INVALID, config->tls_key == NULL ? "tls-key" : "tls-cert",
                              "tls-cert and tls-key belong together: give both");
    const char *const addresses[] = {config->listen, config->ops_listen};
    for (size_t i = 0; i < 2 && config->dev; i++) {
        if (!config_address_is_loopback(addresses[i]))
            return error_make_for(ERROR_INVALID, i == 0 ? "listen" : "ops-listen",
                                  "--dev trusts an issuer whose key lies in the data directory, so "
                                  "it listens on loopback only: use 127.0.0.1, [::1] or localhost "
                                  "instead of %s",
                                  addresses[i]);
    }
    if (config->dev && config->tls_certificate == NULL &&
        !config_address_has_next_port(config->listen))
        return error_make_for(
            ERROR_INVALID, "listen",
            "--dev serves HTTPS on the port above that of listen, and %s has none: "
            "use 127.0.0.1 with a port up to 65534",
            config->listen);
    return error_none();
}

/* Whoever tries things out makes mistakes, all of them from the same address, and as fast as a
 * machine can; what was set all the same counts. */
static void relax_for_development(struct loading *loading) {
    static const char *const limits[] = {
        "enroll-refusals-per-minute",  "throttle-calls-per-tenant", "throttle-calls-per-app",
        "throttle-changes-per-tenant", "throttle-changes-per-app",
    };
    for (size_t i = 0; i < sizeof limits / sizeof limits[0] && loading->config->dev; i++) {
        const struct config_key *key = config_key_find(NULL, limits[i]);
        if (loading->sources[key - config_keys] == SOURCE_DEFAULT)
            (void)key->take(loading->config, key, "0");
    }
}

/* Flags decide whether the server is for development, so they must have been read. */
static struct error finish_webhooks(const struct loading *loading) {
    const struct config *config = loading->config;
    for (size_t i = 0; i < config->webhook_count; i++) {
        struct error wrong = config_webhook_finish(config, &loading->webhooks[i]);
        if (error_is_set(&wrong))
            return error_make_for(ERROR_INVALID, wrong.target, "%s:%d: %s", config->file,
                                  loading->webhooks[i].line, wrong.message);
    }
    return error_none();
}

/* Whoever tries things out on a machine where Muster is installed leaves its data alone. */
static void move_for_development(struct loading *loading, config_environment *environment) {
    const struct config_key *key = config_key_find("server", "data-dir");
    if (loading->config->dev && loading->sources[key - config_keys] == SOURCE_DEFAULT)
        (void)key->take(loading->config, key, config_development_data_directory(environment));
}

static struct error load(struct loading *loading, int count, char **arguments,
                         config_environment *environment) {
    struct error error = find_file(loading, count, arguments, environment);
    if (error_is_set(&error) || loading->config->wants_help)
        return error;
    error = set_defaults(loading, environment);
    if (!error_is_set(&error) && loading->config->file != NULL)
        error = read_file(loading);
    if (!error_is_set(&error))
        error = read_environment(loading, environment);
    if (!error_is_set(&error))
        error = read_flags(loading, count, arguments);
    if (error_is_set(&error))
        return error;
    relax_for_development(loading);
    move_for_development(loading, environment);
    error = config_check(loading->config);
    if (!error_is_set(&error))
        error = finish_webhooks(loading);
    return error_is_set(&error)
               ? error
               : config_provisioning_finish(loading->config, &loading->provisioning);
}

struct error config_load(int argument_count, char **arguments, config_environment *environment,
                         struct config **config) {
    struct loading loading = {.config = memory_allocate_zeroed(1, sizeof **config),
                              .sources =
                                  memory_allocate_zeroed(config_key_count, sizeof(enum source))};
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
    (void)fprintf(out, "  --%-24s %s\n", FILE_FLAG, "an INI file; see docs/operations.md");
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        (void)fprintf(out, "  --%-24s %s", key->name, key->help);
        if (key->default_text != NULL && !config_key_is_switch(key))
            (void)fprintf(out, " (%s)", key->default_text);
        (void)fputc('\n', out);
    }
}
