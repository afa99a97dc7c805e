-- Notes that a migration was applied.
-- Parameters: 1 version, 2 time in milliseconds.
INSERT INTO schema_version (version, applied_at)
VALUES (?1, ?2)
