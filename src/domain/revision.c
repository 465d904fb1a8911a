#include "domain/revision.h"

static bool set_has(const struct revision_set *set, const struct revision *revision) {
    for (size_t i = 0; i < set->count && !set->is_any; i++) {
        if (set->items[i].number == revision->number &&
            set->items[i].last_modified == revision->last_modified)
            return true;
    }
    return set->is_any;
}

bool precondition_holds(const struct precondition *precondition, const struct revision *current) {
    if (precondition == NULL)
        return true;
    const struct revision_set *one_of = &precondition->one_of;
    const struct revision_set *none_of = &precondition->none_of;
    return (!one_of->is_given || set_has(one_of, current)) &&
           (!none_of->is_given || !set_has(none_of, current));
}
