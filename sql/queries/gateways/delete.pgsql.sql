-- Takes a gateway off the roll.
-- Parameters: 1 id of its journal.
-- Index: primary key.
DELETE FROM gateways
WHERE journal_id = ?1
