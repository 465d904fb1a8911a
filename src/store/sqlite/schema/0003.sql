-- What only profiles of the set androidDeviceOwnerEnrollmentProfiles have; NULL in others. Here and
-- not in profile_states, whose rows stay small, because tokens and devices change none of it.
ALTER TABLE profiles ADD COLUMN enrollment_mode INTEGER;
ALTER TABLE profiles ADD COLUMN enrollment_token_type INTEGER;
ALTER TABLE profiles ADD COLUMN role_scope_tag_ids TEXT; -- a line feed between two
ALTER TABLE profiles ADD COLUMN configure_wifi INTEGER;
ALTER TABLE profiles ADD COLUMN wifi_ssid TEXT;
ALTER TABLE profiles ADD COLUMN wifi_password TEXT;
ALTER TABLE profiles ADD COLUMN wifi_security_type INTEGER;
ALTER TABLE profiles ADD COLUMN wifi_hidden INTEGER;
ALTER TABLE profiles ADD COLUMN is_teams_device_profile INTEGER;
ALTER TABLE profiles ADD COLUMN device_name_template TEXT;

-- By the template of the profile through which it enrolled; NULL: what identifies it.
ALTER TABLE devices ADD COLUMN name TEXT;

-- Of events about profiles: the entity set; NULL for androidForWorkEnrollmentProfiles.
ALTER TABLE audit ADD COLUMN target_set INTEGER;
