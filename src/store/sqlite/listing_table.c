#include "store/sqlite/listing_table.h"

#include "domain/audit.h"
#include "domain/device.h"
#include "domain/profile.h"
#include "store/sqlite/columns.h"

/* A GUID's bytes as Graph writes it. */
#define GUID_AS_TEXT(column)                                                                       \
    "lower(substr(hex(" column "), 1, 8) || '-' || substr(hex(" column "), 9, 4) || '-' || "       \
    "substr(hex(" column "), 13, 4) || '-' || substr(hex(" column "), 17, 4) || '-' || "           \
    "substr(hex(" column "), 21))"

#define BY_STATE(enrolled, ended) "CASE d.state WHEN 1 THEN '" enrolled "' ELSE '" ended "' END"
_Static_assert(DEVICE_ENROLLED == 1, "BY_STATE names the number that is stored");

/* SQLite's hex() makes an empty text of NULL. */
#define NULLABLE_GUID_AS_TEXT(column)                                                              \
    "CASE WHEN " column " IS NOT NULL THEN " GUID_AS_TEXT(column) " END"

static const struct listing_field profile_fields[PROFILE_FIELD_COUNT] = {
    [PROFILE_FIELD_ACCOUNT_ID] = {"t.account_id", GUID_AS_TEXT("t.account_id"), FIELD_GUID, false},
    [PROFILE_FIELD_ID] = {"p.guid", GUID_AS_TEXT("p.guid"), FIELD_GUID, false},
    [PROFILE_FIELD_DISPLAY_NAME] = {"p.display_name", NULL, FIELD_TEXT, false},
    [PROFILE_FIELD_DESCRIPTION] = {"p.description", NULL, FIELD_TEXT, true},
    [PROFILE_FIELD_CREATED] = {"p.created", NULL, FIELD_INSTANT, false},
    [PROFILE_FIELD_LAST_MODIFIED] = {"s.last_modified", NULL, FIELD_INSTANT, false},
    /* token_effective_expiry, and INSTANT_NEVER where there never was a token. */
    [PROFILE_FIELD_TOKEN_EXPIRATION] = {"coalesce(s.current_revoked, s.current_expires, 0)", NULL,
                                        FIELD_INSTANT, false},
    [PROFILE_FIELD_ENROLLED_DEVICE_COUNT] = {"s.enrolled_device_count", NULL, FIELD_INTEGER, false},
    [PROFILE_FIELD_TOKEN_CREATED] = {"coalesce(s.current_created, 0)", NULL, FIELD_INSTANT, false},
    [PROFILE_FIELD_TOKEN_ENROLLMENTS] = {"coalesce(s.current_enrollments, 0)", NULL, FIELD_INTEGER,
                                         false},
    [PROFILE_FIELD_ENROLLMENT_MODE] = {"p.enrollment_mode", NULL, FIELD_INTEGER, false},
    [PROFILE_FIELD_ENROLLMENT_TOKEN_TYPE] = {"p.enrollment_token_type", NULL, FIELD_INTEGER, false},
    [PROFILE_FIELD_CONFIGURE_WIFI] = {"p.configure_wifi", NULL, FIELD_BOOLEAN, false},
    [PROFILE_FIELD_WIFI_SSID] = {"p.wifi_ssid", NULL, FIELD_TEXT, true},
    [PROFILE_FIELD_WIFI_SECURITY_TYPE] = {"p.wifi_security_type", NULL, FIELD_INTEGER, false},
    [PROFILE_FIELD_WIFI_HIDDEN] = {"p.wifi_hidden", NULL, FIELD_BOOLEAN, false},
    [PROFILE_FIELD_IS_TEAMS_DEVICE_PROFILE] = {"p.is_teams_device_profile", NULL, FIELD_BOOLEAN,
                                               false},
};

/* CROSS JOIN keeps the order of the tables: the one row of the tenant comes first, and its
 * profiles, or its devices by their index, in the order of their rows. */
const struct listing_source listing_of_profiles = {
    .columns = PROFILE_COLUMNS,
    .from = " FROM tenants t CROSS JOIN profiles p "
            "CROSS JOIN profile_states s ON s.profile_id = p.id WHERE t.account_id = ? "
            "AND p.id < " PROFILE_ROWS_BEGIN " + " PROFILE_ROWS_COUNT
            " AND p.id > max(" PROFILE_ROWS_BEGIN ", ?)",
    .parameter_count = 3,
    .begins_behind_row = true,
    .row = "p.id",
    .fields = profile_fields,
};

static const struct listing_field device_fields[DEVICE_FIELD_COUNT] = {
    [DEVICE_FIELD_ID] = {"d.guid", GUID_AS_TEXT("d.guid"), FIELD_GUID, false},
    [DEVICE_FIELD_NAME] = {"coalesce(d.name, d.identity)", NULL, FIELD_TEXT, false},
    [DEVICE_FIELD_OWNER_TYPE] = {"'" DEVICE_OWNER_TYPE "'", NULL, FIELD_TEXT, false},
    [DEVICE_FIELD_ENROLLED] = {"d.enrolled", NULL, FIELD_INSTANT, false},
    [DEVICE_FIELD_LAST_SYNC] = {"d.last_sync", NULL, FIELD_INSTANT, false},
    [DEVICE_FIELD_OPERATING_SYSTEM] = {"'" DEVICE_OPERATING_SYSTEM "'", NULL, FIELD_TEXT, false},
    [DEVICE_FIELD_OS_VERSION] = {"d.os_version", NULL, FIELD_TEXT, true},
    [DEVICE_FIELD_ENROLLMENT_TYPE] = {"'" DEVICE_ENROLLMENT_TYPE "'", NULL, FIELD_TEXT, false},
    [DEVICE_FIELD_REGISTRATION_STATE] = {BY_STATE(DEVICE_REGISTRATION_ENROLLED,
                                                  DEVICE_REGISTRATION_ENDED),
                                         NULL, FIELD_TEXT, false},
    [DEVICE_FIELD_MANAGEMENT_STATE] = {BY_STATE(DEVICE_MANAGEMENT_ENROLLED,
                                                DEVICE_MANAGEMENT_ENDED),
                                       NULL, FIELD_TEXT, false},
    [DEVICE_FIELD_MODEL] = {"d.model", NULL, FIELD_TEXT, true},
    [DEVICE_FIELD_MANUFACTURER] = {"d.manufacturer", NULL, FIELD_TEXT, true},
    [DEVICE_FIELD_IMEI] = {"d.imei", NULL, FIELD_TEXT, true},
    [DEVICE_FIELD_SERIAL_NUMBER] = {"d.serial_number", NULL, FIELD_TEXT, true},
    [DEVICE_FIELD_PROFILE_NAME] = {"coalesce(p.display_name, d.profile_name)", NULL, FIELD_TEXT,
                                   false},
};

const struct listing_source listing_of_devices = {
    .columns = DEVICE_COLUMNS,
    .from = " FROM tenants t CROSS JOIN devices d ON d.tenant_id = t.id "
            "LEFT JOIN profiles p ON p.id = d.profile_id WHERE t.account_id = ?",
    .parameter_count = 1,
    .row = "d.id",
    .fields = device_fields,
};

static const struct listing_field audit_fields[AUDIT_FIELD_COUNT] = {
    [AUDIT_FIELD_AT] = {"a.at", NULL, FIELD_INSTANT, false},
    [AUDIT_FIELD_ACTIVITY] = {"a.activity", NULL, FIELD_INTEGER, false},
    [AUDIT_FIELD_REFUSED] = {"a.result", NULL, FIELD_INTEGER, false},
    [AUDIT_FIELD_CORRELATION] = {"a.correlation", NULLABLE_GUID_AS_TEXT("a.correlation"),
                                 FIELD_GUID, true},
};

/* There is no index by tenant: '+' says so to SQLite, which would make one for the query. */
const struct listing_source listing_of_events = {
    .columns = AUDIT_COLUMNS,
    .from = " FROM tenants t CROSS JOIN audit a WHERE t.account_id = ? AND +a.tenant_id = t.id",
    .parameter_count = 1,
    .row = "a.id",
    .newest_first = true,
    .fields = audit_fields,
};

const struct listing_source listing_of_unowned_events = {
    .columns = AUDIT_COLUMNS,
    .from = " FROM audit a WHERE a.tenant_id IS NULL AND a.id < ? AND a.id >= ?",
    .parameter_count = 2,
    .row = "a.id",
    .newest_first = true,
    .fields = audit_fields,
};

const struct listing_source listing_of_recent_events = {
    .columns = AUDIT_COLUMNS,
    .from = " FROM tenants t CROSS JOIN audit a WHERE t.account_id = ? AND +a.tenant_id = t.id "
            "AND a.id < ? AND a.id >= ?",
    .parameter_count = 3,
    .row = "a.id",
    .newest_first = true,
    .fields = audit_fields,
};
