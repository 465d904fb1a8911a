#include "cli/commands.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/audit.h"
#include "cli/dev_token.h"
#include "cli/device.h"
#include "cli/options.h"
#include "cli/profile.h"
#include "cli/serve.h"
#include "cli/tenant.h"
#include "cli/token.h"
#include "cli/webhook.h"

static int print_help(int argument_count, char **arguments);

static int misused(const char *command, const char *message) {
    (void)fprintf(stderr, "muster %s: %s; see muster help\n", command, message);
    return COMMAND_MISUSED;
}

static int print_version(int argument_count, char **arguments) {
    size_t positional = 0;
    bool wants_help = false;
    struct error error = options_parse(argument_count - 1, arguments + 1, NULL, 0, NULL, 0,
                                       &positional, &wants_help);
    if (error_is_set(&error))
        return misused("version", error.message);
    (void)puts(wants_help ? "muster version: the version of this program.\n\n"
                            "Example: muster version"
                          : "muster " MUSTER_VERSION);
    return COMMAND_DONE;
}

static const struct command commands[] = {
    {"serve", "the enrollment server", serve_run},
    {"dev-token", "a bearer token of the built-in issuer of serve --dev", dev_token_run},
    {"tenant", "add, list, license and unlicense tenants", tenant_run},
    {"profile", "list, create, show, update and delete enrollment profiles", profile_run},
    {"token", "create, list, show and revoke enrollment tokens", token_run},
    {"device", "list, show and retire devices", device_run},
    {"webhook", "list webhooks, and give up an event that is always refused", webhook_run},
    {"audit", "list what was done, by whom, and what was refused", audit_run},
    {"version", "the version of this program", print_version},
    {"help", "this text", print_help},
};

/* "muster help token create" is "muster token create --help". */
static int print_help_of(int argument_count, char **arguments) {
    const struct command *command = command_find(arguments[0]);
    if (command == NULL)
        return misused("help", "there is no such command");
    char help_flag[] = "--help";
    char *help[] = {arguments[0], argument_count > 1 ? arguments[1] : help_flag, help_flag, NULL};
    return command->run(argument_count > 1 ? 3 : 2, help);
}

static int print_help(int argument_count, char **arguments) {
    const char *named[2]; /* command and verb */
    size_t named_count = 0;
    bool wants_help = false;
    struct error error = options_parse(argument_count - 1, arguments + 1, NULL, 0, named,
                                       sizeof named / sizeof named[0], &named_count, &wants_help);
    if (error_is_set(&error))
        return misused("help", error.message);
    if (named_count > 0)
        return print_help_of(argument_count - 1, arguments + 1);
    (void)puts("Muster: a self-hosted Android enrollment service that speaks Microsoft Graph.\n\n"
               "Usage: muster COMMAND [FLAGS]\n");
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        (void)printf("  %-12s %s\n", commands[i].name, commands[i].summary);
    (void)puts("\nmuster COMMAND --help lists a command's flags. Client commands read MUSTER_URL "
               "and MUSTER_TOKEN.");
    return COMMAND_DONE;
}

const struct command *command_find(const char *name) {
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    if (strcmp(name, "--version") == 0)
        name = "version";
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

int commands_run(int argument_count, char **arguments) {
    char help[] = "help";
    char *name = argument_count < 1 ? help : arguments[0];
    const struct command *command = command_find(name);
    if (command == NULL) {
        (void)fprintf(stderr, "muster: there is no command '%s'; see muster help\n", name);
        return COMMAND_MISUSED;
    }
    int result = command->run(argument_count < 1 ? 1 : argument_count,
                              argument_count < 1 ? (char *[]){name, NULL} : arguments);
    if ((fflush(stdout) != 0 || ferror(stdout) != 0) && result == COMMAND_DONE) {
        (void)fprintf(stderr, "muster: the output cannot be written: %s\n", strerror(errno));
        result = COMMAND_FAILED;
    }
    return result;
}
