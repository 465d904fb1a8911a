/* What every store must do, whatever its engine: the port's promises, one case for each. */
#ifndef MUSTER_TESTS_UNIT_STORE_STORE_CONFORMANCE_H
#define MUSTER_TESTS_UNIT_STORE_STORE_CONFORMANCE_H

#include "store_kit.h"

struct conformance_case {
    const char *name;
    void (*run)(void **state);
};

#define CONFORMANCE_CASE(function)                                                                 \
    { #function, function }

/* The cases of one concept each, up to one without a name. */
extern const struct conformance_case conformance_of_tenants[];
extern const struct conformance_case conformance_of_profiles[];
extern const struct conformance_case conformance_of_tokens[];
extern const struct conformance_case conformance_of_enrollment[];
extern const struct conformance_case conformance_of_devices[];
extern const struct conformance_case conformance_of_audit[];
extern const struct conformance_case conformance_of_listings[];
extern const struct conformance_case conformance_of_batches[];
extern const struct conformance_case conformance_of_revisions[];

/* Runs all cases, each with an empty store of the engine. Returns how many failed. */
int store_conformance_run(struct kit_engine *engine);

#endif
