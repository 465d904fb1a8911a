-- What a follower is done with of the row behind its position, which may tell it of more than one
-- thing: bits, as the follower numbers them.
ALTER TABLE followers ADD COLUMN parts INTEGER NOT NULL DEFAULT 0;
