/* An enrollment profile as Graph shows it, and what a client may write of it. */
#ifndef MUSTER_GRAPH_PROFILE_ENTITY_H
#define MUSTER_GRAPH_PROFILE_ENTITY_H

#include <jansson.h>

#include "base/error.h"
#include "domain/profile.h"
#include "graph/call.h"
#include "graph/entity_type.h"

/* "deviceManagement/androidForWorkEnrollmentProfiles" */
const char *profile_entity_set_path(enum profile_set set);

extern const struct entity_type profile_entity_type;

/* The profile's entity tag, in the arena (graph/etag.h). */
struct slice profile_entity_tag(struct graph_call *call, const struct profile *profile);

/* The members of the entity, without the braces: control information for one entity where the
 * client wants it, then the properties that it selected in the schema's order. In a list the QR
 * picture is left out unless it is selected by name, as it takes long to draw (qrCodeImage is
 * null), and so are annotations of ours. */
void profile_entity_write(struct graph_call *call, struct json_writer *writer,
                          const struct profile *profile);

/* Reads the body of POST or PATCH. Properties that the server owns are checked and ignored. Texts
 * are copied into the exchange's arena. */
struct error profile_entity_read(struct graph_call *call, const json_t *body,
                                 struct profile_changes *changes) MUST_CHECK;

#endif
