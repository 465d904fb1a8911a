/* Picks a subcommand, nothing else. */
#include "cli/commands.h"

int main(int argument_count, char **arguments) {
    return commands_run(argument_count - 1, arguments + 1);
}
