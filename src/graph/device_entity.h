/* A managed device as Graph shows it. */
#ifndef MUSTER_GRAPH_DEVICE_ENTITY_H
#define MUSTER_GRAPH_DEVICE_ENTITY_H

#include "base/json_writer.h"
#include "domain/device.h"
#include "graph/call.h"
#include "graph/entity_type.h"

#define DEVICE_ENTITY_SET_PATH "deviceManagement/managedDevices"

extern const struct entity_type device_entity_type;

/* The members of the entity, without the braces: control information for one entity where the
 * client wants it, then the properties that it selected in the schema's order. */
void device_entity_write(struct graph_call *call, struct json_writer *writer,
                         const struct device *device);

#endif
