-- Makes the place where this connection puts what the calls of a batch cost before it adds that to the keys.
-- Parameters: none.
CREATE TEMPORARY TABLE IF NOT EXISTS batch_keys (
    amount_nanos BIGINT NOT NULL,
    key_ref BIGINT NOT NULL
) ON COMMIT DELETE ROWS
