/* Literals of filters: OData 4.01 ABNF, primitiveLiteral, for the types that are served.
 *
 * 'text' with quotes doubled, 7, -7, true, false, null, 2024-06-01T10:00:00Z, 2024-06-01 (its
 * first instant in UTC), 00000000-0000-0000-0000-000000000000, and an enumeration's member with or
 * without its type: microsoft.graph.managementState'managed'. Pure; any thread. */
#ifndef MUSTER_GRAPH_ODATA_LITERAL_H
#define MUSTER_GRAPH_ODATA_LITERAL_H

#include <stdbool.h>
#include <stdint.h>

#include "domain/filter.h"
#include "graph/odata_lexer.h"

enum odata_literal_kind {
    ODATA_LITERAL_NULL,
    ODATA_LITERAL_STRING,
    ODATA_LITERAL_INTEGER,
    ODATA_LITERAL_BOOLEAN,
    ODATA_LITERAL_INSTANT,
    ODATA_LITERAL_GUID,
};

struct odata_literal {
    enum odata_literal_kind kind;
    struct odata_token token; /* where it stands */
    struct slice text;        /* of a string */
    struct guid guid;
    int64_t number; /* an integer, an instant, 0 or 1 */
};

/* Takes the present token (two of an enumeration with its type) if it is a literal; false, and
 * nothing taken, if it is not. error is set for a string that does not end. */
bool odata_literal_take(struct odata_lexer *lexer, struct odata_literal *literal,
                        struct error *error);

/* The literal as a value of that type; ERROR_INVALID at its place if it is of another. */
struct error odata_literal_convert(const struct odata_lexer *lexer,
                                   const struct odata_literal *literal, enum field_type type,
                                   struct filter_value *value) MUST_CHECK;

/* An error at the present token, which should have been a literal of that type. */
struct error odata_literal_expected(const struct odata_lexer *lexer,
                                    enum field_type type) MUST_CHECK;

#endif
