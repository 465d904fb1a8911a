/* Properties and parameters as the Graph schema declares them: name, type, nullable, who may write.
 * Tables of these drive the checks of request bodies. Pure; any thread. */
#ifndef MUSTER_GRAPH_PROPERTY_H
#define MUSTER_GRAPH_PROPERTY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/slice.h"

enum property_type {
    PROPERTY_STRING,      /* Edm.String */
    PROPERTY_GUID,        /* Edm.String that holds a GUID, as Graph's ids do */
    PROPERTY_INSTANT,     /* Edm.DateTimeOffset */
    PROPERTY_INT32,       /* Edm.Int32 */
    PROPERTY_BOOLEAN,     /* Edm.Boolean */
    PROPERTY_ENUMERATION, /* a member of an enumeration by its name; which, the entity says */
    PROPERTY_STRINGS,     /* Collection(Edm.String) */
    PROPERTY_COMPLEX,     /* an object */
};

struct property {
    const char *name;
    enum property_type type;
    bool nullable;
    bool writable; /* by a client; what is not is checked and ignored (graph-compatibility.md) */
};

/* The property of that name, or NULL. */
const struct property *property_find(const struct property *properties, size_t count,
                                     struct slice name);

/* Whether the value has the property's type. what is "property" or "parameter". The error names it
 * and says what was expected and given. */
struct error property_check_type(const struct property *property, const json_t *value,
                                 const char *what) MUST_CHECK;

/* Whether name is an annotation: "@odata.type", "displayName@odata.type". */
bool property_is_annotation(struct slice name);

/* Accepts "@odata.type" when it names the type, with or without '#'; ERROR_INVALID otherwise.
 * Other annotations are ignored. */
struct error property_check_annotation(struct slice name, const json_t *value,
                                       const char *entity_type) MUST_CHECK;

#endif
