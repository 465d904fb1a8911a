/* An enrollment profile of either entity set as Graph shows it. */
#ifndef MUSTER_GRAPH_PROFILE_ENTITY_H
#define MUSTER_GRAPH_PROFILE_ENTITY_H

#include "domain/profile.h"
#include "graph/call.h"
#include "graph/entity_type.h"
#include "service/codes.h"

/* "deviceManagement/androidForWorkEnrollmentProfiles" */
const char *profile_entity_set_path(enum profile_set set);

/* Both types share their common properties. */
extern const struct entity_type profile_entity_for_work_type;
extern const struct entity_type profile_entity_device_owner_type;
const struct entity_type *profile_entity_type(enum profile_set set)
    __attribute__((returns_nonnull));

/* Whom the answer is for: a caller who may only read profiles learns no Wi-Fi password, neither as
 * a property nor within a code. */
enum codes_reader profile_entity_reader(const struct graph_call *call);

/* The members of the entity, without the braces: control information for one entity where the
 * client wants it, then the properties that it selected in the schema's order. In a list the QR
 * picture is left out unless it is selected by name, as it takes long to draw (qrCodeImage is
 * null), and so are annotations of ours. */
void profile_entity_write(struct graph_call *call, struct json_writer *writer,
                          const struct profile *profile);

#endif
