-- Has this connection told of every change of keys, budgets and rate limits, by any process.
-- Parameters: none.
-- Index: none.
LISTEN deltallm_changes
