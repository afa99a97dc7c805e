-- What a key has spent is the sum of its days, as it is for teams and users, and no longer a column of its own.
-- Reason: a batch of calls by thousands of keys had to write thousands of pages once more than needed.

ALTER TABLE virtual_keys DROP COLUMN spend_nanos;
