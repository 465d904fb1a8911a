/* `muster device`: managed devices over Graph. */
#ifndef MUSTER_CLI_DEVICE_H
#define MUSTER_CLI_DEVICE_H

/* arguments[0] is "device". Returns one of enum command_exit. */
int device_run(int argument_count, char **arguments);

#endif
