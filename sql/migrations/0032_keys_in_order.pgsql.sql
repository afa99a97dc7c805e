-- The same version as SQLite, which has an index to sort the keys of a search by. Here nothing is new.
-- Reason: PostgreSQL finds the words of a search by an index on the column itself, which knows nothing of an order. The
--   planner is told how many keys there are.

ANALYZE virtual_keys;
