/* `muster dev-token`: prints a bearer token of the built-in issuer, and nothing else. */
#ifndef MUSTER_CLI_DEV_TOKEN_H
#define MUSTER_CLI_DEV_TOKEN_H

/* arguments[0] is "dev-token". Returns one of enum command_exit. */
int dev_token_run(int argument_count, char **arguments);

#endif
