#include "graph/routes.h"

#include "graph/audit_entity.h"
#include "graph/audit_resource.h"
#include "graph/device_entity.h"
#include "graph/device_resource.h"
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
static const struct policy_requirement read_devices = {
    .any_of = DEVICE_READERS, .application_on_v1_0 = true, .application_on_beta = true};
static const struct policy_requirement write_devices = {
    .any_of = DEVICE_WRITERS, .application_on_v1_0 = true, .application_on_beta = true};

/* Graph asks for the permission on apps; here the events are about enrollment. */
static const struct policy_requirement read_audit = {
    .any_of = AUDIT_READERS, .application_on_v1_0 = true, .application_on_beta = true};

/* The first pattern that fits is taken: "$count" stands before "{id}". */
static const struct graph_route routes[] = {
    {
        .pattern = "deviceManagement/androidForWorkEnrollmentProfiles",
        .type = &profile_entity_type,
        .is_collection = true,
        .set = PROFILE_SET_ANDROID_FOR_WORK,
        .operations = {{METHOD_GET, &read_configuration, profile_resource_list},
                       {METHOD_POST, &write_configuration, profile_resource_create}},
    },
    {
        .pattern = "deviceManagement/androidForWorkEnrollmentProfiles/$count",
        .type = &profile_entity_type,
        .is_count = true,
        .set = PROFILE_SET_ANDROID_FOR_WORK,
        .operations = {{METHOD_GET, &read_configuration, profile_resource_count}},
    },
    {
        .pattern = "deviceManagement/androidForWorkEnrollmentProfiles/{id}",
        .type = &profile_entity_type,
        .set = PROFILE_SET_ANDROID_FOR_WORK,
        .operations = {{METHOD_GET, &read_configuration, profile_resource_get},
                       {METHOD_PATCH, &write_configuration, profile_resource_update},
                       {METHOD_DELETE, &write_configuration, profile_resource_delete}},
    },
    {
        .pattern = "deviceManagement/androidForWorkEnrollmentProfiles/{id}/createToken",
        .is_action = true,
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
    struct slice rest = slice_from_string(route->pattern);
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
        else if (!slice_equals_ignoring_case(
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

unsigned routes_allowed_methods(const struct graph_route *route) {
    unsigned allowed = 0;
    for (size_t i = 0; i < ROUTE_OPERATIONS_AT_MOST && route->operations[i].handle != NULL; i++) {
        allowed |= METHOD_BIT(route->operations[i].method);
        if (route->operations[i].method == METHOD_GET)
            allowed |= METHOD_BIT(METHOD_HEAD);
    }
    return allowed;
}
