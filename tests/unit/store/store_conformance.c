#include "store_conformance.h"

#define CASES_AT_MOST 64

static int run_group(const char *name, const struct conformance_case *cases,
                     struct kit_engine *engine) {
    struct CMUnitTest tests[CASES_AT_MOST];
    size_t count = 0;
    for (; cases[count].name != NULL && count < CASES_AT_MOST; count++)
        tests[count] = (struct CMUnitTest){
            .name = cases[count].name,
            .test_func = cases[count].run,
            .setup_func = kit_set_up,
            .teardown_func = kit_tear_down,
            .initial_state = engine,
        };
    return _cmocka_run_group_tests(name, tests, count, NULL, NULL);
}

int store_conformance_run(struct kit_engine *engine) {
    int failed = 0;
    failed += run_group("tenants", conformance_of_tenants, engine);
    failed += run_group("profiles", conformance_of_profiles, engine);
    failed += run_group("tokens", conformance_of_tokens, engine);
    failed += run_group("enrollment", conformance_of_enrollment, engine);
    failed += run_group("devices", conformance_of_devices, engine);
    failed += run_group("audit", conformance_of_audit, engine);
    failed += run_group("listings", conformance_of_listings, engine);
    failed += run_group("batches", conformance_of_batches, engine);
    failed += run_group("revisions", conformance_of_revisions, engine);
    return failed;
}
