/* `muster webhook`: talks to the administration socket of a server on this machine. */
#ifndef MUSTER_CLI_WEBHOOK_H
#define MUSTER_CLI_WEBHOOK_H

/* arguments[0] is "webhook". Returns one of enum command_exit. */
int webhook_run(int argument_count, char **arguments);

#endif
