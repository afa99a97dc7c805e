-- Reads how often organisations, teams, users and service accounts were changed.
-- Parameters: none.
-- Columns: version.
-- Index: the only row.
SELECT version
FROM directory_version
