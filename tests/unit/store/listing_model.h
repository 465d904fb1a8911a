/* What a listing must give, worked out in the plainest way: every record in memory, every condition
 * evaluated by the rules of domain/filter.h, everything sorted. Stores are compared with it. */
#ifndef MUSTER_TESTS_UNIT_STORE_LISTING_MODEL_H
#define MUSTER_TESTS_UNIT_STORE_LISTING_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "domain/audit.h"
#include "domain/device.h"
#include "domain/listing.h"
#include "domain/profile.h"

#define MODEL_FIELDS_AT_MOST 20

/* A kind of record: the types of its fields. */
struct model_kind {
    const enum field_type *types;
    size_t field_count;
    bool newest_first;
};

extern const struct model_kind model_of_profiles;
extern const struct model_kind model_of_owner_profiles; /* with what only these have */
extern const struct model_kind model_of_devices;
extern const struct model_kind model_of_events;

struct model_record {
    int64_t row;
    struct filter_value values[MODEL_FIELDS_AT_MOST];
};

/* Texts point into the profile or device. */
struct model_record model_from_profile(const struct profile *profile);
struct model_record model_from_device(const struct device *device);
struct model_record model_from_event(const struct audit_record *event);

/* Whether the filter lets the record through. */
bool model_accepts(const struct model_kind *kind, const struct filter *filter,
                   const struct model_record *record);

/* Leaves in records, at their beginning, those that the filter lets through, in the listing's
 * order. Returns how many they are. */
size_t model_list(const struct model_kind *kind, const struct listing *listing,
                  struct model_record *records, size_t count);

/* Randomness that is the same in every run. */
struct model_random {
    uint64_t state;
};
uint32_t model_random_below(struct model_random *random, uint32_t limit);

/* A condition of at most so many levels, with values that occur in the records or nearly do. */
const struct filter *model_make_filter(const struct model_kind *kind, struct arena *arena,
                                       struct model_random *random,
                                       const struct model_record *records, size_t count,
                                       unsigned levels);

/* Up to four orders, no field twice. */
void model_make_orders(const struct model_kind *kind, struct model_random *random,
                       struct listing *listing);

#endif
