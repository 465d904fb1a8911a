#include "store/sqlite/tenant_cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define ENTRIES 1024 /* a power of two */

struct entry {
    struct tenant tenant; /* the name is owned; row 0: free */
    struct tenant_cache_stamp stamp;
};

struct tenant_cache {
    struct entry entries[ENTRIES];
};

struct tenant_cache *tenant_cache_open(void) {
    return memory_allocate_zeroed(1, sizeof(struct tenant_cache));
}

/* Who has chosen account ids that share an entry has only made these tenants be read each time. */
static size_t find_index(const struct guid *account_id) {
    uint64_t halves[2];
    memcpy(halves, account_id->bytes, sizeof halves);
    uint64_t hash = (halves[0] ^ halves[1]) * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(hash >> 32) & (ENTRIES - 1);
}

bool tenant_cache_find(const struct tenant_cache *cache, struct tenant_cache_stamp stamp,
                       const struct guid *account_id, struct arena *arena, struct tenant *tenant) {
    const struct entry *entry = &cache->entries[find_index(account_id)];
    if (entry->tenant.row == 0 || entry->stamp.changes != stamp.changes ||
        entry->stamp.second != stamp.second || !guid_equals(&entry->tenant.account_id, account_id))
        return false;
    *tenant = entry->tenant;
    tenant->name = arena_copy(arena, entry->tenant.name);
    return true;
}

void tenant_cache_keep(struct tenant_cache *cache, struct tenant_cache_stamp stamp,
                       const struct tenant *tenant) {
    struct entry *entry = &cache->entries[find_index(&tenant->account_id)];
    size_t length = tenant->name.length;
    char *name = memory_allocate(length);
    if (length > 0)
        memcpy(name, tenant->name.data, length);
    free((char *)entry->tenant.name.data);
    *entry = (struct entry){.tenant = *tenant, .stamp = stamp};
    entry->tenant.name = (struct slice){.data = name, .length = length};
}

void tenant_cache_close(struct tenant_cache *cache) {
    if (cache == NULL)
        return;
    for (size_t i = 0; i < ENTRIES; i++)
        free((char *)cache->entries[i].tenant.name.data);
    free(cache);
}
