/* Reads $select: OData 4.01 part 2 section 5.1.4: properties parted by commas, or '*' for all.
 * Pure; any thread. */
#ifndef MUSTER_GRAPH_ODATA_SELECT_H
#define MUSTER_GRAPH_ODATA_SELECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "graph/entity_type.h"

/* All zero: nothing was said, and every property is shown. */
struct odata_selection {
    bool is_given;
    bool has_all;        /* '*' */
    uint64_t properties; /* bits by the index in the type's table: those that were named */
    struct slice suffix; /* for the context URL: "(id,displayName)" in the client's order */
};

/* ERROR_INVALID for a name that the type does not have, in OData's own sentence. */
struct error odata_select_parse(struct arena *arena, const struct entity_type *type,
                                struct slice text, struct odata_selection *selection) MUST_CHECK;

/* Whether the property of that index is shown at all, and whether the client named it. */
bool odata_select_shows(const struct odata_selection *selection, size_t index);
bool odata_select_names(const struct odata_selection *selection, size_t index);

#endif
