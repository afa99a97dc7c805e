-- Reads how often deployments, credentials and their secrets were changed.
-- Parameters: none.
-- Columns: version.
-- Index: the only row.
SELECT version
FROM model_version
