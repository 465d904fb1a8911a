-- The newest token that was current when the profile's tokens were revoked: neither it nor any older
-- one is live, whatever their rows say. NULL: they never were.
ALTER TABLE profile_states ADD COLUMN revoked_through INTEGER;

-- A revocation before this step marked the current token, and of the others those that it found.
UPDATE profile_states SET
    revoked_through = revoked.newest,
    overlapping_token_id = iif(overlapping_token_id > revoked.newest, overlapping_token_id, NULL),
    overlapping_until = iif(overlapping_token_id > revoked.newest, overlapping_until, NULL)
FROM (SELECT profile_id AS profile, max(id) AS newest FROM tokens WHERE end_kind = 2
      GROUP BY profile_id) AS revoked
WHERE profile_id = revoked.profile;
