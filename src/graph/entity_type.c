#include "graph/entity_type.h"

bool entity_property_find_choice(const struct entity_property *property, struct slice text,
                                 int64_t *number) {
    for (*number = 0; *number < property->choice_count; (*number)++) {
        const char *choice = property->choose(*number);
        if (choice != NULL && slice_equals_string(text, choice))
            return true;
    }
    return false;
}

struct slice entity_property_list_choices(const struct entity_property *property,
                                          struct arena *arena) {
    struct slice list = {0};
    for (int64_t number = 0; number < property->choice_count; number++) {
        const char *choice = property->choose(number);
        if (choice != NULL)
            list = arena_format(arena, "%.*s%s'%s'", SLICE_PRINTF(list),
                                list.length > 0 ? ", " : "", choice);
    }
    return list;
}

const struct entity_property *entity_type_find(const struct entity_type *type, struct slice name) {
    for (size_t i = 0; i < type->property_count; i++) {
        if (slice_equals_string(name, type->properties[i].schema.name))
            return &type->properties[i];
    }
    return NULL;
}

const struct entity_property *entity_type_find_queried(const struct entity_type *type,
                                                       struct slice name) {
    for (size_t i = 0; i < type->property_count; i++) {
        if (slice_equals_ignoring_case(name, slice_from_string(type->properties[i].schema.name)))
            return &type->properties[i];
    }
    return NULL;
}

const struct entity_property *entity_type_find_field(const struct entity_type *type,
                                                     unsigned field) {
    for (size_t i = 0; i < type->property_count; i++) {
        if (type->properties[i].uses != 0 && type->properties[i].field == field)
            return &type->properties[i];
    }
    return NULL;
}

const struct entity_property *entity_type_find_searched(const struct entity_type *type) {
    for (size_t i = 0; i < type->property_count; i++) {
        if ((type->properties[i].uses & ENTITY_SEARCH) != 0)
            return &type->properties[i];
    }
    return NULL;
}
