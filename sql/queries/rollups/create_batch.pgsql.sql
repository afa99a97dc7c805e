-- Makes the place where this connection puts the sums of a batch before it merges them.
-- Parameters: none.
CREATE TEMPORARY TABLE IF NOT EXISTS batch_rollups (LIKE spend_rollups) ON COMMIT DELETE ROWS
