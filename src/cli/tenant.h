/* `muster tenant`: talks to the administration socket of a server on this machine. */
#ifndef MUSTER_CLI_TENANT_H
#define MUSTER_CLI_TENANT_H

/* arguments[0] is "tenant". Returns one of enum command_exit. */
int tenant_run(int argument_count, char **arguments);

#endif
