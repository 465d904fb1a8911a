#include "graph/odata_expand.h"

#include "graph/odata_name.h"

/* Options, a path, or the next name. */
static bool begins_something_else(char letter) {
    return letter == '(' || letter == ',' || letter == '/' || letter == ';';
}

static struct slice first_name(struct slice text) {
    size_t length = 0;
    while (length < text.length && !begins_something_else(text.data[length]))
        length++;
    return slice_trim((struct slice){.data = text.data, .length = length});
}

struct error odata_expand_refuse(const struct entity_type *type, struct slice text) {
    struct slice name = first_name(text);
    const struct entity_property *property = entity_type_find_queried(type, name);
    if (property == NULL)
        return odata_name_unknown("$expand", name, type);
    return error_make_for(ERROR_INVALID, "$expand",
                          "Property '%s' on type '%s' is not a navigation property. Only "
                          "navigation properties can be expanded, and this type has none.",
                          property->schema.name, type->name);
}
