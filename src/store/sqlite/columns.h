/* The columns of domain objects, as statements select them and row.h reads them; and where the rows
 * of profiles lie. */
#ifndef MUSTER_STORE_SQLITE_COLUMNS_H
#define MUSTER_STORE_SQLITE_COLUMNS_H

/* In the order in which the functions of row.h take them; these in that of enum
 * device_owner_member. */
#define OWNER_COLUMNS                                                                              \
    "p.enrollment_mode, p.enrollment_token_type, p.role_scope_tag_ids, p.configure_wifi, "         \
    "p.wifi_ssid, p.wifi_password, p.wifi_security_type, p.wifi_hidden, "                          \
    "p.is_teams_device_profile, p.device_name_template"
#define PROFILE_COLUMNS                                                                            \
    "p.id, p.guid, t.account_id, p.entity_set, p.display_name, p.description, p.created, "         \
    "s.last_modified, s.enrolled_device_count, s.current_token_id, s.current_nonce, "              \
    "s.current_created, s.current_expires, s.current_revoked, "                                    \
    "iif(s.current_revoked IS NULL, 0, 2), s.current_enrollments, s.current_max_enrollments, "     \
    "p.provisioning, s.version, " OWNER_COLUMNS
#define DEVICE_COLUMNS                                                                             \
    "d.id, d.guid, t.account_id, d.serial_number, d.imei, d.android_id, d.manufacturer, d.model, " \
    "d.os_version, d.state, d.profile_guid, coalesce(p.display_name, d.profile_name), "            \
    "d.enrolled, d.last_sync, coalesce(d.name, d.identity)"
#define AUDIT_COLUMNS                                                                              \
    "a.id, a.at, a.activity, a.result, a.actor_kind, a.correlation, a.target_guid, "               \
    "a.target_name, a.actor_subject, a.actor_name, a.actor_application, a.address, a.details, "    \
    "a.target_set"
#define TENANT_COLUMNS "id, account_id, name, licensed, created"

/* A profile's row is (tenant << 34) + (set << 32) + its number, which is at least 1. The tenant's
 * row is below 2^29 then, a set at most 3, and a number below 2^32; the schema checks all three. */
#define PROFILE_ROW_TENANT_SHIFT 34
#define PROFILE_ROW_SET_SHIFT 32
/* Before the first row of a tenant's profiles of a set, which is a parameter. */
#define PROFILE_ROWS_BEGIN "((t.id << 34) + (? << 32))"
#define PROFILE_ROWS_COUNT "(1 << 32)"

#endif
