/* The properties of an androidDeviceOwnerEnrollmentProfile that other profiles do not have: how
 * each is written into an answer, and how it is read from a body. The entity is a struct profile.
 * The loop's thread. */
#ifndef MUSTER_GRAPH_DEVICE_OWNER_ENTITY_H
#define MUSTER_GRAPH_DEVICE_OWNER_ENTITY_H

#include <jansson.h>

#include "base/error.h"
#include "domain/device_owner.h"
#include "graph/call.h"
#include "graph/entity_type.h"

typedef void device_owner_writer(struct graph_call *call, struct json_writer *writer,
                                 const void *entity);

device_owner_writer device_owner_write_enrollment_mode;
device_owner_writer device_owner_write_enrollment_token_type;
device_owner_writer device_owner_write_token_created;
device_owner_writer device_owner_write_token_usage;
device_owner_writer device_owner_write_role_scope_tag_ids;
device_owner_writer device_owner_write_configure_wifi;
device_owner_writer device_owner_write_wifi_ssid;
/* Null for callers who may only read: see profile_entity_reader(). */
device_owner_writer device_owner_write_wifi_password;
device_owner_writer device_owner_write_wifi_security_type;
device_owner_writer device_owner_write_wifi_hidden;
device_owner_writer device_owner_write_is_teams_device_profile;
device_owner_writer device_owner_write_device_name_template;

/* Whether the property is one of enum device_owner_member. */
bool device_owner_entity_owns(const struct entity_property *property);

/* Takes the value, which has passed property_check_type(), into the changes. Texts are copied into
 * the exchange's arena. ERROR_INVALID for what is no member of the property's enumeration. */
struct error device_owner_entity_take(struct graph_call *call,
                                      const struct entity_property *property, const json_t *value,
                                      struct device_owner_changes *changes) MUST_CHECK;

#endif
