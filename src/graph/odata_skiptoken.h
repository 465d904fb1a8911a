/* $skiptoken: where a page goes on. Opaque to clients: base64url of the page size, the order's
 * values of the last record, its row, and a fingerprint of the query that it belongs to.
 *
 * It is no secret and gives no right: its values are bound like any other of the client's, within
 * the caller's own tenant. The fingerprint keeps honest clients from mixing up two queries. Pure;
 * any thread. */
#ifndef MUSTER_GRAPH_ODATA_SKIPTOKEN_H
#define MUSTER_GRAPH_ODATA_SKIPTOKEN_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "domain/listing.h"
#include "graph/entity_type.h"

/* Of no text at all. */
#define ODATA_FINGERPRINT_START UINT64_C(0xCBF29CE484222325)

/* The fingerprint with one more text in it: FNV-1a, with the text's end taken in as well. */
uint64_t odata_fingerprint_add(uint64_t fingerprint, struct slice text);

/* The text for the listing's next page. */
struct slice odata_skiptoken_write(struct arena *arena, uint64_t fingerprint, size_t page_size,
                                   const struct listing *listing,
                                   const struct listing_position *position);

/* Fills in the listing's position, whose orders must be known already, and the page size.
 * ERROR_INVALID for a text that this server did not write for this query. */
struct error odata_skiptoken_read(struct arena *arena, struct slice text, uint64_t fingerprint,
                                  const struct entity_type *type, struct listing *listing,
                                  size_t *page_size) MUST_CHECK;

#endif
