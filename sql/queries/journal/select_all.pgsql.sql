-- Reads how far every journal is applied.
-- Parameters: none.
-- Columns: id, applied.
-- Index: none; there is a row for each gateway.
SELECT id, applied
FROM journals
