-- What becomes of a profile's current token by time alone, in the row that a new token changes in any
-- case: neither needs an index, and a new token writes no page more.
ALTER TABLE profile_states ADD COLUMN current_expires INTEGER; -- NULL: no token, or its end was told
ALTER TABLE profile_states ADD COLUMN current_warned INTEGER NOT NULL DEFAULT 0
    CHECK (current_warned IN (0, 1)); -- it was told that the token is about to expire

-- What expired before this step is history, and is not told any more.
UPDATE profile_states SET current_expires = (
    SELECT k.expires FROM tokens k
    WHERE k.id = profile_states.current_token_id AND k.end_kind = 0
      AND k.expires > (CAST(strftime('%s', 'now') AS INTEGER) + 62135596800) * 10000000
);

-- Who reads the audit from one event to the next, and how far they have come.
CREATE TABLE followers (
    name     TEXT    PRIMARY KEY,
    position INTEGER NOT NULL -- a row of the audit, which may be deleted by now
) STRICT, WITHOUT ROWID;
