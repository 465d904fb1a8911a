/* An audit event in the form of Graph's auditEvent. */
#ifndef MUSTER_GRAPH_AUDIT_ENTITY_H
#define MUSTER_GRAPH_AUDIT_ENTITY_H

#include "domain/audit.h"
#include "graph/call.h"

extern const char audit_entity_set_path[];

/* Writes the members of the entity into the object that is open. */
void audit_entity_write(struct graph_call *call, struct json_writer *writer,
                        const struct audit_record *record);

#endif
