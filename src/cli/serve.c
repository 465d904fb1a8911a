#include "cli/serve.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "auth/dev_issuer.h"
#include "base/memory.h"
#include "cli/assembly.h"
#include "cli/process.h"
#include "cli/tour.h"
#include "service/tenants.h"

#define EXIT_USAGE 2

struct serving {
    struct assembly assembly;
    struct arena arena; /* of the demo tenant's command */
    struct service_call demo_call;
};

/* Whatever the log level is, who started the server must learn that it serves. */
static void announce(const struct serving *serving) {
    const struct assembly_addresses *addresses = &serving->assembly.addresses;
    struct log *log = log_open(STDERR_FILENO, LOG_LEVEL_INFO, serving->assembly.config->log_format,
                               &system_clock);
    log_flush(serving->assembly.log);
    if (addresses->listen_tls[0] == '\0')
        LOG(log, LOG_LEVEL_INFO, "ready", log_string("listen", addresses->listen),
            log_string("ops", addresses->ops));
    else
        LOG(log, LOG_LEVEL_INFO, "ready", log_string("listen", addresses->listen),
            log_string("listen_tls", addresses->listen_tls), log_string("ops", addresses->ops));
    log_close(log);
}

static void demo_tenant_added(void *context, const struct error *error,
                              const struct tenant *tenants, size_t count) {
    struct serving *serving = context;
    (void)tenants;
    (void)count;
    if (error_is_set(error) && error->code != ERROR_CONFLICT)
        LOG(serving->assembly.log, LOG_LEVEL_ERROR, "the demo tenant could not be added",
            log_string("error", error->message));
    announce(serving);
    tour_print(stdout, program_invocation_name, serving->assembly.config->data_directory,
               serving->assembly.addresses.listen);
}

/* Completed on loop 0 once it runs; only then is the server ready. */
static void add_demo_tenant(struct serving *serving) {
    serving->demo_call = (struct service_call){
        .loop = 0,
        .arena = &serving->arena,
        .now = clock_now(&system_clock),
        .actor = {.kind = AUDIT_ACTOR_OPERATOR, .subject = SLICE("serve --dev")},
        .context = serving,
    };
    bool parsed = guid_parse(SLICE(DEV_ISSUER_DEFAULT_TENANT), &serving->demo_call.tenant);
    if (parsed)
        tenants_add(&serving->assembly.service, &serving->demo_call, SLICE("Demo"), true,
                    demo_tenant_added);
}

/* Who is told that the server is ready may end it at once, and it must end in order. */
static void started(void *context) {
    struct serving *serving = context;
    if (serving->assembly.config->dev)
        add_demo_tenant(serving);
    else
        announce(serving);
}

static void reload(void *context) {
    struct serving *serving = context;
    struct assembly *assembly = &serving->assembly;
    authenticator_refresh(assembly->authenticator);
    webhook_thread_reload(assembly->webhooks);
    struct error error = error_none();
    if (assembly->tls != NULL)
        error = http_tls_reload(assembly->tls);
    if (error_is_set(&error))
        LOG(assembly->log, LOG_LEVEL_ERROR, "reload", log_string("error", error.message));
    else
        LOG(assembly->log, LOG_LEVEL_WARNING, "reload",
            log_string("outcome", "keys and certificates are read again"));
}

/* Of what works as it is configured, and yet is hardly meant. */
static void warn(const struct config *config, struct log *log) {
    if (config->dev)
        return;
    if (config->issuer_count == 0)
        LOG(log, LOG_LEVEL_WARNING, "no issuer is configured",
            log_string("consequence", "every call of Graph is refused, because no bearer token can "
                                      "be believed: add a section [issuer NAME]"));
    if (config->provisioning.preset == PROVISIONING_PRESET_CLOUD_DPC)
        LOG(log, LOG_LEVEL_WARNING, "provisioning names CloudDPC",
            log_string("consequence", "Google does not know the tokens of this server, so devices "
                                      "that scan its codes will not enroll"));
}

static struct error serve(struct serving *serving, const struct config *config, struct log *log) {
    struct error error = assembly_open(&serving->assembly, config, log, reload, started, serving);
    if (!error_is_set(&error))
        warn(config, log);
    if (!error_is_set(&error))
        error = http_server_run(serving->assembly.http);
    assembly_close(&serving->assembly);
    arena_free(&serving->arena);
    return error;
}

static int report(const struct error *error, int exit_code) {
    (void)fprintf(stderr, "muster: %s\n", error->message);
    return exit_code;
}

static void print_help(void) {
    (void)fputs("muster serve: the enrollment server.\n\n"
                "Every key is also a variable (MUSTER_LOG_LEVEL) and a line of the file "
                "(log-level = info).\n\n",
                stdout);
    config_print_keys(stdout);
    (void)fputs("\nExample: muster serve --dev --data-dir ./muster-data\n", stdout);
}

int serve_run(int argument_count, char **arguments) {
    process_ignore_broken_pipes();
    process_hold_signals();
    struct config *config = NULL;
    struct error error = config_load(argument_count, arguments, getenv, &config);
    if (error_is_set(&error))
        return report(&error, EXIT_USAGE);
    if (config->wants_help) {
        print_help();
        config_free(config);
        return EXIT_SUCCESS;
    }
    error = process_protect_secrets();
    process_raise_file_limit();
    memory_keep_freed();
    struct log *log = log_open(STDERR_FILENO, config->log_level, config->log_format, &system_clock);
    struct serving *serving = memory_allocate_zeroed(1, sizeof *serving);
    if (!error_is_set(&error))
        error = serve(serving, config, log);
    free(serving);
    log_close(log);
    config_free(config);
    return error_is_set(&error) ? report(&error, EXIT_FAILURE) : EXIT_SUCCESS;
}
