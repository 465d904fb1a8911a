/* Enumerations and complex types as the Graph schema declares them, and what a property says of its
 * own type beyond graph/property.h. Tables of these are what $metadata is made from. Constant; any
 * thread. */
#ifndef MUSTER_GRAPH_SCHEMA_TYPE_H
#define MUSTER_GRAPH_SCHEMA_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "graph/property.h"

struct complex_type;

/* Of its members those that are served here, with Graph's numbers. */
struct enum_type {
    const char *name; /* "microsoft.graph.managementState" */
    /* The member of that number, or NULL for a number that means nothing. */
    const char *(*choose)(int64_t number);
    int64_t choice_count; /* the numbers are below */
};

/* All zero: one value of the primitive type that the property's own type names. */
struct property_shape {
    bool is_collection;
    const char *primitive;               /* "Edm.Guid" where the schema is more exact; else NULL */
    const struct enum_type *enumeration; /* whose members the texts are; else NULL */
    const struct complex_type *complex;  /* of PROPERTY_COMPLEX; else NULL */
    bool only_on_v1_0;
};

struct complex_property {
    struct property schema;
    struct property_shape shape;
};

struct complex_type {
    const char *name; /* "microsoft.graph.mimeContent" */
    const struct complex_property *properties;
    size_t property_count;
};

#endif
