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

CREATE TEMP TABLE grown AS
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < @profiles),
guids (guid) AS (SELECT CAST(x'018f' || randomblob(14) AS BLOB) AS guid FROM numbers ORDER BY guid)
SELECT row_number() OVER () AS n, guid, tenants_before + 1 + row_number() OVER () % @tenants AS tenant
FROM guids, given;

INSERT INTO profiles (id, tenant_id, entity_set, guid, display_name, created)
SELECT (tenant << 34) + (1 << 32) + 1 + (n / @tenants), tenant, 1, guid, 'Profile ' || n, @now
FROM grown ORDER BY tenant, n;

UPDATE tenants SET profiles_made = 1 + @profiles / @tenants FROM given WHERE id > tenants_before;

INSERT INTO tokens (id, tenant_id, profile_id, nonce, created, expires, live_until, end_kind,
                    enrollments, max_enrollments)
WITH RECURSIVE rounds (r) AS
    (SELECT 0 UNION ALL SELECT r + 1 FROM rounds WHERE r + 1 < @tokens_per_profile)
SELECT r * @profiles + n, tenant, (tenant << 34) + (1 << 32) + 1 + (n / @tenants), randomblob(8),
       @now, @now + 864000000000 * 365, @now + 864000000000 * 365, 0, 0, 0
FROM rounds CROSS JOIN grown ORDER BY r, n;

INSERT INTO profile_states
    (profile_id, last_modified, version, enrolled_device_count, current_token_id, current_nonce,
     current_created, current_expires, current_told, current_enrollments, current_max_enrollments)
SELECT k.profile_id, @now, 1 + @tokens_per_profile, 1, k.id, k.nonce, k.created, k.expires, 0, 1, 0
FROM grown g CROSS JOIN tokens k ON k.id = (@tokens_per_profile - 1) * @profiles + g.n
ORDER BY k.profile_id;

INSERT INTO devices (tenant_id, guid, identity_kind, identity, state, credential_nonce, profile_id,
                     token_id, enrolled, last_sync, profile_guid, profile_name, serial_number,
                     manufacturer, model, os_version)
SELECT tenant, CAST(substr(guid, 1, 6) || randomblob(10) AS BLOB), 'S', 'GROWN' || n, 1,
       randomblob(8), k.profile_id, k.id, @now, @now, guid, 'Profile ' || n, 'GROWN' || n, 'Google',
       'Pixel 8', '16'
FROM grown CROSS JOIN tokens k ON k.id = (@tokens_per_profile - 1) * @profiles + n ORDER BY n;

COMMIT;
