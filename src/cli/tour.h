/* The short tour that `muster serve --dev` prints: every line works when pasted. */
#ifndef MUSTER_CLI_TOUR_H
#define MUSTER_CLI_TOUR_H

#include <stdio.h>

/* program is how the user started muster; address is the plain listener's, "127.0.0.1:8080". Paths
 * are quoted for a POSIX shell. */
void tour_print(FILE *out, const char *program, const char *data_directory, const char *address);

#endif
