/* What the tests of query options work with: a type with a property of every kind, and filters as
 * text. */
#ifndef MUSTER_TESTS_UNIT_GRAPH_ODATA_KIT_H
#define MUSTER_TESTS_UNIT_GRAPH_ODATA_KIT_H

#include "base/arena.h"
#include "domain/filter.h"
#include "graph/entity_type.h"
#include "test.h"

/* name (text, searched), note (text), id (GUID), made (instant), size (integer), on (boolean),
 * colour (a text kept as a number: Red 1, green 2, red 3, blue 4), and secret, which is good for
 * nothing. */
extern const struct entity_type kit_type;

/* The same with nothing to search. */
extern const struct entity_type kit_type_without_search;

/* "(and (eq name 'x') (not (contains note 'y')))" */
const char *kit_print_filter(struct arena *arena, const struct filter *filter);

/* The position that an error's message names; 0 where it names none. */
int kit_position(const struct error *error);

#endif
