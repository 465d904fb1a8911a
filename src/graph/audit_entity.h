/* An audit event in the form of Graph's auditEvent. */
#ifndef MUSTER_GRAPH_AUDIT_ENTITY_H
#define MUSTER_GRAPH_AUDIT_ENTITY_H

#include "domain/audit.h"
#include "graph/call.h"
#include "graph/entity_type.h"

#define AUDIT_ENTITY_SET_PATH "deviceManagement/auditEvents"

extern const struct entity_type audit_entity_type;

/* Writes the members of the entity that the client selected into the object that is open. */
void audit_entity_write(struct graph_call *call, struct json_writer *writer,
                        const struct audit_record *record);

#endif
