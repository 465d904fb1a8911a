-- Fills a new database, whose schema muster has made, with many tenants, profiles, tokens and
-- devices. Parameters: @tenants, @profiles, @tokens_per_profile, @now (ticks).
--
-- Everything lies as if it had come in over time: profiles of all tenants in turn, every profile's
-- first token, every profile's second token, and so on; GUIDs grow with the rows.
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -1000000;
BEGIN;

CREATE TEMP TABLE given AS SELECT coalesce(max(id), 0) AS tenants_before FROM tenants;

INSERT INTO tenants (account_id, licensed, name, created)
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < @tenants)
SELECT randomblob(16), 1, 'Tenant ' || n, @now FROM numbers;

INSERT INTO profiles (tenant_id, entity_set, guid, display_name, created)
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < @profiles),
guids (guid) AS (SELECT CAST(x'018f' || randomblob(14) AS BLOB) AS guid FROM numbers ORDER BY guid)
SELECT tenants_before + 1 + row_number() OVER () % @tenants, 1, guid,
       'Profile ' || row_number() OVER (), @now
FROM guids, given;

INSERT INTO profile_states
    (profile_id, current_token_id, current_expires, last_modified, version, enrolled_device_count)
SELECT id, (@tokens_per_profile - 1) * @profiles + id, @now + 864000000000 * 365, @now,
       1 + @tokens_per_profile, 1
FROM profiles;

INSERT INTO tokens (id, tenant_id, profile_id, nonce, created, expires, live_until, end_kind,
                    enrollments, max_enrollments)
WITH RECURSIVE rounds (r) AS
    (SELECT 0 UNION ALL SELECT r + 1 FROM rounds WHERE r + 1 < @tokens_per_profile)
SELECT r * @profiles + p.id, p.tenant_id, p.id, randomblob(8), @now,
       @now + 864000000000 * 365, @now + 864000000000 * 365, 0, r + 1 = @tokens_per_profile, 0
FROM rounds CROSS JOIN profiles p ORDER BY r, p.id;

INSERT INTO devices (tenant_id, guid, identity_kind, identity, state, credential_nonce, profile_id,
                     token_id, enrolled, last_sync, profile_guid, profile_name, serial_number,
                     manufacturer, model, os_version)
SELECT p.tenant_id, CAST(substr(p.guid, 1, 6) || randomblob(10) AS BLOB), 'S', 'GROWN' || p.id, 1,
       randomblob(8), p.id, s.current_token_id, @now, @now, p.guid, p.display_name,
       'GROWN' || p.id, 'Google', 'Pixel 8', '16'
FROM profiles p CROSS JOIN profile_states s ON s.profile_id = p.id ORDER BY p.id;

COMMIT;
