#include "graph/routes.h"

#include "graph/audit_entity.h"
#include "graph/audit_resource.h"
#include "graph/batch_resource.h"
#include "graph/device_entity.h"
#include "graph/device_management.h"
#include "graph/device_resource.h"
#include "graph/metadata_resource.h"
#include "graph/profile_entity.h"
#include "graph/profile_resource.h"

#define CONFIGURATION_WRITERS PERMISSION_CONFIGURATION_READ_WRITE
#define CONFIGURATION_READERS (PERMISSION_CONFIGURATION_READ | PERMISSION_CONFIGURATION_READ_WRITE)
#define DEVICE_WRITERS PERMISSION_MANAGED_DEVICES_READ_WRITE
#define DEVICE_READERS (PERMISSION_MANAGED_DEVICES_READ | PERMISSION_MANAGED_DEVICES_READ_WRITE)

#define AUDIT_READERS (PERMISSION_APPS_READ | PERMISSION_APPS_READ_WRITE | CONFIGURATION_READERS)

/* The table of the action's reference: application permission is not supported on /v1.0; the newer
 * reference allows it on /beta. */
static const struct policy_requirement read_configuration = {
    .any_of = CONFIGURATION_READERS, .application_on_v1_0 = false, .application_on_beta = true};
static const struct policy_requirement write_configuration = {
    .any_of = CONFIGURATION_WRITERS, .application_on_v1_0 = false, .application_on_beta = true};
/* Its own reference allows application permission, without a word of versions, as it stands under
 * /beta only. */
static const struct policy_requirement read_device_owner = {
    .any_of = CONFIGURATION_READERS, .application_on_v1_0 = true, .application_on_beta = true};
static const struct policy_requirement write_device_owner = {
    .any_of = CONFIGURATION_WRITERS, .application_on_v1_0 = true, .application_on_beta = true};
static const struct policy_requirement read_devices = {
    .any_of = DEVICE_READERS, .application_on_v1_0 = true, .application_on_beta = true};
static const struct policy_requirement write_devices = {
    .any_of = DEVICE_WRITERS, .application_on_v1_0 = true, .application_on_beta = true};

/* Graph grants it to everybody who may read something behind it. */
static const struct policy_requirement read_any = {
    .any_of = DEVICE_READERS | AUDIT_READERS, /* configuration's are among these */
    .application_on_v1_0 = true,
    .application_on_beta = true};

/* Graph asks for the permission on apps; here the events are about enrollment. */
static const struct policy_requirement read_audit = {
    .any_of = AUDIT_READERS, .application_on_v1_0 = true, .application_on_beta = true};

/* The first pattern that fits is taken: "$count" stands before "{id}". */
static const struct graph_route routes[] = {
    {
        .pattern = "", /* the root itself */
        .is_open = true,
        .operations = {{METHOD_GET, NULL, metadata_resource_list_services}},
    },
    {
        .pattern = "$metadata",
        .is_open = true,
        .answers_xml = true,
        .operations = {{METHOD_GET, NULL, metadata_resource_get}},
    },
    {
        .pattern = "$batch",
        .operations = {{METHOD_POST, NULL, batch_resource_run}},
    },
    {
        .pattern = "deviceManagement",
        .type = &device_management_type,
        .operations = {{METHOD_GET, &read_any, device_management_get}},
    },
    {
        .pattern = "deviceManagement/androidForWorkEnrollmentProfiles",
        .type = &profile_entity_for_work_type,
        .is_collection = true,
        .set = PROFILE_SET_ANDROID_FOR_WORK,
        .operations = {{METHOD_GET, &read_configuration, profile_resource_list},
                       {METHOD_POST, &write_configuration, profile_resource_create}},
    },
    {
        .pattern = "deviceManagement/androidForWorkEnrollmentProfiles/$count",
        .type = &profile_entity_for_work_type,
        .is_count = true,
        .set = PROFILE_SET_ANDROID_FOR_WORK,
        .operations = {{METHOD_GET, &read_configuration, profile_resource_count}},
    },
    {
        .pattern = "deviceManagement/androidForWorkEnrollmentProfiles/{id}",
        .type = &profile_entity_for_work_type,
        .set = PROFILE_SET_ANDROID_FOR_WORK,
        .operations = {{METHOD_GET, &read_configuration, profile_resource_get},
                       {METHOD_PATCH, &write_configuration, profile_resource_update},
                       {METHOD_DELETE, &write_configuration, profile_resource_delete}},
    },
    {
        .pattern = "deviceManagement/androidForWorkEnrollmentProfiles/{id}/createToken",
        .is_action = true,
        .parameters = profile_resource_create_token_parameters,
        .parameter_count = PROFILE_RESOURCE_CREATE_TOKEN_PARAMETER_COUNT,
        .set = PROFILE_SET_ANDROID_FOR_WORK,
        .operations = {{METHOD_POST, &write_configuration, profile_resource_create_token}},
    },
    {
        .pattern = "deviceManagement/androidForWorkEnrollmentProfiles/{id}/revokeToken",
        .is_action = true,
        .set = PROFILE_SET_ANDROID_FOR_WORK,
        .operations = {{METHOD_POST, &write_configuration, profile_resource_revoke_token}},
    },
    {
        .pattern = "deviceManagement/androidDeviceOwnerEnrollmentProfiles",
        .type = &profile_entity_device_owner_type,
        .is_collection = true,
        .set = PROFILE_SET_ANDROID_DEVICE_OWNER,
        .operations = {{METHOD_GET, &read_device_owner, profile_resource_list},
                       {METHOD_POST, &write_device_owner, profile_resource_create}},
    },
    {
        .pattern = "deviceManagement/androidDeviceOwnerEnrollmentProfiles/$count",
        .type = &profile_entity_device_owner_type,
        .is_count = true,
        .set = PROFILE_SET_ANDROID_DEVICE_OWNER,
        .operations = {{METHOD_GET, &read_device_owner, profile_resource_count}},
    },
    {
        .pattern = "deviceManagement/androidDeviceOwnerEnrollmentProfiles/{id}",
        .type = &profile_entity_device_owner_type,
        .set = PROFILE_SET_ANDROID_DEVICE_OWNER,
        .operations = {{METHOD_GET, &read_device_owner, profile_resource_get},
                       {METHOD_PATCH, &write_device_owner, profile_resource_update},
                       {METHOD_DELETE, &write_device_owner, profile_resource_delete}},
    },
    {
        .pattern = "deviceManagement/androidDeviceOwnerEnrollmentProfiles/{id}/createToken",
        .is_action = true,
        .parameters = profile_resource_create_token_parameters,
        .parameter_count = PROFILE_RESOURCE_CREATE_TOKEN_PARAMETER_COUNT,
        .set = PROFILE_SET_ANDROID_DEVICE_OWNER,
        .operations = {{METHOD_POST, &write_device_owner, profile_resource_create_token}},
    },
    {
        .pattern = "deviceManagement/androidDeviceOwnerEnrollmentProfiles/{id}/revokeToken",
        .is_action = true,
        .set = PROFILE_SET_ANDROID_DEVICE_OWNER,
        .operations = {{METHOD_POST, &write_device_owner, profile_resource_revoke_token}},
    },
    {
        .pattern = "deviceManagement/managedDevices",
        .type = &device_entity_type,
        .is_collection = true,
        .operations = {{METHOD_GET, &read_devices, device_resource_list}},
    },
    {
        .pattern = "deviceManagement/managedDevices/$count",
        .type = &device_entity_type,
        .is_count = true,
        .operations = {{METHOD_GET, &read_devices, device_resource_count}},
    },
    {
        .pattern = "deviceManagement/managedDevices/{id}",
        .type = &device_entity_type,
        .operations = {{METHOD_GET, &read_devices, device_resource_get},
                       {METHOD_DELETE, &write_devices, device_resource_delete}},
    },
    {
        .pattern = "deviceManagement/managedDevices/{id}/retire",
        .is_action = true,
        .operations = {{METHOD_POST, &write_devices, device_resource_retire}},
    },
    {
        .pattern = "deviceManagement/auditEvents",
        .type = &audit_entity_type,
        .is_collection = true,
        .operations = {{METHOD_GET, &read_audit, audit_resource_list}},
    },
    {
        .pattern = "deviceManagement/auditEvents/$count",
        .type = &audit_entity_type,
        .is_count = true,
        .operations = {{METHOD_GET, &read_audit, audit_resource_count}},
    },
    {
        .pattern = "deviceManagement/auditEvents/{id}",
        .type = &audit_entity_type,
        .operations = {{METHOD_GET, &read_audit, audit_resource_get}},
    },
};

#define ROUTE_COUNT (sizeof routes / sizeof routes[0])

static struct slice unqualified(const struct graph_route *route, struct slice segment) {
    static const struct slice namespace = {"microsoft.graph.", sizeof "microsoft.graph." - 1};
    return route->is_action && slice_starts_with(segment, namespace)
               ? slice_skip(segment, namespace.length)
               : segment;
}

/* How many segments of the address the pattern matches, and whether it matches as a whole. */
static size_t match(const struct graph_route *route, const struct graph_address *address,
                    size_t *key_segment, bool *whole) {
    /* The root's pattern has no segment, not an empty one. */
    struct slice rest =
        route->pattern[0] == '\0' ? (struct slice){0} : slice_from_string(route->pattern);
    struct slice expected = {0};
    size_t matched = 0;
    *key_segment = SIZE_MAX;
    *whole = false;
    while (slice_cut(&rest, '/', &expected)) {
        if (matched == address->segment_count)
            return matched;
        struct slice segment = address->segments[matched];
        if (slice_equals(expected, SLICE("{id}")))
            *key_segment = matched;
        else if ((address->keys & 1U << matched) != 0 ||
                 !slice_equals_ignoring_case(
                     expected, rest.data == NULL ? unqualified(route, segment) : segment))
            return matched;
        matched++;
    }
    *whole = matched == address->segment_count;
    return matched;
}

struct error routes_find(const struct graph_address *address, const struct graph_route **route,
                         size_t *key_segment) {
    size_t longest = 0;
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        bool whole = false;
        size_t matched = match(&routes[i], address, key_segment, &whole);
        if (whole) {
            *route = &routes[i];
            return error_none();
        }
        if (matched > longest)
            longest = matched;
    }
    if (longest == address->segment_count)
        return error_make(ERROR_INVALID, "The address ends too early: name a resource behind it, "
                                         "such as deviceManagement/"
                                         "androidForWorkEnrollmentProfiles.");
    return error_make(ERROR_INVALID, "Resource not found for the segment '%.*s'.",
                      SLICE_PRINTF(address->segments[longest]));
}

const struct graph_operation *routes_find_operation(const struct graph_route *route,
                                                    enum request_method method) {
    if (method == METHOD_HEAD)
        method = METHOD_GET;
    for (size_t i = 0; i < ROUTE_OPERATIONS_AT_MOST && route->operations[i].handle != NULL; i++) {
        if (route->operations[i].method == method)
            return &route->operations[i];
    }
    return NULL;
}

const struct graph_route *routes_all(size_t *count) {
    *count = ROUTE_COUNT;
    return routes;
}

bool routes_is_singleton(const struct graph_route *route) {
    return route->type != NULL && !route->is_collection && strchr(route->pattern, '/') == NULL;
}

unsigned routes_allowed_methods(const struct graph_route *route) {
    unsigned allowed = 0;
    for (size_t i = 0; i < ROUTE_OPERATIONS_AT_MOST && route->operations[i].handle != NULL; i++) {
        allowed |= METHOD_BIT(route->operations[i].method);
        if (route->operations[i].method == METHOD_GET)
            allowed |= METHOD_BIT(METHOD_HEAD);
    }
    return allowed;
}
