#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "cli/audit.h"
#include "cli/dev_token.h"
#include "cli/device.h"
#include "cli/profile.h"
#include "cli/serve.h"
#include "cli/tenant.h"
#include "cli/token.h"

static int print_help(int argument_count, char **arguments);

static int print_version(int argument_count, char **arguments) {
    (void)argument_count;
    (void)arguments;
    (void)puts("muster " MUSTER_VERSION);
    return COMMAND_DONE;
}

static const struct command commands[] = {
    {"serve", "the enrollment server", serve_run},
    {"dev-token", "a bearer token of the built-in issuer of serve --dev", dev_token_run},
    {"tenant", "add, list, license and unlicense tenants", tenant_run},
    {"profile", "list, create, show, update and delete enrollment profiles", profile_run},
    {"token", "create, list, show and revoke enrollment tokens", token_run},
    {"device", "list, show and retire devices", device_run},
    {"audit", "list what was done, by whom, and what was refused", audit_run},
    {"version", "the version of this program", print_version},
    {"help", "this text", print_help},
};

static int print_help(int argument_count, char **arguments) {
    if (argument_count > 1) {
        const struct command *command = command_find(arguments[1]);
        char *help[] = {arguments[1], (char *)"--help", NULL};
        if (command != NULL && command->run != print_help)
            return command->run(2, help);
    }
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
