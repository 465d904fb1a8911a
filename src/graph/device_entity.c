#include "graph/device_entity.h"

#include "graph/entity.h"

static void write_id(struct graph_call *call, struct json_writer *writer, const void *entity) {
    (void)call;
    const struct device *device = entity;
    json_write_guid(writer, &device->id);
}

static void write_name(struct graph_call *call, struct json_writer *writer, const void *entity) {
    (void)call;
    const struct device *device = entity;
    json_write_optional_text(writer, device->name);
}

static void write_owner_type(struct graph_call *call, struct json_writer *writer,
                             const void *entity) {
    (void)call;
    (void)entity;
    json_write_string(writer, DEVICE_OWNER_TYPE);
}

static void write_enrolled(struct graph_call *call, struct json_writer *writer,
                           const void *entity) {
    (void)call;
    const struct device *device = entity;
    json_write_instant(writer, device->enrolled);
}

static void write_last_sync(struct graph_call *call, struct json_writer *writer,
                            const void *entity) {
    (void)call;
    const struct device *device = entity;
    json_write_instant(writer, device->last_sync);
}

static void write_operating_system(struct graph_call *call, struct json_writer *writer,
                                   const void *entity) {
    (void)call;
    (void)entity;
    json_write_string(writer, DEVICE_OPERATING_SYSTEM);
}

static void write_os_version(struct graph_call *call, struct json_writer *writer,
                             const void *entity) {
    (void)call;
    const struct device *device = entity;
    json_write_optional_text(writer, device->description.os_version);
}

static void write_enrollment_type(struct graph_call *call, struct json_writer *writer,
                                  const void *entity) {
    (void)call;
    (void)entity;
    json_write_string(writer, DEVICE_ENROLLMENT_TYPE);
}

static void write_registration_state(struct graph_call *call, struct json_writer *writer,
                                     const void *entity) {
    (void)call;
    const struct device *device = entity;
    json_write_string(writer, device->state == DEVICE_ENROLLED ? DEVICE_REGISTRATION_ENROLLED
                                                               : DEVICE_REGISTRATION_ENDED);
}

static void write_management_state(struct graph_call *call, struct json_writer *writer,
                                   const void *entity) {
    (void)call;
    const struct device *device = entity;
    json_write_string(writer, device->state == DEVICE_ENROLLED ? DEVICE_MANAGEMENT_ENROLLED
                                                               : DEVICE_MANAGEMENT_ENDED);
}

static void write_model(struct graph_call *call, struct json_writer *writer, const void *entity) {
    (void)call;
    const struct device *device = entity;
    json_write_optional_text(writer, device->description.model);
}

static void write_manufacturer(struct graph_call *call, struct json_writer *writer,
                               const void *entity) {
    (void)call;
    const struct device *device = entity;
    json_write_optional_text(writer, device->description.manufacturer);
}

static void write_imei(struct graph_call *call, struct json_writer *writer, const void *entity) {
    (void)call;
    const struct device *device = entity;
    json_write_optional_text(writer, device->description.imei);
}

static void write_serial_number(struct graph_call *call, struct json_writer *writer,
                                const void *entity) {
    (void)call;
    const struct device *device = entity;
    json_write_optional_text(writer, device->description.serial_number);
}

static void write_profile_name(struct graph_call *call, struct json_writer *writer,
                               const void *entity) {
    (void)call;
    const struct device *device = entity;
    json_write_optional_text(writer, device->profile_name);
}

/* Graph's numbers of what every device is, and of the states that devices have here. */
static const char *choose_owner_type(int64_t number) {
    return number == 1 ? DEVICE_OWNER_TYPE : NULL;
}

static const char *choose_enrollment_type(int64_t number) {
    return number == 15 ? DEVICE_ENROLLMENT_TYPE : NULL;
}

static const char *choose_registration_state(int64_t number) {
    static const char *const states[] = {
        [2] = DEVICE_REGISTRATION_ENROLLED, [3] = DEVICE_REGISTRATION_ENDED};
    return states[number];
}

static const char *choose_management_state(int64_t number) {
    static const char *const states[] = {
        [0] = DEVICE_MANAGEMENT_ENROLLED, [1] = DEVICE_MANAGEMENT_ENDED};
    return states[number];
}

static const struct enum_type owner_type = {"microsoft.graph.managedDeviceOwnerType",
                                            choose_owner_type, 2};
static const struct enum_type enrollment_type = {"microsoft.graph.deviceEnrollmentType",
                                                 choose_enrollment_type, 16};
static const struct enum_type registration_state = {"microsoft.graph.deviceRegistrationState",
                                                    choose_registration_state, 4};
static const struct enum_type management_state = {"microsoft.graph.managementState",
                                                  choose_management_state, 2};

#define USES (ENTITY_FILTER | ENTITY_ORDER)

/* $search looks at the name, which a device has in place of a display name. */
static const struct entity_property properties[] = {
    {.schema = {"id", PROPERTY_STRING, false, false},
     .uses = USES,
     .field = DEVICE_FIELD_ID,
     .field_type = FIELD_GUID,
     .write = write_id},
    {.schema = {"deviceName", PROPERTY_STRING, true, false},
     .uses = USES | ENTITY_SEARCH,
     .field = DEVICE_FIELD_NAME,
     .field_type = FIELD_TEXT,
     .write = write_name},
    {.schema = {"managedDeviceOwnerType", PROPERTY_STRING, false, false},
     .shape = {.enumeration = &owner_type},
     .uses = USES,
     .field = DEVICE_FIELD_OWNER_TYPE,
     .field_type = FIELD_TEXT,
     .write = write_owner_type},
    {.schema = {"enrolledDateTime", PROPERTY_INSTANT, false, false},
     .uses = USES,
     .field = DEVICE_FIELD_ENROLLED,
     .field_type = FIELD_INSTANT,
     .write = write_enrolled},
    {.schema = {"lastSyncDateTime", PROPERTY_INSTANT, false, false},
     .uses = USES,
     .field = DEVICE_FIELD_LAST_SYNC,
     .field_type = FIELD_INSTANT,
     .write = write_last_sync},
    {.schema = {"operatingSystem", PROPERTY_STRING, true, false},
     .uses = USES,
     .field = DEVICE_FIELD_OPERATING_SYSTEM,
     .field_type = FIELD_TEXT,
     .write = write_operating_system},
    {.schema = {"osVersion", PROPERTY_STRING, true, false},
     .uses = USES,
     .field = DEVICE_FIELD_OS_VERSION,
     .field_type = FIELD_TEXT,
     .write = write_os_version},
    {.schema = {"deviceEnrollmentType", PROPERTY_STRING, false, false},
     .shape = {.enumeration = &enrollment_type},
     .uses = USES,
     .field = DEVICE_FIELD_ENROLLMENT_TYPE,
     .field_type = FIELD_TEXT,
     .write = write_enrollment_type},
    {.schema = {"deviceRegistrationState", PROPERTY_STRING, false, false},
     .shape = {.enumeration = &registration_state},
     .uses = USES,
     .field = DEVICE_FIELD_REGISTRATION_STATE,
     .field_type = FIELD_TEXT,
     .write = write_registration_state},
    {.schema = {"managementState", PROPERTY_STRING, false, false},
     .shape = {.enumeration = &management_state},
     .uses = USES,
     .field = DEVICE_FIELD_MANAGEMENT_STATE,
     .field_type = FIELD_TEXT,
     .write = write_management_state},
    {.schema = {"model", PROPERTY_STRING, true, false},
     .uses = USES,
     .field = DEVICE_FIELD_MODEL,
     .field_type = FIELD_TEXT,
     .write = write_model},
    {.schema = {"manufacturer", PROPERTY_STRING, true, false},
     .uses = USES,
     .field = DEVICE_FIELD_MANUFACTURER,
     .field_type = FIELD_TEXT,
     .write = write_manufacturer},
    {.schema = {"imei", PROPERTY_STRING, true, false},
     .uses = USES,
     .field = DEVICE_FIELD_IMEI,
     .field_type = FIELD_TEXT,
     .write = write_imei},
    {.schema = {"serialNumber", PROPERTY_STRING, true, false},
     .uses = USES,
     .field = DEVICE_FIELD_SERIAL_NUMBER,
     .field_type = FIELD_TEXT,
     .write = write_serial_number},
    {.schema = {"enrollmentProfileName", PROPERTY_STRING, true, false},
     .uses = USES,
     .field = DEVICE_FIELD_PROFILE_NAME,
     .field_type = FIELD_TEXT,
     .write = write_profile_name},
};

#define PROPERTY_COUNT (sizeof properties / sizeof properties[0])
_Static_assert(PROPERTY_COUNT <= ENTITY_PROPERTIES_AT_MOST, "a selection has a bit for each");

const struct entity_type device_entity_type = {
    .name = "microsoft.graph.managedDevice",
    .properties = properties,
    .property_count = PROPERTY_COUNT,
};

void device_entity_write(struct graph_call *call, struct json_writer *writer,
                         const struct device *device) {
    graph_call_write_links(call, writer, device_entity_type.name, DEVICE_ENTITY_SET_PATH,
                           &device->id);
    entity_write_properties(call, writer, &device_entity_type, device);
}
