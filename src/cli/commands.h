/* The table of subcommands. */
#ifndef MUSTER_CLI_COMMANDS_H
#define MUSTER_CLI_COMMANDS_H

/* Exit codes of every command. */
enum command_exit {
    COMMAND_DONE = 0,
    COMMAND_FAILED = 1,      /* refused or failed */
    COMMAND_MISUSED = 2,     /* wrong usage */
    COMMAND_UNREACHABLE = 3, /* the server could not be reached */
};

struct command {
    const char *name;
    const char *summary;
    /* arguments[0] is the command's name. Returns one of enum command_exit. */
    int (*run)(int argument_count, char **arguments);
};

/* The command of that name ("--help" and "--version" are taken, too), or NULL. */
const struct command *command_find(const char *name);

/* Runs the command that arguments[0] names, or help without one, and makes sure that what it
 * printed has arrived. Returns the process's exit code, one of enum command_exit. */
int commands_run(int argument_count, char **arguments);

#endif
