/* Directories, where files are made whose names must not be lost. */
#ifndef MUSTER_BASE_DIRECTORY_H
#define MUSTER_BASE_DIRECTORY_H

#include <stdbool.h>

#include "base/error.h"

/* Brings the directory that the path lies in onto the disk: only then the name of a new file is
 * durable. False, with errno set, when it cannot. Blocks for as long as the disk takes. */
bool directory_sync_of(const char *path) MUST_CHECK;

#endif
