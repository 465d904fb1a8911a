-- The first schema. Rows are keyed by ever-growing integers, so that tables grow at their end;
-- randomness stays in columns. Instants are ticks of 100 ns since 0001-01-01T00:00:00Z.

-- So that a file of another application is not taken for one of ours: "MSTR".
PRAGMA application_id = 1297306706;

CREATE TABLE tenants (
    id         INTEGER PRIMARY KEY,
    account_id BLOB    NOT NULL UNIQUE CHECK (length(account_id) = 16),
    licensed   INTEGER NOT NULL CHECK (licensed IN (0, 1)),
    name       TEXT    NOT NULL,
    created    INTEGER NOT NULL
) STRICT;

-- AUTOINCREMENT: a token names its profile by the row, and must never find another one there.
CREATE TABLE profiles (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id    INTEGER NOT NULL REFERENCES tenants (id),
    entity_set   INTEGER NOT NULL,
    guid         BLOB    NOT NULL UNIQUE CHECK (length(guid) = 16),
    display_name TEXT    NOT NULL,
    created      INTEGER NOT NULL,
    description  TEXT
) STRICT;

-- Holds the id, too, behind its columns: lists come in the order of creation.
CREATE INDEX profiles_by_tenant ON profiles (tenant_id, entity_set);

-- What tokens and devices change of their profile. Apart from its texts, because these rows are so
-- small that one page holds more than a hundred: a commit writes every page that it touched.
CREATE TABLE profile_states (
    profile_id            INTEGER PRIMARY KEY REFERENCES profiles (id) ON DELETE CASCADE,
    current_token_id      INTEGER,          -- NULL: there never was one
    last_modified         INTEGER NOT NULL,
    version               INTEGER NOT NULL, -- grows with every change of what a client sees
    enrolled_device_count INTEGER NOT NULL CHECK (enrolled_device_count >= 0),
    -- The newest token that was replaced with an overlap, and the instant from which neither it
    -- nor any older one is live.
    overlapping_token_id  INTEGER,
    overlapping_until     INTEGER
) STRICT;

-- No second index: a new token touches the end of this table only. A row stays for good, also when
-- its profile goes. A token that has not ended but is not its profile's current one either was
-- replaced at once.
CREATE TABLE tokens (
    id                INTEGER PRIMARY KEY,
    tenant_id         INTEGER NOT NULL,
    profile_id        INTEGER NOT NULL,
    nonce             BLOB    NOT NULL,
    created           INTEGER NOT NULL,
    expires           INTEGER NOT NULL,
    live_until        INTEGER NOT NULL, -- the expiry, or the earlier end
    end_kind          INTEGER NOT NULL,
    enrollments       INTEGER NOT NULL,
    max_enrollments   INTEGER NOT NULL,
    -- Of one that was replaced with an overlap: the next older such token, and the instant from
    -- which neither that one nor any older one is live.
    overlapping_token_id INTEGER,
    overlapping_until    INTEGER
) STRICT;

-- AUTOINCREMENT: a credential names its device by the row.
CREATE TABLE devices (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id        INTEGER NOT NULL REFERENCES tenants (id),
    guid             BLOB    NOT NULL UNIQUE CHECK (length(guid) = 16),
    identity_kind    TEXT    NOT NULL,
    identity         TEXT    NOT NULL,
    state            INTEGER NOT NULL,
    credential_nonce BLOB,             -- NULL: not enrolled any more
    profile_id       INTEGER NOT NULL, -- may be gone by now
    token_id         INTEGER NOT NULL, -- redeemed last
    enrolled         INTEGER NOT NULL,
    last_sync        INTEGER NOT NULL,
    profile_guid     BLOB    NOT NULL,
    profile_name     TEXT    NOT NULL, -- when it enrolled
    serial_number    TEXT,
    imei             TEXT,
    android_id       TEXT,
    manufacturer     TEXT,
    model            TEXT,
    os_version       TEXT,
    UNIQUE (tenant_id, identity_kind, identity)
) STRICT;

CREATE INDEX devices_by_tenant ON devices (tenant_id);

-- Append-only. Without an index by tenant, which would cost every change a page of its own.
CREATE TABLE audit (
    id                INTEGER PRIMARY KEY,
    tenant_id         INTEGER,          -- NULL: nobody's, such as an unknown token
    at                INTEGER NOT NULL,
    activity          INTEGER NOT NULL,
    result            INTEGER NOT NULL, -- 0: done, 1: refused
    actor_kind        INTEGER NOT NULL,
    correlation       BLOB,
    target_guid       BLOB,
    target_name       TEXT,
    actor_subject     TEXT,
    actor_name        TEXT,
    actor_application TEXT,
    address           TEXT,
    details           TEXT              -- JSON
) STRICT;
