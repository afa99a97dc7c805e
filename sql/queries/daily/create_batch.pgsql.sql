-- Makes the place where this connection puts the sums of a batch before it merges them.
-- Parameters: none.
CREATE TEMPORARY TABLE IF NOT EXISTS batch_daily (LIKE spend_daily) ON COMMIT DELETE ROWS
