/* Reads $filter: OData 4.01 part 2 section 5.1.1, as far as it is served.
 *
 *     condition   = term *(("and" | "or") term)        "and" binds more tightly than "or"
 *     term        = "not" term | "(" condition ")" [is] | function [is] | comparison
 *                 | "true" | "false" | a boolean property
 *     is          = ("eq" | "ne") ("true" | "false")
 *     function    = ("startswith" | "endswith" | "contains") "(" property "," string ")"
 *     comparison  = property ("eq" | "ne" | "gt" | "ge" | "lt" | "le") literal, or the reverse
 *                 | property "in" "(" literal *("," literal) ")"
 *
 * Operators and functions may be written in any case, properties may not. Pure; any thread. */
#ifndef MUSTER_GRAPH_ODATA_FILTER_H
#define MUSTER_GRAPH_ODATA_FILTER_H

#include "base/arena.h"
#include "base/error.h"
#include "domain/filter.h"
#include "graph/entity_type.h"

/* The tree is made in the arena and points into text. ERROR_INVALID for what is not a condition on
 * the type, nests deeper than FILTER_DEPTH_AT_MOST or has more than FILTER_TERMS_AT_MOST terms. */
struct error odata_filter_parse(struct arena *arena, const struct entity_type *type,
                                struct slice text, const struct filter **filter) MUST_CHECK;

#endif
