-- What keys the members of a team may make for themselves.
-- Reason: whether they may at all, how many, with how much money and for how long is the team's to say; nobody may until
-- it is said.

ALTER TABLE teams ADD COLUMN self_service TEXT NOT NULL DEFAULT '{}';
