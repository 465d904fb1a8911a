/* Which of the two entity sets a command speaks of: --set. */
#ifndef MUSTER_CLI_PROFILE_COLLECTION_H
#define MUSTER_CLI_PROFILE_COLLECTION_H

#include <stdbool.h>

#include "cli/verb.h"

struct profile_collection {
    const char *name;      /* as --set spells it */
    const char *path;      /* below the version's root */
    bool is_device_owners; /* has modes, types of tokens and names of devices */
};

/* The set that the flags name: by --set, else by a flag that only one of them has, else
 * androidForWorkEnrollmentProfiles. NULL after it has said, in the command's name, what is wrong.
 */
const struct profile_collection *profile_collection_choose(const char *command,
                                                           const struct verb_flags *flags);

#endif
