-- A profile's provisioning settings over the server's: JSON, or NULL for none.
ALTER TABLE profiles ADD COLUMN provisioning TEXT;
