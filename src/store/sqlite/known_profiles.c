#include "store/sqlite/known_profiles.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define ENTRY_BITS 15
#define ENTRIES (1U << ENTRY_BITS)

struct entry {
    struct known_profile profile; /* the name is owned */
    uint64_t filling;             /* during which it was kept; 0: free */
};

struct state_entry {
    struct profile_state state;
    int64_t row;
    uint64_t filling; /* as above */
};

struct known_profiles {
    uint64_t filling; /* from one clearing to the next; from 1 */
    uint32_t data_version;
    struct entry entries[ENTRIES];
    struct state_entry states[ENTRIES];
};

/* Ids begin with the time, and end with what is random; the server makes them. */
static size_t find_index(const struct guid *id) {
    uint64_t halves[2];
    memcpy(halves, id->bytes, sizeof halves);
    return (size_t)(((halves[0] ^ halves[1]) * UINT64_C(0x9E3779B97F4A7C15)) >> (64 - ENTRY_BITS));
}

struct known_profiles *known_profiles_make(void) {
    struct known_profiles *known = memory_allocate_zeroed(1, sizeof *known);
    known->filling = 1;
    return known;
}

void known_profiles_free(struct known_profiles *known) {
    if (known == NULL)
        return;
    for (size_t i = 0; i < ENTRIES; i++)
        free((char *)known->entries[i].profile.display_name.data);
    free(known);
}

bool known_profiles_find(const struct known_profiles *known, const struct guid *account_id,
                         const struct guid *id, enum profile_set set, struct arena *arena,
                         struct known_profile *found) {
    const struct entry *entry = &known->entries[find_index(id)];
    const struct known_profile *profile = &entry->profile;
    if (entry->filling != known->filling || profile->set != set || !guid_equals(&profile->id, id) ||
        !guid_equals(&profile->account_id, account_id))
        return false;
    *found = *profile;
    found->display_name = arena_copy(arena, profile->display_name);
    return true;
}

void known_profiles_keep(struct known_profiles *known, const struct known_profile *profile) {
    struct entry *entry = &known->entries[find_index(&profile->id)];
    size_t length = profile->display_name.length;
    char *name = memory_allocate(length);
    if (length > 0)
        memcpy(name, profile->display_name.data, length);
    free((char *)entry->profile.display_name.data);
    *entry = (struct entry){.profile = *profile, .filling = known->filling};
    entry->profile.display_name = (struct slice){.data = name, .length = length};
}

void known_profiles_forget(struct known_profiles *known, const struct guid *id) {
    known->entries[find_index(id)].filling = 0;
}

/* The tenant is in the upper bits of a row, a small number in the lower. */
static size_t find_state_index(int64_t row) {
    return (size_t)(((uint64_t)row * UINT64_C(0x9E3779B97F4A7C15)) >> (64 - ENTRY_BITS));
}

bool known_profiles_find_state(const struct known_profiles *known, int64_t row,
                               struct profile_state *state) {
    const struct state_entry *entry = &known->states[find_state_index(row)];
    if (entry->filling != known->filling || entry->row != row)
        return false;
    *state = entry->state;
    return true;
}

void known_profiles_keep_state(struct known_profiles *known, int64_t row,
                               const struct profile_state *state) {
    known->states[find_state_index(row)] =
        (struct state_entry){.state = *state, .row = row, .filling = known->filling};
}

void known_profiles_forget_state(struct known_profiles *known, int64_t row) {
    struct state_entry *entry = &known->states[find_state_index(row)];
    if (entry->row == row)
        entry->filling = 0;
}

void known_profiles_clear(struct known_profiles *known) {
    known->filling++;
}

void known_profiles_hold_to(struct known_profiles *known, uint32_t data_version) {
    if (known->data_version != data_version)
        known_profiles_clear(known);
}

void known_profiles_note(struct known_profiles *known, uint32_t data_version) {
    known->data_version = data_version;
}
