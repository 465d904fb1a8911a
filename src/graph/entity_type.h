/* Entity types as the Graph schema declares them: their properties, and what a client may do with
 * each. One table for each type drives bodies, answers, and every query option. Constant; any
 * thread. */
#ifndef MUSTER_GRAPH_ENTITY_TYPE_H
#define MUSTER_GRAPH_ENTITY_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/json_writer.h"
#include "domain/filter.h"
#include "graph/property.h"
#include "graph/schema_type.h"

struct graph_call;

/* Bits: what of a query a property may be used in. */
enum entity_use {
    ENTITY_FILTER = 1U << 0,
    ENTITY_ORDER = 1U << 1,
    ENTITY_SEARCH = 1U << 2, /* what $search looks at: one property of a type */
};

struct entity_property {
    struct property schema;
    struct property_shape shape;
    unsigned uses;              /* bits of enum entity_use */
    unsigned field;             /* for these: the record's own number of it */
    enum field_type field_type; /* and what it holds */
    bool is_heavy;              /* null in collections unless it is selected by name */
    /* Of a text that the record keeps as a number: the text for it, or NULL for a number that means
     * nothing. The numbers are below choice_count. */
    const char *(*choose)(int64_t number);
    int64_t choice_count;
    /* Writes the value of an entity, not its name. */
    void (*write)(struct graph_call *call, struct json_writer *writer, const void *entity);
};

/* Room in a selection's bits. */
#define ENTITY_PROPERTIES_AT_MOST 64

struct entity_type {
    const char *name; /* "microsoft.graph.managedDevice" */
    const struct entity_property *properties;
    size_t property_count;
};

/* Whether the property is a member of an enumeration, which choose() names. */
static inline bool entity_property_is_enumeration(const struct entity_property *property) {
    return property->schema.type == PROPERTY_ENUMERATION;
}

/* What the record holds in the property's field. */
static inline enum field_type entity_property_stored_type(const struct entity_property *property) {
    return property->choose != NULL ? FIELD_INTEGER : property->field_type;
}

/* The number of the text that choose() gives; false when it gives it for none. Texts have a case.
 */
bool entity_property_find_choice(const struct entity_property *property, struct slice text,
                                 int64_t *number);

/* What the texts are, for a message: "'none', 'wpa', 'wep'". In the arena. */
struct slice entity_property_list_choices(const struct entity_property *property,
                                          struct arena *arena);

/* The property of that name, or NULL. Names have a case. */
const struct entity_property *entity_type_find(const struct entity_type *type, struct slice name);

/* The same for a name in a query option, in any case of A to Z: the real service takes it, and
 * Microsoft's own scripts select "Id" and filter by "DisplayName". */
const struct entity_property *entity_type_find_queried(const struct entity_type *type,
                                                       struct slice name);

/* The property whose record's number that is, or NULL. */
const struct entity_property *entity_type_find_field(const struct entity_type *type,
                                                     unsigned field);

/* What $search looks at, or NULL. */
const struct entity_property *entity_type_find_searched(const struct entity_type *type);

#endif
