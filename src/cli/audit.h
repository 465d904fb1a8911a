/* `muster audit`: audit events over Graph. */
#ifndef MUSTER_CLI_AUDIT_H
#define MUSTER_CLI_AUDIT_H

/* arguments[0] is "audit". Returns one of enum command_exit. */
int audit_run(int argument_count, char **arguments);

#endif
