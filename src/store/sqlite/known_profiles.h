/* What the writer knows of profiles without asking the database: what hardly ever changes of them,
 * and the state in which the last token has left them. A token on a profile that is known costs no
 * look-up.
 *
 * What is in here was read or written by the writer's own connection. So it holds until
 *  - a command changes the profile or its state, which then calls known_profiles_forget or
 *    known_profiles_forget_state, or its tenant, or a transaction is rolled back, or the connection
 *    is made anew, which all call known_profiles_clear, or
 *  - another program writes into the database file, which known_profiles_hold_to sees.
 *
 * A fixed number of entries: 7 MiB, and 31 MiB with the longest names that there may be; the
 * writer's thread. */
#ifndef MUSTER_STORE_SQLITE_KNOWN_PROFILES_H
#define MUSTER_STORE_SQLITE_KNOWN_PROFILES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/guid.h"
#include "base/slice.h"
#include "domain/profile.h"
#include "store/sqlite/profile_state.h"

struct known_profile {
    struct guid account_id; /* of its tenant */
    struct guid id;
    enum profile_set set;
    bool licensed;
    int64_t tenant_row;
    int64_t row;
    struct slice display_name;
};

struct known_profiles;

/* Owned by the caller, until known_profiles_free, which takes NULL, too. */
struct known_profiles *known_profiles_make(void);
void known_profiles_free(struct known_profiles *known);

/* The profile of that tenant, id and set, its name in the arena; false when it is not known. */
bool known_profiles_find(const struct known_profiles *known, const struct guid *account_id,
                         const struct guid *id, enum profile_set set, struct arena *arena,
                         struct known_profile *found);

/* Takes a profile as it is in the transaction now, in the place of another. The name is copied. */
void known_profiles_keep(struct known_profiles *known, const struct known_profile *profile);

void known_profiles_forget(struct known_profiles *known, const struct guid *id);

/* The state of the profile of that row; false when it is not known. */
bool known_profiles_find_state(const struct known_profiles *known, int64_t row,
                               struct profile_state *state);

/* Takes a state as it is in the transaction now, in the place of another. */
void known_profiles_keep_state(struct known_profiles *known, int64_t row,
                               const struct profile_state *state);

void known_profiles_forget_state(struct known_profiles *known, int64_t row);

/* Forgets everything. */
void known_profiles_clear(struct known_profiles *known);

/* Says which version of the database's data (SQLITE_FCNTL_DATA_VERSION) the transaction has found
 * that begins: all is forgotten if it is not the one of known_profiles_note. */
void known_profiles_hold_to(struct known_profiles *known, uint32_t data_version);

/* Says which version the writer's own commit has made. */
void known_profiles_note(struct known_profiles *known, uint32_t data_version);

#endif
