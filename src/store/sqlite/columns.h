/* The columns of domain objects, as statements select them and row.h reads them. */
#ifndef MUSTER_STORE_SQLITE_COLUMNS_H
#define MUSTER_STORE_SQLITE_COLUMNS_H

/* In the order in which the functions of row.h take them. */
#define PROFILE_COLUMNS                                                                            \
    "p.id, p.guid, t.account_id, p.entity_set, p.display_name, p.description, p.created, "         \
    "s.last_modified, s.enrolled_device_count, k.id, k.nonce, k.created, k.expires, "              \
    "k.live_until, k.end_kind, k.enrollments, k.max_enrollments, p.provisioning, s.version"
#define DEVICE_COLUMNS                                                                             \
    "d.id, d.guid, t.account_id, d.serial_number, d.imei, d.android_id, d.manufacturer, d.model, " \
    "d.os_version, d.state, d.profile_guid, coalesce(p.display_name, d.profile_name), "            \
    "d.enrolled, d.last_sync"
#define AUDIT_COLUMNS                                                                              \
    "a.id, a.at, a.activity, a.result, a.actor_kind, a.correlation, a.target_guid, "               \
    "a.target_name, a.actor_subject, a.actor_name, a.actor_application, a.address, a.details"
#define TENANT_COLUMNS "id, account_id, name, licensed, created"

#endif
