/* What one loop knows of tenants, so that not every call has to ask the database for its licence.
 *
 * An entry holds for one stamp only. The count in it grows whenever this store has changed a
 * tenant, before anybody is told, so that nothing that this server did is overlooked; the second
 * bounds how long it may miss what another program wrote into the database. Changes are checked
 * once more in their transaction. A fixed number of entries; one loop's thread. */
#ifndef MUSTER_STORE_SQLITE_TENANT_CACHE_H
#define MUSTER_STORE_SQLITE_TENANT_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "domain/tenant.h"

#define TENANT_CACHE_ENTRIES 8192 /* a power of two */

struct tenant_cache_stamp {
    uint64_t changes; /* of tenants by this store, so far */
    int64_t second;   /* of the monotonic clock */
};

struct tenant_cache_entry {
    struct tenant tenant; /* the name is owned; row 0: free */
    struct tenant_cache_stamp stamp;
};

/* All zero is an empty cache; what it holds ends with tenant_cache_close. */
struct tenant_cache {
    struct tenant_cache_entry entries[TENANT_CACHE_ENTRIES];
};

/* The tenant as it was read under the same stamp, its name in the arena; false when it was not. */
bool tenant_cache_find(const struct tenant_cache *cache, struct tenant_cache_stamp stamp,
                       const struct guid *account_id, struct arena *arena, struct tenant *tenant);

/* Keeps a tenant that was read after its stamp was taken, in the place of another. */
void tenant_cache_keep(struct tenant_cache *cache, struct tenant_cache_stamp stamp,
                       const struct tenant *tenant);

void tenant_cache_close(struct tenant_cache *cache);

#endif
