/* `muster serve`: assembles the server from its parts, runs it, and takes it apart again. The one
 * place where everything is wired together. */
#ifndef MUSTER_CLI_SERVE_H
#define MUSTER_CLI_SERVE_H

/* arguments[0] is "serve". Returns the process's exit code. */
int serve_run(int argument_count, char **arguments);

#endif
