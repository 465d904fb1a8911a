/* The columns of domain objects, as statements select them and row.h reads them. */
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
    "s.last_modified, s.enrolled_device_count, k.id, k.nonce, k.created, k.expires, "              \
    "k.live_until, k.end_kind, k.enrollments, k.max_enrollments, p.provisioning, " OWNER_COLUMNS
#define DEVICE_COLUMNS                                                                             \
    "d.id, d.guid, t.account_id, d.serial_number, d.imei, d.android_id, d.manufacturer, d.model, " \
    "d.os_version, d.state, d.profile_guid, coalesce(p.display_name, d.profile_name), "            \
    "d.enrolled, d.last_sync, coalesce(d.name, d.identity)"
#define AUDIT_COLUMNS                                                                              \
    "a.id, a.at, a.activity, a.result, a.actor_kind, a.correlation, a.target_guid, "               \
    "a.target_name, a.actor_subject, a.actor_name, a.actor_application, a.address, a.details, "    \
    "a.target_set"
#define TENANT_COLUMNS "id, account_id, name, licensed, created"

#endif
