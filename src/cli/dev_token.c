#include "cli/dev_token.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>

#include "auth/dev_issuer.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/process.h"
#include "config/config.h"

#define DEFAULT_LIFETIME_SECONDS 3600
#define LIFETIME_SECONDS_AT_MOST (10 * 365 * 24 * 60 * 60)

struct flags {
    const char *data_directory;
    const char *tenant;
    const char *user;
    const char *scope;
    const char *expires_in;
    bool application;
    bool personal;
};

static struct error read_request(const struct flags *flags, struct dev_token_request *request) {
    *request = (struct dev_token_request){.user = flags->user,
                                          .scopes = flags->scope,
                                          .application = flags->application,
                                          .personal = flags->personal,
                                          .expires_in = DEFAULT_LIFETIME_SECONDS};
    if (flags->application && flags->personal)
        return error_make(ERROR_INVALID, "--app and --personal exclude each other: an application "
                                         "has no personal account");
    const char *tenant = flags->tenant == NULL ? DEV_ISSUER_DEFAULT_TENANT : flags->tenant;
    if (!guid_parse(slice_from_string(tenant), &request->tenant))
        return error_make(ERROR_INVALID, "--tenant must be a GUID; it is '%s'", tenant);
    if (flags->expires_in == NULL)
        return error_none();
    bool is_past = flags->expires_in[0] == '-';
    struct slice number = slice_skip(slice_from_string(flags->expires_in), is_past ? 1 : 0);
    uint64_t seconds = 0;
    if (!slice_parse_unsigned(number, LIFETIME_SECONDS_AT_MOST, &seconds))
        return error_make(ERROR_INVALID,
                          "--expires-in must be a number of seconds from -%d to %d; it is '%s'",
                          LIFETIME_SECONDS_AT_MOST, LIFETIME_SECONDS_AT_MOST, flags->expires_in);
    request->expires_in = is_past ? -(int64_t)seconds : (int64_t)seconds;
    return error_none();
}

static struct error print_token(const char *data_directory,
                                const struct dev_token_request *request) {
    struct dev_issuer *issuer = NULL;
    struct buffer token = {0};
    struct error error = process_make_directory(data_directory);
    if (!error_is_set(&error))
        error = dev_issuer_open(data_directory, &issuer);
    if (!error_is_set(&error))
        error = dev_issuer_sign_token(issuer, request, &system_random, clock_now(&system_clock),
                                      &token);
    if (!error_is_set(&error))
        (void)printf("%.*s\n", SLICE_PRINTF(buffer_slice(&token)));
    if (token.length > 0)
        OPENSSL_cleanse(token.data, token.length);
    buffer_free(&token);
    dev_issuer_close(issuer);
    return error;
}

static int fail(const struct error *error, int exit_code) {
    (void)fprintf(stderr, "muster dev-token: %s\n", error->message);
    return exit_code;
}

int dev_token_run(int argument_count, char **arguments) {
    struct flags flags = {0};
    const struct option options[] = {
        {"data-dir", &flags.data_directory, NULL, "the server's data directory (MUSTER_DATA_DIR)"},
        {"tenant", &flags.tenant, NULL, "the tid claim (the demo tenant)"},
        {"user", &flags.user, NULL, "who signed in"},
        {"scope", &flags.scope, NULL, "permissions, parted by blanks"},
        {"app", NULL, &flags.application, "an application token: roles instead of scp"},
        {"personal", NULL, &flags.personal, "of a personal Microsoft account"},
        {"expires-in", &flags.expires_in, NULL, "seconds; negative: expired (3600)"},
    };
    size_t option_count = sizeof options / sizeof options[0];
    struct dev_token_request request;
    size_t positional_count = 0;
    bool wants_help = false;
    struct error error = options_parse(argument_count - 1, arguments + 1, options, option_count,
                                       NULL, 0, &positional_count, &wants_help);
    if (wants_help) {
        (void)puts("muster dev-token: a bearer token of the built-in issuer of muster serve "
                   "--dev.\n");
        options_print(stdout, options, option_count);
        (void)puts("\nExample: export MUSTER_TOKEN=$(muster dev-token --data-dir ./muster-data)");
        return COMMAND_DONE;
    }
    if (!error_is_set(&error))
        error = read_request(&flags, &request);
    if (error_is_set(&error))
        return fail(&error, COMMAND_MISUSED);
    const char *directory = flags.data_directory != NULL
                                ? flags.data_directory
                                : config_development_data_directory(getenv);
    error = process_protect_secrets();
    if (!error_is_set(&error))
        error = print_token(directory, &request);
    return error_is_set(&error) ? fail(&error, COMMAND_FAILED) : COMMAND_DONE;
}
