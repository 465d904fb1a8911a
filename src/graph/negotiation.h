/* What a client accepts: Accept as Graph reads it (RFC 9110 12.5.1, OData JSON Format 4.01 section
 * 3). Pure; any thread. */
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

/* The same for an answer that is text/plain: ERROR_NOT_ACCEPTABLE when neither plain text nor JSON
 * is among what the client takes. Clients that ask for JSON everywhere get their number, too. */
struct error negotiation_check_plain_text(const struct request *request) MUST_CHECK;

/* The same for an answer that is XML, which $format may ask for, too. */
struct error negotiation_check_xml(const struct request *request) MUST_CHECK;

#endif
