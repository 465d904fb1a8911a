/* Query options of an address: OData 4.01 part 2 section 5, as far as they are served.
 *
 * On a collection: $select, $filter, $orderby, $top, $skip, $count, $search, $skiptoken. On its
 * count: $filter and $search. On one entity: $select. $expand is known and always refused. Names
 * may be written without '$' and in any case; unknown ones with '$' are refused, unknown ones
 * without it are the client's own business. Pure; any thread. */
#ifndef MUSTER_GRAPH_ODATA_OPTIONS_H
#define MUSTER_GRAPH_ODATA_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"
#include "domain/listing.h"
#include "graph/entity_type.h"
#include "graph/odata_select.h"

#define ODATA_TOP_AT_MOST 999
#define ODATA_PAGE_SIZE 100 /* where nothing is said */
/* At most so many where a property is selected that takes long to write. */
#define ODATA_HEAVY_PAGE_SIZE 25

/* As they stand in the address, one by one and together: the next page's link, which adds a
 * position, must be an address that the server takes. */
#define ODATA_OPTIONS_BYTES_AT_MOST 5500

/* What the answer is. */
enum odata_scope {
    ODATA_SCOPE_NOTHING, /* no entity that anything could be selected of */
    ODATA_SCOPE_ENTITY,
    ODATA_SCOPE_COUNT, /* how many entities there are */
    ODATA_SCOPE_COLLECTION,
};

struct odata_options {
    enum odata_scope scope;
    struct odata_selection selection;
    struct listing listing; /* of a collection */
    bool has_max_page_size; /* the preference was taken */
    uint64_t fingerprint;   /* of what a $skiptoken belongs to */
    struct slice kept;      /* for the next page's link, encoded: all but $skip and $skiptoken */
};

/* What the options are read for. */
struct odata_target {
    enum odata_scope scope;
    const struct entity_type *type; /* NULL with ODATA_SCOPE_NOTHING */
    const char *set_path;           /* "deviceManagement/managedDevices" */
    size_t max_page_size;           /* what the client prefers; 0: nothing */
};

/* Reads what stands behind '?', in the target's scope. Results are in the arena or point into the
 * text. ERROR_INVALID names the option as its target. */
struct error odata_options_parse(struct arena *arena, const struct odata_target *target,
                                 struct slice query, struct odata_options *options) MUST_CHECK;

#endif
