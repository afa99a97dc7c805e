-- Reads the number that changes with every change of a rate limit.
-- Parameters: none.
-- Columns: version.
-- Index: primary key.
SELECT version
FROM rate_limit_version
WHERE id = 1
