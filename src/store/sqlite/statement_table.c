#include "store/sqlite/statement_table.h"

#include "store/sqlite/columns.h"

/* CROSS JOIN keeps the order of the tables: the one row of the tenant comes first. */
const char *const statement_sql[STATEMENT_COUNT] = {
    [STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
    [STATEMENT_COMMIT] = "COMMIT",

    [STATEMENT_TENANT_FIND] = "SELECT " TENANT_COLUMNS " FROM tenants WHERE account_id = ?",
    [STATEMENT_TENANT_LIST] = "SELECT " TENANT_COLUMNS " FROM tenants ORDER BY id",
    [STATEMENT_TENANT_INSERT] =
        "INSERT INTO tenants (account_id, licensed, name, created) VALUES (?, ?, ?, ?)",
    [STATEMENT_TENANT_SET_LICENSED] = "UPDATE tenants SET licensed = ? WHERE id = ?",

    [STATEMENT_PROFILE_FIND] =
        "SELECT t.id, t.licensed, p.id, p.display_name, p.description, "
        "p.provisioning, s.version, s.last_modified, " OWNER_COLUMNS " FROM tenants t "
        "LEFT JOIN profiles p ON p.guid = ?2 AND p.tenant_id = t.id AND p.entity_set = ?3 "
        "LEFT JOIN profile_states s ON s.profile_id = p.id "
        "WHERE t.account_id = ?1",
    [STATEMENT_PROFILE_GET] =
        "SELECT " PROFILE_COLUMNS " FROM tenants t "
        "CROSS JOIN profiles p ON p.guid = ?2 AND p.tenant_id = t.id AND p.entity_set = ?3 "
        "CROSS JOIN profile_states s ON s.profile_id = p.id "
        "WHERE t.account_id = ?1",
    [STATEMENT_PROFILE_BY_ROW] = "SELECT " PROFILE_COLUMNS " FROM profiles p "
                                 "CROSS JOIN tenants t ON t.id = p.tenant_id "
                                 "CROSS JOIN profile_states s ON s.profile_id = p.id "
                                 "WHERE p.id = ?",
    [STATEMENT_PROFILE_NUMBER] =
        "UPDATE tenants SET profiles_made = profiles_made + 1 WHERE id = ? RETURNING profiles_made",
    [STATEMENT_PROFILE_INSERT] =
        "INSERT INTO profiles (id, tenant_id, entity_set, guid, display_name, created, "
        "description, provisioning, enrollment_mode, enrollment_token_type, role_scope_tag_ids, "
        "configure_wifi, wifi_ssid, wifi_password, wifi_security_type, wifi_hidden, "
        "is_teams_device_profile, device_name_template) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [STATEMENT_PROFILE_UPDATE] =
        "UPDATE profiles SET display_name = ?, description = ?, provisioning = ?, "
        "enrollment_mode = ?, enrollment_token_type = ?, role_scope_tag_ids = ?, "
        "configure_wifi = ?, wifi_ssid = ?, wifi_password = ?, wifi_security_type = ?, "
        "wifi_hidden = ?, is_teams_device_profile = ?, device_name_template = ? WHERE id = ?",
    [STATEMENT_PROFILE_DELETE] = "DELETE FROM profiles WHERE id = ?",

    [STATEMENT_STATE_INSERT] =
        "INSERT INTO profile_states (profile_id, last_modified, version, enrolled_device_count) "
        "VALUES (?, ?, 1, 0)",
    [STATEMENT_STATE_READ] =
        "SELECT version, last_modified, current_token_id, current_expires, current_revoked, "
        "current_told, current_enrollments, overlapping_token_id, overlapping_until "
        "FROM profile_states WHERE profile_id = ?",
    [STATEMENT_STATE_SET_TOKEN] =
        "UPDATE profile_states SET current_token_id = ?1, current_nonce = ?2, "
        "current_created = ?3, current_expires = ?4, current_max_enrollments = ?5, "
        "current_revoked = NULL, current_told = 0, current_enrollments = 0, last_modified = ?3, "
        "version = ?6, overlapping_token_id = ?7, overlapping_until = ?8 WHERE profile_id = ?9",
    [STATEMENT_STATE_TOUCH] =
        "UPDATE profile_states SET last_modified = ?, version = version + 1 WHERE profile_id = ?",
    [STATEMENT_STATE_REVOKE] =
        "UPDATE profile_states SET revoked_through = current_token_id, current_told = 2, "
        "current_revoked = ?, overlapping_token_id = NULL, overlapping_until = NULL "
        "WHERE profile_id = ?",
    [STATEMENT_STATE_COUNT] =
        "UPDATE profile_states SET enrolled_device_count = enrolled_device_count + ?, "
        "current_enrollments = current_enrollments + ?, version = version + 1 "
        "WHERE profile_id = ?",
    [STATEMENT_STATE_TELL] = "UPDATE profile_states SET current_told = ? WHERE profile_id = ?",
    [STATEMENT_STATE_NEWEST] = "SELECT ifnull(max(profile_id), 0) FROM profile_states",
    [STATEMENT_STATE_BEHIND] =
        "SELECT profile_id FROM profile_states WHERE profile_id > ? ORDER BY profile_id "
        "LIMIT 1 OFFSET ?",
    [STATEMENT_STATE_COUNT_WARNED] =
        "SELECT count(*) FROM profile_states WHERE profile_id > ? AND profile_id <= ? "
        "AND current_told = 1",

    [STATEMENT_TOKEN_FIND_PROFILE] =
        "SELECT t.id, t.licensed, p.id, p.display_name FROM tenants t "
        "LEFT JOIN profiles p ON p.guid = ?2 AND p.tenant_id = t.id AND p.entity_set = ?3 "
        "WHERE t.account_id = ?1",
    [STATEMENT_TOKEN_LINK] =
        "SELECT end_kind, live_until, overlapping_token_id, overlapping_until FROM tokens "
        "WHERE id = ?",
    [STATEMENT_TOKEN_SETTLE] = "UPDATE tokens SET enrollments = ? WHERE id = ?",
    [STATEMENT_TOKEN_INSERT] =
        "INSERT INTO tokens (tenant_id, profile_id, nonce, created, expires, live_until, "
        "end_kind, enrollments, max_enrollments) VALUES (?1, ?2, ?3, ?4, ?5, ?5, 0, 0, ?6)",
    [STATEMENT_TOKEN_OVERLAP] =
        "UPDATE tokens SET end_kind = 1, live_until = ?, overlapping_token_id = ?, "
        "overlapping_until = ? WHERE id = ?",
    [STATEMENT_TOKEN_REVOKE] = "UPDATE tokens SET end_kind = 2, live_until = ? WHERE id = ?",
    [STATEMENT_TOKEN_REDEEM] =
        "SELECT k.id, k.nonce, k.created, k.expires, k.live_until, k.end_kind, "
        "iif(k.id = s.current_token_id, s.current_enrollments, k.enrollments), "
        "k.max_enrollments, k.tenant_id, t.licensed, p.id, p.guid, p.display_name, "
        "s.current_token_id, p.device_name_template, p.enrollment_mode, p.entity_set, "
        "t.account_id, s.revoked_through "
        "FROM tokens k LEFT JOIN profiles p ON p.id = k.profile_id "
        "LEFT JOIN profile_states s ON s.profile_id = k.profile_id "
        "LEFT JOIN tenants t ON t.id = k.tenant_id WHERE k.id = ?",
    /* Of one that is not current any more. */
    [STATEMENT_TOKEN_COUNT_ENROLLMENT] =
        "UPDATE tokens SET enrollments = enrollments + 1 WHERE id = ?",
    [STATEMENT_TOKEN_NOTICE] =
        "SELECT k.tenant_id, t.account_id, p.id, p.guid, p.display_name, s.current_expires, "
        "s.current_told, p.entity_set, "
        "s.current_max_enrollments > 0 AND s.current_enrollments >= s.current_max_enrollments "
        "FROM tokens k "
        "CROSS JOIN profile_states s ON s.profile_id = k.profile_id AND s.current_token_id = k.id "
        "CROSS JOIN profiles p ON p.id = k.profile_id "
        "CROSS JOIN tenants t ON t.id = k.tenant_id "
        "WHERE k.id = ? AND s.current_told < 2",
    [STATEMENT_TOKEN_NEWEST] = "SELECT ifnull(max(id), 0) FROM tokens",
    /* In the statement, not behind it: most tokens expire long after the instant asked about, and
     * cost a comparison. */
    [STATEMENT_TOKEN_LIST_NEW] =
        "SELECT id, created, expires, 0 FROM tokens WHERE id > ?1 AND id <= ?2 "
        "AND expires < ?3 + iif(expires - created > ?4, ?4, 0)",
    [STATEMENT_TOKEN_LIST_CURRENT] =
        "SELECT current_token_id, current_created, current_expires, current_told = 1 "
        "FROM profile_states "
        "WHERE profile_id > ?1 AND profile_id <= ?2 AND current_told < 2 "
        "AND current_expires < ?3 + iif(current_told = 1 "
        "OR current_expires - current_created <= ?4 "
        "OR (current_max_enrollments > 0 AND current_enrollments >= current_max_enrollments), "
        "0, ?4)",

    [STATEMENT_DEVICE_FIND] =
        "SELECT t.id, t.licensed, d.id, d.identity, d.state, d.profile_id FROM tenants t "
        "LEFT JOIN devices d ON d.guid = ?2 AND d.tenant_id = t.id WHERE t.account_id = ?1",
    [STATEMENT_DEVICE_BY_IDENTITY] = "SELECT id, guid, token_id, profile_id, name, enrolled "
                                     "FROM devices "
                                     "WHERE tenant_id = ? AND identity_kind = ? AND identity = ?",
    [STATEMENT_DEVICE_BY_ROW] = "SELECT " DEVICE_COLUMNS " FROM devices d "
                                "CROSS JOIN tenants t ON t.id = d.tenant_id "
                                "LEFT JOIN profiles p ON p.id = d.profile_id WHERE d.id = ?",
    [STATEMENT_DEVICE_GET] = "SELECT " DEVICE_COLUMNS " FROM tenants t "
                             "CROSS JOIN devices d ON d.guid = ?2 AND d.tenant_id = t.id "
                             "LEFT JOIN profiles p ON p.id = d.profile_id WHERE t.account_id = ?1",
    [STATEMENT_DEVICE_CREDENTIAL] =
        "SELECT credential_nonce, tenant_id, guid, identity FROM devices WHERE id = ?",
    [STATEMENT_DEVICE_INSERT] =
        "INSERT INTO devices (credential_nonce, profile_id, token_id, last_sync, profile_guid, "
        "profile_name, serial_number, imei, android_id, manufacturer, model, os_version, state, "
        "name, tenant_id, guid, identity_kind, identity, enrolled) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, "
        "?18, ?4)",
    [STATEMENT_DEVICE_RENEW] =
        "UPDATE devices SET credential_nonce = ?, profile_id = ?, token_id = ?, last_sync = ?, "
        "profile_guid = ?, profile_name = ?, serial_number = ?, imei = ?, android_id = ?, "
        "manufacturer = ?, model = ?, os_version = ?, state = ?, name = ? WHERE id = ?",
    [STATEMENT_DEVICE_END] = "UPDATE devices SET credential_nonce = NULL, state = ? WHERE id = ?",
    [STATEMENT_DEVICE_DELETE] = "DELETE FROM devices WHERE id = ?",

    [STATEMENT_AUDIT_INSERT] =
        "INSERT INTO audit (tenant_id, at, activity, result, actor_kind, correlation, "
        "target_guid, target_name, actor_subject, actor_name, actor_application, address, "
        "details, target_set) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [STATEMENT_AUDIT_GET] = "SELECT " AUDIT_COLUMNS " FROM tenants t "
                            "CROSS JOIN audit a ON a.id = ?2 AND a.tenant_id = t.id "
                            "WHERE t.account_id = ?1",
    [STATEMENT_AUDIT_OLDEST] = "SELECT ifnull(min(id), 0) FROM audit",
    [STATEMENT_AUDIT_NEWEST] = "SELECT ifnull(max(id), 0) FROM audit",
    /* The newest row stays, so that its number is never given again. */
    [STATEMENT_AUDIT_TRIM] = "DELETE FROM audit WHERE id < ? AND id < (SELECT max(id) FROM audit) "
                             "AND at < ?",
    [STATEMENT_AUDIT_FOLLOW] =
        "SELECT " AUDIT_COLUMNS ", t.account_id FROM audit a "
        "LEFT JOIN tenants t ON t.id = a.tenant_id "
        "WHERE a.id > ?1 AND a.id <= ?2 AND (?3 >> a.activity) & 1 ORDER BY a.id LIMIT ?4",

    [STATEMENT_FOLLOWER_LIST] = "SELECT name FROM followers WHERE name > ''",
    [STATEMENT_FOLLOWER_GET] = "SELECT position, parts FROM followers WHERE name = ?",
    [STATEMENT_FOLLOWER_INSERT] = "INSERT INTO followers (position, name) VALUES (?, ?)",
    [STATEMENT_FOLLOWER_ADVANCE] =
        "UPDATE followers SET position = max(position, ?1), "
        "parts = CASE WHEN ?1 > position THEN ?2 WHEN ?1 = position THEN parts | ?2 ELSE parts END "
        "WHERE name = ?3",
    [STATEMENT_FOLLOWER_DELETE] = "DELETE FROM followers WHERE name = ?",
};
