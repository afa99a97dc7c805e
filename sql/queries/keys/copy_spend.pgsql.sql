-- Takes what the calls of a batch cost, a line for each key.
-- Parameters: none; the columns in order come after it.
COPY batch_keys (amount_nanos, key_ref)
FROM STDIN
