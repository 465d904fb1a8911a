/* What a client accepts and what it sends: Accept and Content-Type as Graph reads them
 * (RFC 9110 12.5.1 and 8.3, OData JSON Format 4.01 section 3). Pure; any thread. */
#ifndef MUSTER_GRAPH_NEGOTIATION_H
#define MUSTER_GRAPH_NEGOTIATION_H

#include "base/error.h"
#include "message/request.h"

/* How much control information an answer carries: the odata.metadata parameter. */
enum odata_metadata {
    ODATA_METADATA_MINIMAL,
    ODATA_METADATA_NONE,
    ODATA_METADATA_FULL,
};

/* Reads Accept. ERROR_NOT_ACCEPTABLE when JSON is not among what the client takes. */
struct error negotiation_read_accept(const struct request *request,
                                     enum odata_metadata *metadata) MUST_CHECK;

/* Checks that a body, where there is one, says that it is JSON in UTF-8.
 * ERROR_UNSUPPORTED_MEDIA_TYPE otherwise. */
struct error negotiation_check_content_type(const struct request *request) MUST_CHECK;

#endif
