#include "sqlite_place.h"
#include "store_conformance.h"

int main(void) {
    struct sqlite_place place = sqlite_place_make();
    int failed = store_conformance_run(&place.engine);
    sqlite_place_remove(&place);
    return failed;
}
