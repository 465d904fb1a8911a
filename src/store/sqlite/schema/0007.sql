-- A profile's row tells its tenant and set, (tenant << 34) + (set << 32), and its number, which its
-- tenant never gives again: so the profiles of a tenant lie side by side, in the order of their
-- creation, and a page of them is a page or two of the file, without an index. A token names its
-- profile by the row, and must never find another one there.
ALTER TABLE tenants ADD COLUMN profiles_made INTEGER NOT NULL DEFAULT 0;

CREATE TEMP TABLE moved (old_id INTEGER PRIMARY KEY, new_id INTEGER NOT NULL) STRICT;
INSERT INTO moved
    SELECT id, (tenant_id << 34) + (entity_set << 32)
        + row_number() OVER (PARTITION BY tenant_id ORDER BY id)
    FROM profiles;

UPDATE tenants SET profiles_made = made.number
FROM (SELECT tenant_id, count(*) AS number FROM profiles GROUP BY tenant_id) AS made
WHERE made.tenant_id = tenants.id;

CREATE TABLE new_profiles (
    id           INTEGER PRIMARY KEY,
    tenant_id    INTEGER NOT NULL REFERENCES tenants (id) CHECK (tenant_id < 1 << 29),
    entity_set   INTEGER NOT NULL CHECK (entity_set BETWEEN 1 AND 3),
    guid         BLOB    NOT NULL UNIQUE CHECK (length(guid) = 16),
    display_name TEXT    NOT NULL,
    created      INTEGER NOT NULL,
    description  TEXT,
    provisioning TEXT, -- settings over the server's: JSON, or NULL for none
    -- Of the set androidDeviceOwnerEnrollmentProfiles only; NULL in others.
    enrollment_mode          INTEGER,
    enrollment_token_type    INTEGER,
    role_scope_tag_ids       TEXT, -- a line feed between two
    configure_wifi           INTEGER,
    wifi_ssid                TEXT,
    wifi_password            TEXT,
    wifi_security_type       INTEGER,
    wifi_hidden              INTEGER,
    is_teams_device_profile  INTEGER,
    device_name_template     TEXT,
    CHECK (id > (tenant_id << 34) + (entity_set << 32)
           AND id < (tenant_id << 34) + ((entity_set + 1) << 32))
) STRICT;

INSERT INTO new_profiles
    SELECT new_id, tenant_id, entity_set, guid, display_name, created, description, provisioning,
           enrollment_mode, enrollment_token_type, role_scope_tag_ids, configure_wifi, wifi_ssid,
           wifi_password, wifi_security_type, wifi_hidden, is_teams_device_profile,
           device_name_template
    FROM (SELECT * FROM moved ORDER BY new_id) CROSS JOIN profiles ON profiles.id = old_id;

-- The current token stands with its profile, so that reading a profile needs no other row, and a
-- device that redeems it changes none. Its row in tokens is brought up to date when a newer one
-- takes its place, or the profile goes; only its revocation is written to both at once.
CREATE TABLE new_profile_states (
    profile_id              INTEGER PRIMARY KEY REFERENCES new_profiles (id) ON DELETE CASCADE,
    last_modified           INTEGER NOT NULL,
    version                 INTEGER NOT NULL, -- grows with every change of what a client sees
    enrolled_device_count   INTEGER NOT NULL CHECK (enrolled_device_count >= 0),
    current_token_id        INTEGER, -- NULL, as what follows: there never was one
    current_nonce           BLOB,
    current_created         INTEGER,
    current_expires         INTEGER,
    current_revoked         INTEGER, -- NULL: it was not
    current_told            INTEGER  -- of its expiry: 0: nothing, 1: that it is near, 2: all
        CHECK (current_told IN (0, 1, 2)),
    current_enrollments     INTEGER,
    current_max_enrollments INTEGER,
    -- The newest token that was replaced with an overlap, and the instant from which neither it
    -- nor any older one is live.
    overlapping_token_id    INTEGER,
    overlapping_until       INTEGER,
    -- The newest token that was current when the profile's tokens were revoked: neither it nor any
    -- older one is live, whatever their rows say. NULL: they never were.
    revoked_through         INTEGER
) STRICT;

INSERT INTO new_profile_states
    SELECT new_id, last_modified, version, enrolled_device_count, k.id, k.nonce, k.created,
           k.expires, iif(k.end_kind = 2, k.live_until, NULL),
           iif(k.id IS NULL, NULL, iif(current_expires IS NULL, 2, current_warned)), k.enrollments,
           k.max_enrollments, s.overlapping_token_id, s.overlapping_until, revoked_through
    FROM (SELECT * FROM moved ORDER BY new_id)
    CROSS JOIN profile_states s ON s.profile_id = old_id
    LEFT JOIN tokens k ON k.id = s.current_token_id;

-- Those of profiles that are gone keep the old numbers, which are nobody's now. Without a condition,
-- for which SQLite would list all rows in memory first; OR ROLLBACK, so that it keeps no page as it
-- was to undo the statement alone.
UPDATE OR ROLLBACK tokens
    SET profile_id = coalesce((SELECT new_id FROM moved WHERE old_id = profile_id), profile_id);
UPDATE OR ROLLBACK devices
    SET profile_id = coalesce((SELECT new_id FROM moved WHERE old_id = profile_id), profile_id);

DROP TABLE profile_states;
DROP TABLE profiles;
ALTER TABLE new_profiles RENAME TO profiles;
ALTER TABLE new_profile_states RENAME TO profile_states;
DROP TABLE temp.moved;
