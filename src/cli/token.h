/* `muster token`: enrollment tokens over Graph. */
#ifndef MUSTER_CLI_TOKEN_H
#define MUSTER_CLI_TOKEN_H

/* arguments[0] is "token". Returns one of enum command_exit. */
int token_run(int argument_count, char **arguments);

#endif
