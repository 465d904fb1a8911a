/* `muster profile`: enrollment profiles over Graph. */
#ifndef MUSTER_CLI_PROFILE_H
#define MUSTER_CLI_PROFILE_H

/* arguments[0] is "profile". Returns one of enum command_exit. */
int profile_run(int argument_count, char **arguments);

#endif
