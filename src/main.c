/* Picks a subcommand, nothing else. */
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"

#define EXIT_USAGE 2

int main(int argument_count, char **arguments) {
    const char *name = argument_count < 2 ? "help" : arguments[1];
    const struct command *command = command_find(name);
    if (command == NULL) {
        (void)fprintf(stderr, "muster: there is no command '%s'; see muster help\n", name);
        return EXIT_USAGE;
    }
    return argument_count < 2 ? command->run(0, NULL)
                              : command->run(argument_count - 1, arguments + 1);
}
