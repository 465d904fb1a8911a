/* Entities and pages of them in an answer: which properties, which context, what stands around
 * them. The loop's thread. */
#ifndef MUSTER_GRAPH_ENTITY_H
#define MUSTER_GRAPH_ENTITY_H

#include "domain/listing.h"
#include "graph/call.h"
#include "graph/entity_type.h"

/* The properties that the client selected, in the schema's order, without braces. */
void entity_write_properties(struct graph_call *call, struct json_writer *writer,
                             const struct entity_type *type, const void *entity);

/* "@odata.context" of one entity of the set, with what was selected. */
void entity_write_context(struct graph_call *call, struct json_writer *writer,
                          const char *set_path);

/* Opens an answer that is a page: context, "@odata.count" where it was asked for, "value": [. */
struct json_writer entity_open_page(struct graph_call *call, const char *set_path,
                                    const struct listing_end *end);

/* Closes it: ], "@odata.nextLink" where there is more; and finishes the call. */
void entity_finish_page(struct graph_call *call, struct json_writer *writer, const char *set_path,
                        const struct listing_end *end);

/* Answers with how many records the filter lets through, in plain text, and finishes the call. */
void entity_answer_count(struct graph_call *call, const struct listing_end *end);

#endif
